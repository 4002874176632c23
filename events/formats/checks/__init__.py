"""Checks of a file before a native reader may read it, and the process that reads what cannot be."""
