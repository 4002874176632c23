"""Checking a filled annual report of anybody's making: its tables found by their labels, its figures held together."""
