/* The only file of a container: shows that nothing else is needed. */
#include <stdio.h>
#include <unistd.h>

int main(void) {
  char name[65] = "";
  gethostname(name, sizeof name - 1);
  printf("pid %d uid %d on %s\n", (int)getpid(), (int)getuid(), name);
  return 0;
}
