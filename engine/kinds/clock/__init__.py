"""The clock of a limit: starts, pauses, restarts, extensions."""
