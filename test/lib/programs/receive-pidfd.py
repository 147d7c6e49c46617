"""Receives a pidfd over a socket, as an engine does: prints one line of JSON that says whose it is.

Usage: receive-pidfd.py SOCKET
"""
import array
import json
import re
import socket
import sys

listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
listener.bind(sys.argv[1])
listener.listen()
print("listening", flush=True)
connection, _ = listener.accept()
descriptors = array.array("i")
data, ancillary, _, _ = connection.recvmsg(4096, socket.CMSG_SPACE(64))
for level, kind, payload in ancillary:
    if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
        descriptors.frombytes(payload[: len(payload) - len(payload) % descriptors.itemsize])
with open(f"/proc/self/fdinfo/{descriptors[0]}") as info:
    pid = int(re.search(r"^Pid:\s*(-?\d+)", info.read(), re.M)[1])
print(json.dumps({"name": data.decode(), "descriptors": len(descriptors), "pid": pid}), flush=True)
