"""Databases that the statements run on."""
