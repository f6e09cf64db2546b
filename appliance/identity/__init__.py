"""Who this unit is: its key and certificate, whom it believes, how it gets the next certificate."""

GIVEN = "given.bundle"
"""What the federation sent a spare card, in the folder of its keys, until the card is that unit."""
