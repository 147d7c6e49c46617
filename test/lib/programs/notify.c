/* Sends each argument as a notification to NOTIFY_SOCKET, then does nothing until it is killed; "end" ends it. */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(int argc, char **argv) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  const char *name = getenv("NOTIFY_SOCKET");
  int sender = socket(AF_UNIX, SOCK_DGRAM, 0);
  if (name == NULL || strlen(name) >= sizeof address.sun_path) return 2;
  strcpy(address.sun_path, name);
  for (int index = 1; index < argc; index++) {
    if (strcmp(argv[index], "end") == 0) return 0;
    if (sendto(sender, argv[index], strlen(argv[index]), 0, (struct sockaddr *)&address, sizeof address) < 0) return 3;
  }
  for (;;) pause();
}
