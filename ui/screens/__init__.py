"""All screens: one `.py` and one `.kv` each. They are given a desk and hold no knowledge."""
