"""Sentences for the tests, with their checksum; and the real logs kept beside them."""

import random
from functools import reduce
from operator import xor
from pathlib import Path

from appliance.gps.fix import Fix
from appliance.gps.reader import Reader

LOGS = Path(__file__).parents[2] / "data" / "gps" / "gpsd"


def line(text: str, end: bytes = b"\r\n") -> bytes:
    return f"${text}*{reduce(xor, text.encode()):02X}".encode() + end


def rmc(
    clock: str = "123519.00",
    lat: str = "4807.0380",
    lon: str = "01131.0000",
    *,
    status: str = "A",
    ns: str = "N",
    ew: str = "E",
    knots: str = "10.0",
    day: str = "230326",
    talker: str = "GN",
    more: str = ",,,A",
) -> bytes:
    return line(f"{talker}RMC,{clock},{status},{lat},{ns},{lon},{ew},{knots},84.4,{day}{more}")


def gga(
    clock: str = "123519.00",
    lat: str = "4807.0380",
    lon: str = "01131.0000",
    *,
    quality: str = "1",
    talker: str = "GN",
) -> bytes:
    return line(f"{talker}GGA,{clock},{lat},N,{lon},E,{quality},08,0.90,545.4,M,46.9,M,,")


def fixes(data: bytes) -> list[Fix]:
    reader = Reader()
    return reader.push(data) + reader.flush()


def log(name: str) -> bytes:
    return (LOGS / f"{name}.log").read_bytes()


def damaged(data: bytes, seed: int) -> bytes:
    """The log as a very bad cable delivers it: flipped and lost bytes, cut and glued lines."""
    chance = random.Random(seed)
    out = bytearray()
    for text in data.splitlines(keepends=True):
        if chance.random() < 0.03:
            out += chance.randbytes(chance.randint(1, 40))
        if chance.random() < 0.03 and len(text) > 12:
            text = text[: chance.randint(6, len(text) - 4)]
        elif chance.random() < 0.03:
            text = text.rstrip(b"\r\n")
        for byte in text:
            if chance.random() < 0.001:
                continue
            out.append(byte ^ 1 << chance.randrange(8) if chance.random() < 0.002 else byte)
    return bytes(out)
