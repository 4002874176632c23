"""Rulebooks become tables and statements."""
