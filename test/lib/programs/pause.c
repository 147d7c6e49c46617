/* Does nothing until it is killed, and has done nothing that could change what /proc shows of it. */
#include <unistd.h>

int main(void) {
  for (;;) pause();
}
