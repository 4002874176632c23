"""YAML with the place of every value, and its problems told by line and column."""
