"""The vehicle process: clock, stops, duty and panel. Touches devices, never the network.

Imports nothing here: the screen reads its documents, and has no use for pins and a serial line.
"""
