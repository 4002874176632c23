"""A unit's self-check: what is owed, by when, what is missing."""
