"""What units and the federation say to each other. Refuses to know how either side stores or shows it."""

__version__ = "0.1.0"
