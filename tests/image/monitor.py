"""QEMU's control socket: one question, one answer. Knows nothing of cards."""

import json
import socket
from pathlib import Path
from typing import Any

from tests.support import eventually

ENDED = '{"error": "QEMU has ended"}'


class Monitor:
    """A machine's QMP, spoken by one thread."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(120)  # a busy machine answers late
        eventually(lambda: self._reaches(path), 30, f"QEMU opens {path}")
        self._lines = self._socket.makefile("rw", encoding="utf-8")
        self._lines.readline()  # its greeting
        self.ask("qmp_capabilities")

    def ask(self, command: str, **arguments: Any) -> Any:
        """What QEMU returns; fails with its words when it refuses. Events are passed over."""
        answer = self._exchange(command, arguments)
        assert "error" not in answer, (command, answer["error"])
        return answer["return"]

    def refused(self, command: str, **arguments: Any) -> str:
        """Why QEMU does not do it; "": it has."""
        return str(self._exchange(command, arguments).get("error", ""))

    def _exchange(self, command: str, arguments: dict[str, Any]) -> dict[str, Any]:
        told = {"execute": command, **({"arguments": arguments} if arguments else {})}
        self._lines.write(json.dumps(told) + "\n")
        self._lines.flush()
        while True:
            answer: dict[str, Any] = json.loads(self._lines.readline() or ENDED)
            if "return" in answer or "error" in answer:
                return answer

    def close(self) -> None:
        """May be called twice."""
        self._lines.close()
        self._socket.close()

    def _reaches(self, path: Path) -> bool:
        try:
            self._socket.connect(str(path))
        except OSError:
            return False
        return True
