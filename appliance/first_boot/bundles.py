"""A card becomes who its bundle says: the files that were found, judged, and one taken over.

Mounts nothing (found.py does), and believes no file for its name.
"""

import logging
from pathlib import Path

from protocol import closed_keys, enrolment
from protocol.enrolment import Bundle

from .. import config as settings
from .. import runtime
from ..errors import OperatorError
from ..identity import GIVEN, command, files, store, trusted
from ..identity import bundle as bundles
from . import network
from .choosing import Candidate, Choice, choose
from .found import MOST

log = logging.getLogger("first-boot")


def candidate(name: str, path: Path) -> Candidate:
    """A file, read and checked."""
    try:
        found = bundles.read(path)
    except OperatorError as error:
        log.warning("%s", error)
        return Candidate(name)
    made = bundles.made(found)
    return Candidate(name, found.unit, bundles.key_of(found.root.encode()), made)


class Importer:
    """Takes over what `collect` found, for the card whose data are at `data`."""

    def __init__(self, data: Path, system: Path, work: Path) -> None:
        """`work`: a folder in memory, for root alone."""
        self._data, self._system, self._work = data, system, work
        self._config = data / "unit.toml"

    def unit(self) -> str:
        """Who this card is; empty: it has no name yet."""
        if not self._config.exists():
            return ""
        return settings.load(self._config).unit.id

    def take(self, found: dict[str, bytes]) -> Choice:
        """Chooses, and becomes it. Raises OperatorError when the card takes nothing."""
        # The uplink's folder: whatever is there is neither waited for nor read without end.
        given = runtime.left(store.folder(self._data) / GIVEN, MOST + 1)
        if given:
            found = {GIVEN: given, **found}
        paths = {name: self._laid(name, content) for name, content in found.items()}
        try:
            candidates = [candidate(name, path) for name, path in paths.items()]
            root = bundles.key_of(files.read(self._data / "trust" / trusted.ROOT) or b"")
            choice = choose(candidates, self.unit(), root)
            if choice.name:
                self._become(paths[choice.name])
        finally:
            for path in paths.values():
                path.unlink()
        files.erase(store.folder(self._data) / GIVEN)
        return choice

    def be_nameless(self, letters: str) -> None:
        """A name for a card that nobody told who it is. Raises OperatorError."""
        text = bundles.nameless(enrolment.SPARE + letters, self._data)
        files.write(self._config, text.encode(), 0o644)

    def _become(self, path: Path) -> None:
        found = bundles.read(path)
        if self._begins_anew(found):
            log.warning("a new bundle of %s: it is enrolled again, with its code", found.unit)
            # First: after a cut before the rest it is enrolled by whichever bundle it has.
            store.leave(self._data)
        command.enrol(
            path, config=self._config, data=self._data, code=None, wait=0, again=False,
            on_screen=True, tell=log.info,
        )  # fmt: skip
        network.keep(network.of(found), self._system)

    def _begins_anew(self, found: Bundle) -> bool:
        """Whether the unit has a certificate, and was given another bundle after that.

        The old certificate was revoked, mostly, which no card can know: what it holds still counts.
        """
        try:
            identity, bootstrap = store.load(self._data), store.bootstrap(self._data)
        except OperatorError:
            return False
        if identity is None or bootstrap is None:
            return False
        is_another = closed_keys.leave_open(bootstrap.key) != found.bootstrap_key.encode()
        return is_another and bundles.made(found) > identity.certificate.not_valid_before_utc

    def _laid(self, name: str, content: bytes) -> Path:
        self._work.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._work / name
        path.write_bytes(content)
        return path
