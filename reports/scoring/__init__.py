"""Scores and lists by a policy."""
