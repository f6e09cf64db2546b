"""Plays RAUC by the words that 1.13 was seen to say; a bundle is JSON that tells what happens.

Writes no slot and judges no signature; puts the other slot first by the real `escale-slots`, as
RAUC does. `test_rauc.py` has the real one.
"""

import json
import subprocess
import sys
from pathlib import Path

SIGNATURE = "signature verification failed: Verify error: self-signed certificate"


def main(slots: list[str], verb: str, *rest: str) -> int:
    """`slots`: the command that knows the slots."""
    path = rest[-1]
    if (verb, *rest) == ("status", "mark-bad", "other"):
        return mark_bad(slots)
    if not Path(path).exists():
        sys.stderr.write(f"No such file: {path}\n")
        return 1
    bundle = json.loads(Path(path).read_text())
    if verb == "info":
        return info(bundle)
    other = not_running(slots)
    subprocess.run([*slots, "set-state", other, "bad"], check=True)
    say("installing", "  0% Installing", " 40% Copying image to rootfs.1")
    if bundle.get("cut"):
        return 1
    if bundle.get("fails"):
        say("100% Installing failed.", f"LastError: {bundle['fails']}", "Installing failed")
        return 1
    subprocess.run([*slots, "set-primary", other], check=True)
    say("100% Installing done.", "idle", f"Installing `{path}` succeeded")
    return 0


def not_running(slots: list[str]) -> str:
    current = subprocess.run([*slots, "get-current"], capture_output=True, text=True).stdout.strip()
    return "B" if current == "A" else "A"


def mark_bad(slots: list[str]) -> int:
    subprocess.run([*slots, "set-state", not_running(slots), "bad"], check=True)
    say("rauc status: marked slot rootfs.1 as bad")
    return 0


def info(bundle: dict[str, str]) -> int:
    if bundle.get("signer", "release") != "release":
        sys.stderr.write(f"rauc-Message: Reading bundle\n{SIGNATURE}\n")
        return 1
    update = {name: bundle.get(name, "") for name in ("version", "compatible", "build")}
    meta = {"escale": {"journal": bundle["journal"]}} if "journal" in bundle else {}
    say(json.dumps({"update": update, "images": [], "meta": meta}))
    return 0


def say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1]), *sys.argv[2:]))
