"""What has to be there before the first request and the first task."""

from django.apps import AppConfig
from django.conf import settings

from .tracing import start_tracing


class CoreConfig(AppConfig):
    """Starts tracing, and makes the project's Celery application the one that tasks belong to."""

    name = "core"

    def ready(self) -> None:
        """Import what reads the settings: they are complete only now."""
        from . import celery  # noqa: F401, PLC0415 (Celery finds the tasks; apps are ready now)

        start_tracing(settings.TRACES_EXPORTER, settings.TRACES_ENDPOINT, settings.TRACES_SERVICE)
