"""A signed system as a file: what it says of itself, who signed it, where it is served. Opens none.

A RAUC bundle ends in its signature (CMS) and that one's length; the signature holds the manifest.
Only units install, and each checks the signature again by the keyring on its card.
"""

import configparser
import os
import re
import shutil
import subprocess
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Final, NamedTuple

import msgspec

from protocol.documents import FileDigest
from protocol.event import Number, whole

from ..errors import OperatorError

_LENGTH: Final = 8
_MOST: Final = 1024 * 1024
"""Bytes of a signature: a longer one is none."""
_PIECE: Final = 1024 * 1024
_VERSION: Final = r"[0-9A-Za-z][0-9A-Za-z.+~-]{0,39}"
_MANIFEST: Final = re.compile(rb"\[update\][\t\n\r -~]*")

Version = Annotated[str, whole(_VERSION)]


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """The file that the build of an image puts beside a bundle."""

    version: Version
    size: Number
    sha256: FileDigest
    compatible: str = ""


class Bundle(NamedTuple):
    """What is known of one before anybody is told."""

    path: Path
    version: str
    size: int
    digest: str
    doubt: str
    """Why its signature was not checked; empty: the release key made it."""

    @property
    def name(self) -> str:
        """What it is called where it is served."""
        return f"escale-{self.version}.raucb"


def read(path: Path, version: str | None, keyring: Path | None) -> Bundle:
    """The bundle of that file, or of its side file. Raises OperatorError: anything disagrees."""
    if path.suffix == ".json":
        path = path.with_name(f"escale-{_side(path).version}.raucb")
    try:
        signature = _signature(path)
        size, digest = path.stat().st_size, _digest(path)
    except OSError as error:
        raise OperatorError(f"{path} cannot be read ({error.strerror}): give a bundle.") from error
    found, doubt = _checked(path, signature, keyring)
    if version is not None and version != found:
        raise OperatorError(f"{path} holds version {found}, not {version}: give the right one.")
    beside = path.with_suffix(".json")
    if beside.exists():
        told = _side(beside)
        if (told.version, told.size, told.sha256) != (found, size, digest):
            raise OperatorError(f"{path} is not what {beside} tells of it: copy both again.")
    return Bundle(path, found, size, digest, doubt)


def place(bundle: Bundle, folder: Path) -> Path:
    """Puts it where it is served, whole or not at all. Raises OperatorError."""
    target = folder / bundle.name
    try:
        if target.exists():
            if _digest(target) != bundle.digest:
                raise OperatorError(
                    f"{target} is another bundle of the same version: build it under a new one."
                )
            return target
        folder.mkdir(parents=True, exist_ok=True)
        made, name = tempfile.mkstemp(dir=folder, prefix=".part-")
        try:
            with os.fdopen(made, "wb") as out, bundle.path.open("rb") as source:
                shutil.copyfileobj(source, out, _PIECE)
                os.fchmod(out.fileno(), 0o644)
                out.flush()
                os.fsync(out.fileno())
            if _digest(Path(name)) != bundle.digest:
                raise OperatorError(f"{bundle.path} changed while it was copied: try again.")
            Path(name).rename(target)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        raise OperatorError(
            f"{target} cannot be written ({error.strerror}): make room, or give [updates] folder"
            " another one."
        ) from error
    return target


def _side(path: Path) -> Side:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Side)
    except OSError as error:
        raise OperatorError(f"{path} cannot be read ({error.strerror}).") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise OperatorError(f"{path} does not tell of a bundle: {error}.") from error


def _digest(path: Path) -> str:
    found = sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            found.update(piece)
    return found.hexdigest()


def _signature(path: Path) -> bytes:
    """The signature at the end of it. Raises OperatorError, OSError."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _LENGTH))
        length = int.from_bytes(file.read(), "big")
        if size <= _LENGTH or not 0 < length <= min(_MOST, size - _LENGTH):
            raise _none(path)
        file.seek(size - _LENGTH - length)
        return file.read(length)


def _none(path: Path) -> OperatorError:
    return OperatorError(f"{path} is no RAUC bundle of format verity: give one.")


def _checked(path: Path, signature: bytes, keyring: Path | None) -> tuple[str, str]:
    """The version that it holds, and why nobody checked who signed it."""
    if keyring is None:
        return _version(path, signature), "[updates] keyring names no file"
    openssl = shutil.which("openssl")
    if openssl is None:
        return _version(path, signature), "openssl is not installed here"
    command = (
        openssl, "cms", "-verify", "-inform", "DER", "-binary", "-purpose", "any",
        "-CAfile", str(keyring), "-no-CApath", "-no-CAstore",
    )  # fmt: skip
    done = subprocess.run(command, input=signature, capture_output=True, check=False)  # noqa: S603
    if done.returncode != 0 or not done.stdout:
        raise OperatorError(
            f"{path} is not signed by a release key that {keyring} knows: no unit would install it."
        )
    return _version(path, done.stdout), ""


def _version(path: Path, manifest: bytes) -> str:
    found = _MANIFEST.search(manifest)
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(found.group().decode("ascii") if found else "")
        version = parser.get("update", "version")
    except configparser.Error as error:
        raise _none(path) from error
    if not re.fullmatch(_VERSION, version):
        raise OperatorError(f"{path} calls its version {version!r}: that is none.")
    return version
