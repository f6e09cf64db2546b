"""A receiver's sentences for a vehicle moved by a test: plain NMEA, a second at a time."""

import math
from datetime import datetime, timedelta

METRES = 111_195.0
KNOT = 0.514444


def sentence(body: str) -> bytes:
    """A sentence with its checksum."""
    check = 0
    for byte in body.encode():
        check ^= byte
    return f"${body}*{check:02X}\r\n".encode()


class Road:
    """Where the vehicle is and what time it is there; each call is one second."""

    def __init__(self, start: datetime, lat: float = 48.1, lon: float = -1.6) -> None:
        self.time, self.lat, self.lon = start, lat, lon
        self.seconds = 0.0
        self.error = timedelta()
        """What the receiver's date is wrong by."""
        self._wobble = 0

    def wait(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)
        self.seconds += seconds

    def stand(self, seconds: int = 1) -> bytes:
        self.wait(seconds)
        self._wobble += 1
        return self._say(0.03 + 0.02 * (self._wobble % 3), 1e-6 * math.sin(self._wobble))

    def drive(self, speed: float) -> bytes:
        self.wait(1)
        self.lat += speed / METRES
        return self._say(speed, 0.0)

    def void(self) -> bytes:
        """An epoch without a fix, the time kept by the receiver alone."""
        told = self.time + self.error
        return sentence(f"GNRMC,{told:%H%M%S}.00,V,,,,,,,{told:%d%m%y},,,N")

    def _say(self, speed: float, off: float) -> bytes:
        told = self.time + self.error
        lat, lon = _degrees(self.lat + off, "NS", 2), _degrees(self.lon + off, "EW", 3)
        clock = f"{told:%H%M%S}.00"
        rmc = f"GNRMC,{clock},A,{lat},{lon},{speed / KNOT:.3f},0.0,{told:%d%m%y},,,A"
        gga = f"GNGGA,{clock},{lat},{lon},1,09,0.9,50.0,M,46.0,M,,"
        return sentence(rmc) + sentence(gga)


def _degrees(value: float, hemispheres: str, width: int) -> str:
    whole, part = divmod(abs(value), 1)
    return f"{int(whole):0{width}d}{part * 60:08.5f},{hemispheres[value < 0]}"
