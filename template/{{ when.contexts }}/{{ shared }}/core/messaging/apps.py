"""Configuration of the app: it has a table, of the messages that were handled."""

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    """Named explicitly in the settings: it is no context."""

    name = "core.messaging"
    label = "messaging"
    default_auto_field = "django.db.models.BigAutoField"
