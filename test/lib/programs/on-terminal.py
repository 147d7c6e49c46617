"""Runs a command on a new terminal, and tells afterwards whether the terminal is as it was.

Usage: on-terminal.py COMMAND …; stdin goes to the terminal, what comes out of it to stdout. A chunk of stdin that
is "\\x01resize ROWS COLUMNS\\n" changes the size of the terminal. The last line is JSON: the exit status, and whether
the modes of the terminal are the same as before.
"""
import fcntl
import json
import os
import pty
import selectors
import struct
import sys
import termios

master, slave = pty.openpty()


def resize(rows, columns):
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


resize(20, 50)
before = termios.tcgetattr(slave)
pid = os.fork()
if pid == 0:
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    for descriptor in (0, 1, 2):
        os.dup2(slave, descriptor)
    os.closerange(3, 100)
    os.execvp(sys.argv[1], sys.argv[1:])

pidfd = os.pidfd_open(pid)
selector = selectors.DefaultSelector()
for descriptor in (master, 0, pidfd):
    selector.register(descriptor, selectors.EVENT_READ)
running = True
while running:
    # The terminal first: what the command has written before its end comes out before the end is told.
    for key, _ in sorted(selector.select(), key=lambda item: item[0].fd == pidfd):
        if key.fd == pidfd:
            running = False
        elif key.fd == master:
            os.write(1, os.read(master, 4096))
        else:
            chunk = os.read(0, 4096)
            if not chunk:
                selector.unregister(0)
            elif chunk.startswith(b"\x01resize "):
                resize(*map(int, chunk.split()[1:]))
            else:
                os.write(master, chunk)
os.set_blocking(master, False)
try:
    while True:
        os.write(1, os.read(master, 4096))
except OSError:
    pass
_, status = os.waitpid(pid, 0)
same = termios.tcgetattr(slave) == before
print(json.dumps({"status": os.waitstatus_to_exitcode(status), "same": same}), flush=True)
