"""Receives notifications, as a service manager does: prints one line of JSON for each datagram.

Usage: receive-notify.py SOCKET, a path or an abstract name behind an @. Descriptors are closed as soon as they are
there, which is what a barrier waits for.
"""
import array
import json
import os
import socket
import sys

listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
name = sys.argv[1]
listener.bind("\0" + name[1:] if name.startswith("@") else name)
print("listening", flush=True)
while True:
    data, ancillary, _, _ = listener.recvmsg(4096, socket.CMSG_SPACE(64))
    descriptors = array.array("i")
    for level, kind, payload in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            descriptors.frombytes(payload[: len(payload) - len(payload) % descriptors.itemsize])
    print(json.dumps({"data": data.decode(), "descriptors": len(descriptors)}), flush=True)
    for descriptor in descriptors:
        os.close(descriptor)
