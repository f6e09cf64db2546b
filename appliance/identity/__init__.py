"""Who this unit is: its key and certificate, whom it believes, how it gets the next certificate."""
