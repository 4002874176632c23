"""Reminders as an application of Django, with tables of its own."""

from django.apps import AppConfig


class MailConfig(AppConfig):
    """Names the tables of reminders."""

    name = "gongkai.console.mail"
    label = "mail"
    verbose_name = "gongkai mail"
