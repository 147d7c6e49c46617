/* Says which signals come, a number a line, until it is killed. */
#include <signal.h>
#include <stdio.h>

int main(void) {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, NULL);
  setvbuf(stdout, NULL, _IOLBF, 0);
  printf("ready\n");
  for (;;) {
    int signal = sigwaitinfo(&all, NULL);
    if (signal > 0) printf("%d\n", signal);
  }
}
