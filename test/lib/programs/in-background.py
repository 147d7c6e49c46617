"""Runs a command in the background of a new terminal, then brings it to the foreground.

Usage: in-background.py COMMAND …; says "stopped" when the command was stopped, and in the end its exit status as JSON.
"""
import json
import os
import pty
import signal
import sys

leader, master = pty.fork()
if leader == 0:
    pid = os.fork()
    if pid == 0:
        os.setpgid(0, 0)
        os.execvp(sys.argv[1], sys.argv[1:])
    os.setpgid(pid, pid)
    _, status = os.waitpid(pid, os.WUNTRACED)
    if os.WIFSTOPPED(status):
        print("stopped", flush=True)
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        os.tcsetpgrp(0, pid)
        os.killpg(pid, signal.SIGCONT)
        _, status = os.waitpid(pid, 0)
        os.tcsetpgrp(0, os.getpid())
    print(json.dumps({"status": os.waitstatus_to_exitcode(status)}), flush=True)
    os._exit(0)

try:
    while True:
        os.write(1, os.read(master, 4096))
except OSError:
    pass
os.waitpid(leader, 0)
