"""What units and the federation say to each other. Knows neither how it is stored nor shown."""

__version__ = "0.5.0"
