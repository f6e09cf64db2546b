"""What leaves the unit by hand: a sealed copy on a stick, and what a technician should see.

A screen asks (`errands.py`); one-shots of systemd do it. None of them runs all the time.
"""
