"""Faults planted in the made-up year, and decoys that are none."""
