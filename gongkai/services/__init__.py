"""What each command does, as values."""
