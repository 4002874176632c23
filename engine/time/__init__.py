"""Moments, durations and working days."""
