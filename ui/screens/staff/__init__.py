"""What staff see: the pad, today's list, the end of the day. Names are behind the PIN alone."""
