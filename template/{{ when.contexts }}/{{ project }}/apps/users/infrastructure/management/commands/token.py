"""``manage.py token NAME``: a bearer token for development."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.crypto import get_random_string
from rest_framework_simplejwt.tokens import AccessToken

from ....application.use_cases.teams import ChooseTeam, Register
from ...models import User
from ...repositories.teams import DjangoTeamRepository, DjangoTeamWork


class Command(BaseCommand):
    """Print an access token, and register its user with a team if there is none."""

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
        name = options["username"]
        if not User.objects.filter(username=name).exists():
            Register(DjangoTeamWork)(name, get_random_string(32), name)
        user = User.objects.get(username=name)
        token = AccessToken.for_user(user)
        token["team"] = str(ChooseTeam(DjangoTeamRepository)(user.id))
        self.stdout.write(str(token))
