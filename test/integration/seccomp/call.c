// Makes system calls as told, and prints what came of each: `call 83:0:448 32/39:0` is call 83 with these two arguments,
// then call 39 by the gate for 32-bit programs.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static long call32(long number, long argument) {
#ifdef __x86_64__
  long result;
  __asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "b"(argument) : "memory", "r8", "r9", "r10", "r11");
  if (result >= 0) return result;
  errno = (int)-result;
#else
  (void)number, (void)argument;
  errno = ENOTSUP;
#endif
  return -1;
}

int main(int count, char** words) {
  for (int index = 1; index < count; index++) {
    char* word = words[index];
    int narrow = strncmp(word, "32/", 3) == 0;
    unsigned long numbers[7] = {0};
    char* next = word + (narrow ? 3 : 0);
    for (int place = 0; place < 7 && next != NULL; place++) {
      numbers[place] = strtoul(next, &next, 0);
      next = *next == ':' ? next + 1 : NULL;
    }
    errno = 0;
    long result = narrow ? call32((long)numbers[0], (long)numbers[1])
                         : syscall((long)numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], numbers[6]);
    if (result < 0) {
      printf("%s\n", strerrorname_np(errno));
    } else {
      printf("%ld\n", result);
    }
    fflush(stdout);
  }
  return 0;
}
