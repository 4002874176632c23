"""Rulebooks: checked, shown, tested by their cases, drafted from a document."""
