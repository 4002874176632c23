"""Where Django looks for the tables of this application; they stand with the other models."""

from gongkai.console.models.reminders import MailAddress, SentReminder

__all__ = ["MailAddress", "SentReminder"]
