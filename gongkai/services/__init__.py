"""Services: each command's work, its answer as values."""
