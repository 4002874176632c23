"""The tables of reminders."""
