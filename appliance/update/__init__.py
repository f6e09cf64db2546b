"""A new system for the card: fetched or carried here, written to the other slot, tried, kept.

RAUC writes and checks signatures; U-Boot chooses the slot. What is decided here is when, and what
came of it. Each step is a process of its own: the one with the network cannot write a slot.
"""
