"""The vehicle process: clock, stops, duty and panel. Touches devices, never the network."""

from .process import run

__all__ = ["run"]
