"""Receives a terminal over a socket, as an engine does: prints one line of JSON, then what comes out of it.

Usage: receive-terminal.py SOCKET; what is written to stdin goes to the terminal.
"""
import array
import json
import os
import selectors
import socket
import sys

listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
listener.bind(sys.argv[1])
listener.listen()
print("listening", flush=True)
connection, _ = listener.accept()
descriptors = array.array("i")
data, ancillary, _, _ = connection.recvmsg(4096, socket.CMSG_SPACE(16))
for level, kind, payload in ancillary:
    if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
        descriptors.frombytes(payload[: len(payload) - len(payload) % descriptors.itemsize])
master = descriptors[0]
facts = {"name": data.decode(), "descriptors": len(descriptors), "isatty": os.isatty(master)}
print(json.dumps(facts), flush=True)

selector = selectors.DefaultSelector()
selector.register(master, selectors.EVENT_READ, 1)
selector.register(0, selectors.EVENT_READ, master)
while True:
    for key, _ in selector.select():
        try:
            chunk = os.read(key.fd, 4096)
        except OSError:
            # EIO: the last process has closed the other end.
            chunk = b""
        if chunk:
            os.write(key.data, chunk)
        elif key.fd == master:
            sys.exit(0)
        else:
            selector.unregister(0)
