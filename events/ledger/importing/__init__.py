"""Importing into a ledger: staged, compared with what is there, added, or restored from an export."""
