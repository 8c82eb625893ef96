"""Configuration of the app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Installed by being here, see discovery.py."""

    name = "accounts"
    verbose_name = "Accounts"
