"""Workshops, tours, notices, settings, sign-ups at the desk. Sends nothing: the outbox does."""
