"""Configuration of the app: it has the table of messages on their way."""

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    """Named explicitly in the settings: it is no context."""

    name = "core.messaging"
    label = "messaging"
    verbose_name = "Messages"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Refuse to start with a subscription that could not be found again by its name, or with a need of nothing."""
        from .. import discovery  # noqa: PLC0415 (what it imports has models; they are ready now)

        discovery.subscriptions()
        discovery.needs()
