"""What the people use who run the project: ``manage.py token``, the admin site."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client, override_settings
from rest_framework.test import APIClient

from apps.users.infrastructure.models import User


def token() -> str:
    output = StringIO()
    call_command("token", "ada", stdout=output)
    return output.getvalue().strip()


@override_settings(DEBUG=True)
def test_token_opens_the_api(db: None) -> None:
    headers = {"Authorization": f"Bearer {token()}"}
    page = APIClient().get("/api/team/members/", headers=headers).json()
    assert [entry["role"] for entry in page["items"]] == ["owner"]
    token()
    assert User.objects.count() == 1


def test_production_gives_no_token(db: None) -> None:
    with pytest.raises(CommandError, match="sign in"):
        token()


def test_the_admin_lists_the_users(admin_client: Client) -> None:
    page = admin_client.get("/admin/users/user/", {"q": "admin"})
    assert page.context["cl"].result_count == 1
