"""Simulated edges that tests and demonstrations share. Nothing here is used in service."""
