"""The token for development."""

from io import StringIO

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from rest_framework.test import APIClient

from accounts.models import User


def test_token_is_one_of_a_user_who_is_made(
    db: None, api: APIClient, settings: LazySettings
) -> None:
    settings.DEBUG = True
    out = StringIO()
    call_command("token", "developer", stdout=out)
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {out.getvalue().strip()}")
    assert api.get("/api/").status_code == 200
    user = User.objects.get(username="developer")
    assert not user.check_password("")


def test_production_makes_no_tokens(db: None) -> None:
    with pytest.raises(CommandError, match="development only"):
        call_command("token", "developer")
