"""Simulated edges that ship with the unit: the demo and the tests use the same ones."""
