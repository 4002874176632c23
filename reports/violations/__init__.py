"""Violation lists, their rectification, and what was recorded late."""
