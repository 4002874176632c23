"""The console as an application of Django."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """Names the tables of the console."""

    name = "gongkai.console"
    label = "console"
    verbose_name = "gongkai"
