"""``manage.py token NAME``: a bearer token for development."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rest_framework_simplejwt.tokens import AccessToken

from accounts.models import User


class Command(BaseCommand):
    """Print an access token, and make its user if there is none."""

    help = "Print a bearer token for development."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the name of the user."""
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the token.

        Raises:
            CommandError: in production, where a user signs in instead.
        """
        if not settings.DEBUG:
            raise CommandError("Tokens are made here in development only: sign in to get one.")
        user, _ = User.objects.get_or_create(username=options["username"])
        self.stdout.write(str(AccessToken.for_user(user)))
