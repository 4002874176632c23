"""Reminders by mail: addresses, what was sent to whom, the digest of a day."""
