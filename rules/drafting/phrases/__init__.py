"""Phrases of a clause: what can be measured, who owes it, which acts are meant."""
