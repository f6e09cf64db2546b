"""Names, at the federation: opened by right, audited, exported, erased, forgotten in time.

Nothing of it is ever read by ingest but which envelopes must go.
"""
