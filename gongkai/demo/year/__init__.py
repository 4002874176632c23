"""The made-up county's year."""
