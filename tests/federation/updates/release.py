"""Small bundles as RAUC lays them out: a payload, its signature around the manifest, a length."""

import json
import subprocess
from hashlib import sha256
from pathlib import Path
from typing import Final

MANIFEST: Final = (
    "[update]\ncompatible=escale-arm64\nversion={version}\n\n[bundle]\nformat=verity\n"
    "verity-hash=ab\nverity-size=4096\nverity-salt=cd\n\n[image.rootfs]\nfilename=root.ext4\n"
)


def authority(folder: Path) -> Path:
    """A release key whose certificate is its own authority; the certificate."""
    folder.mkdir(parents=True, exist_ok=True)
    _openssl(
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
        "-days", "9", "-subj", "/CN=release", "-keyout", str(folder / "release.key"),
        "-out", str(folder / "release.pem"),
    )  # fmt: skip
    return folder / "release.pem"


def bundle(signer: Path, path: Path, version: str = "0.5.1", payload: bytes = b"hsqs") -> Path:
    """A bundle that this key signed, with its side file."""
    signature = _openssl(
        "cms", "-sign", "-binary", "-nodetach", "-outform", "DER", "-signer", str(signer),
        "-inkey", str(signer.with_suffix(".key")), said=MANIFEST.format(version=version).encode(),
    )  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(payload + signature + len(signature).to_bytes(8, "big"))
    side = {"version": version, "size": path.stat().st_size, "compatible": "escale-arm64"}
    side["sha256"] = sha256(path.read_bytes()).hexdigest()
    path.with_suffix(".json").write_text(json.dumps(side))
    return path


def _openssl(*words: str, said: bytes = b"") -> bytes:
    return subprocess.run(["openssl", *words], input=said, capture_output=True, check=True).stdout
