"""Receives the states that a runtime sends for seccomp notifications, and prints each as one line of JSON.

Usage: receive-seccomp.py SOCKET; ends when stdin is closed. The descriptors are closed at once, so that the system
calls that wait for an answer fail with ENOSYS.
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


def receive(connection):
    """All of one connection: in which message the descriptors came, and whether the other side has closed it."""
    payload = b""
    with_descriptors = []
    kinds = []
    while True:
        data, ancillary, _, _ = connection.recvmsg(65536, socket.CMSG_SPACE(64))
        if not data and not ancillary:
            break
        for level, kind, content in ancillary:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                numbers = array.array("i")
                numbers.frombytes(content[: len(content) - len(content) % numbers.itemsize])
                kinds += [os.readlink(f"/proc/self/fd/{number}") for number in numbers]
                with_descriptors.append(payload == b"")
                for number in numbers:
                    os.close(number)
        payload += data
    return {"payload": payload.decode(), "descriptors": kinds, "first": all(with_descriptors)}


selector = selectors.DefaultSelector()
selector.register(listener, selectors.EVENT_READ)
selector.register(0, selectors.EVENT_READ)
while True:
    for key, _ in selector.select():
        if key.fd == 0:
            sys.exit(0)
        connection, _ = listener.accept()
        print(json.dumps(receive(connection)), flush=True)
        connection.close()
