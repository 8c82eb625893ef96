"""Configuration of the app. The project finds it, see core/utils/discovery.py."""

from django.apps import AppConfig


class UsersConfig(AppConfig):
    """Tables and migrations live here; the short label is what their history is kept under."""

    name = "apps.users.infrastructure"
    label = "users"
    verbose_name = "Users"
