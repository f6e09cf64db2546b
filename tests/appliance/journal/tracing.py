"""What a process did to the files of a folder, from strace's record of its system calls."""

import re
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

TRACED = "openat,pwrite64,write,ftruncate,fsync,fdatasync,unlink,rename"
_LINE = re.compile(r"(?:\d+ +)?(\w+)\((.*)\) += \d")
_HEX = r"((?:\\x..)*)"
_CALLS = {
    "write": re.compile(rf'(\d+)<{_HEX}>, "{_HEX}", \d+'),
    "pwrite64": re.compile(rf'(\d+)<{_HEX}>, "{_HEX}", \d+, (\d+)'),
    "openat": re.compile(rf'()\S+, "{_HEX}", \S*O_CREAT'),
    "ftruncate": re.compile(rf"(\d+)<{_HEX}>, (\d+)"),
    "fsync": re.compile(rf"(\d+)<{_HEX}>"),
    "fdatasync": re.compile(rf"(\d+)<{_HEX}>"),
    "unlink": re.compile(rf'()"{_HEX}"'),
    "rename": re.compile(rf'()"{_HEX}", "{_HEX}"'),
}


class Op(NamedTuple):
    """One system call that changed a file, or an acknowledgement."""

    kind: str
    """write, truncate, sync, remove, rename, create, ack, purge."""
    name: str = ""
    offset: int = 0
    data: bytes = b""
    to: str = ""


def record(command: Sequence[str], trace: Path) -> None:
    """Runs a command and writes down its system calls."""
    strace = ["strace", "-f", "-y", "-xx", "-s", "1000000", "-e", f"trace={TRACED}"]
    subprocess.run([*strace, "-o", str(trace), *command], check=True, stdout=subprocess.DEVNULL)


def operations(trace: Path, folder: Path) -> list[Op]:
    """What the trace says of the files in a folder, in order."""
    ops: list[Op] = []
    with trace.open() as lines:
        for line in lines:
            call = _LINE.match(line)
            found = _CALLS[call[1]].match(call[2]) if call else None
            if call and found:
                ops += _operation(call[1], found, f"{folder}/")
    return ops


def _operation(call: str, found: re.Match[str], folder: str) -> Iterator[Op]:
    path = _bytes(found[2]).decode("utf-8", "replace")
    if call == "write" and found[1] == "1":
        kind, number = _bytes(found[3]).decode().split()
        yield Op(kind, offset=int(number))
        return
    if not path.startswith(folder) or path.endswith("-shm"):
        return
    name = path.removeprefix(folder)
    if call == "write":
        yield Op("write", name, -1, _bytes(found[3]))
    elif call == "pwrite64":
        yield Op("write", name, int(found[4]), _bytes(found[3]))
    elif call == "openat":
        yield Op("create", name)
    elif call == "ftruncate":
        yield Op("truncate", name, int(found[3]))
    elif call == "unlink":
        yield Op("remove", name)
    elif call == "rename":
        yield Op("rename", name, to=_bytes(found[3]).decode().removeprefix(folder))
    else:
        yield Op("sync", name)


def _bytes(told: str) -> bytes:
    return bytes.fromhex(told.replace("\\x", ""))
