"""The touch screen: one .py and one .kv per screen. Refuses to touch the network."""
