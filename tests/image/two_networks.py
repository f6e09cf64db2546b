"""A unit behind the card's rules, and a neighbour on its network: who reaches whom."""

import ctypes
import os
import socket
import subprocess
import sys
import threading

UNIT, NEIGHBOUR, PORT = "10.9.0.1", "10.9.0.2", 8080


def run(*command: str) -> None:
    subprocess.run(command, check=True)


def answer(server: socket.socket) -> None:
    while True:
        server.accept()[0].close()


def listening(address: str) -> socket.socket:
    server = socket.create_server((address, PORT))
    threading.Thread(target=answer, args=(server,), daemon=True).start()
    return server


def reaches(address: str) -> str:
    try:
        socket.create_connection((address, PORT), timeout=2).close()
    except TimeoutError:
        return "silence"
    return "answered"


def neighbour(ready: int, go: int) -> None:
    """In a namespace of its own; its end of the cable comes from the other side."""
    _unshare()
    os.write(ready, b"1")
    os.read(go, 1)
    run("ip", "address", "add", f"{NEIGHBOUR}/24", "dev", "theirs")
    run("ip", "link", "set", "theirs", "up")
    server = listening(NEIGHBOUR)
    os.write(ready, b"1")
    os.read(go, 1)
    os.write(ready, reaches(UNIT).encode())
    server.close()


def _unshare() -> None:
    # os.unshare is of Python 3.12.
    if ctypes.CDLL(None, use_errno=True).unshare(0x40000000):
        raise OSError(ctypes.get_errno(), "unshare")


def main(rules: str) -> None:
    (heard, ready), (go, tell) = os.pipe(), os.pipe()
    child = os.fork()
    if not child:
        neighbour(ready, go)
        os._exit(0)
    os.read(heard, 1)
    run("ip", "link", "add", "ours", "type", "veth", "peer", "name", "theirs", "netns", str(child))
    run("ip", "address", "add", f"{UNIT}/24", "dev", "ours")
    run("ip", "link", "set", "ours", "up")
    run("nft", "-f", rules)
    os.write(tell, b"1")
    os.read(heard, 1)
    server = listening(UNIT)
    sys.stdout.write(f"out: {reaches(NEIGHBOUR)}\n")
    os.write(tell, b"1")
    sys.stdout.write(f"in: {os.read(heard, 20).decode()}\n")
    server.close()
    os.waitpid(child, 0)


if __name__ == "__main__":
    main(sys.argv[1])
