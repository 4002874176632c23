"""What the words of a clause say: what can be measured, who owes it, which acts are meant."""
