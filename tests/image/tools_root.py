"""The programs that `image_build.sh tools` fetched, run where they lie, by anybody.

Each is started through the tools root's own loader: this machine's Debian does not matter, and
nothing is mounted or entered.
"""

import os
import subprocess
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
BUILD = REPOSITORY / os.environ.get("BUILD", "build/image")
ROOT = BUILD / "tools"
U_BOOT = ROOT / "usr/lib/u-boot/qemu_arm64/u-boot.bin"
LIBRARIES = ROOT / "usr/lib/x86_64-linux-gnu"
MISSING = "the tools root is not here: ./image_build.sh tools makes it (a minute, as root)"


def there() -> bool:
    """Whether the tools root has been made."""
    return U_BOOT.exists() and loader().exists()


def loader() -> Path:
    """What starts its programs."""
    return ROOT / "lib64/ld-linux-x86-64.so.2"


def command(program: str, *words: object) -> list[str]:
    """How to start one of its programs."""
    found = next(
        path for path in (ROOT / "usr/bin", ROOT / "usr/sbin") if (path / program).exists()
    )
    libraries = f"{LIBRARIES}:{LIBRARIES}/systemd"
    start = [loader(), "--library-path", libraries, found / program]
    return [str(word) for word in (*start, *words)]


def environment() -> dict[str, str]:
    """What its programs need to know."""
    return {**os.environ, "QEMU_MODULE_DIR": str(LIBRARIES / "qemu"), "MTOOLS_SKIP_CHECK": "1"}


def run(program: str, *words: object, said: bytes = b"") -> bytes:
    """One of its programs, to its end; what it printed. Fails with what it said when it fails."""
    done = subprocess.run(
        command(program, *words), input=said, capture_output=True, env=environment(), check=False
    )
    assert done.returncode == 0, f"{program}: {done.stderr.decode(errors='replace')}"
    return done.stdout
