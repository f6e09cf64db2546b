"""What sealing personal fields costs: time, and bytes of an envelope, against one bare HPKE.

Seals and opens by turns in one run, so that a slow moment is shared by all.
"""

import argparse
import statistics
import time
from collections.abc import Callable

from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from protocol import sealing
from protocol.event import Key

KEYS = [X25519PrivateKey.generate() for _ in range(2)]
PUBLIC = [key.public_key() for key in KEYS]
ROW = sealing.Binding("van-germaine", Key(2**47, 1234))
PERSON = {"first_name": "Aïcha", "phone": "06 12 34 56 78"}
SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)
ENVELOPE = sealing.seal(PERSON, PUBLIC, ROW)

WAYS: dict[str, Callable[[], object]] = {
    "one bare HPKE encrypt": lambda: SUITE.encrypt(bytes(32), PUBLIC[0], info=b"bench"),
    "seal to one key": lambda: sealing.seal(PERSON, PUBLIC[:1], ROW),
    "seal to two keys": lambda: sealing.seal(PERSON, PUBLIC, ROW),
    "open": lambda: sealing.open_envelope(ENVELOPE, KEYS[:1], ROW),
    "digest": lambda: sealing.digest(ENVELOPE),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5000)
    rounds = parser.parse_args().rounds
    times: dict[str, list[float]] = {name: [] for name in WAYS}
    for _ in range(rounds):
        for name, way in WAYS.items():
            begin = time.perf_counter()
            way()
            times[name].append((time.perf_counter() - begin) * 1e6)
    bare = statistics.median(times["one bare HPKE encrypt"])
    for name, values in times.items():
        p50, p99 = statistics.median(values), statistics.quantiles(values, n=100)[98]
        print(f"{name:24} p50 {p50:6.0f} µs  p99 {p99:6.0f} µs  {p50 / bare:5.2f} × bare")
    clear = sum(len(text.encode()) for text in PERSON.values())
    for count in (1, 2, 3):
        size = len(sealing.seal(PERSON, (PUBLIC * 2)[:count], ROW))
        print(f"{clear} bytes of name and phone sealed to {count}: {size} bytes")


if __name__ == "__main__":
    main()
