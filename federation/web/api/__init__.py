"""What other programs may read. Writes nothing."""
