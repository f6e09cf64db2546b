"""The tables for reading, and how they follow the ledger. Begin at projector.py."""
