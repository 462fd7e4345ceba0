"""Runs: the one that goes, the store of all, and their curves."""
