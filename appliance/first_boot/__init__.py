"""What a card does by itself before anything of it is used: its disk, its names, its bundle.

Runs as root at each boot and may be cut anywhere: what was done is not done twice.
"""
