"""What the people use who run the project: ``manage.py token``, the admin site."""

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client, override_settings
from rest_framework.test import APIClient

from apps.users.domain.entities.team import LastOwner
from apps.users.infrastructure.models import MembershipRow, TeamRow, User
from core.kernel.actors import Actor, Role

from ..conftest import join


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


def test_the_admin_deletes_a_user_and_the_teams_of_nobody_else(
    admin_client: Client, owner: Actor, member: Actor
) -> None:
    address = f"/admin/users/user/{member.user_id}/delete/"
    assert admin_client.post(address, {"post": "yes"}).status_code == 302
    assert not User.objects.filter(pk=member.user_id).exists()
    assert [team.pk for team in TeamRow.objects.all()] == [owner.team_id]


@pytest.mark.parametrize("many", [False, True])
def test_the_admin_keeps_the_last_owner_of_a_team(
    admin_client: Client, owner: Actor, member: Actor, many: bool
) -> None:
    action = {"action": "delete_selected", "_selected_action": [str(owner.user_id)]}
    address = "/admin/users/user/" if many else f"/admin/users/user/{owner.user_id}/delete/"
    body = {"post": "yes", **(action if many else {})}
    assert "nobody else owns this team" in admin_client.post(address, body).content.decode()
    assert User.objects.filter(pk=owner.user_id).exists()
    join(owner, "paul", Role.OWNER)
    assert admin_client.post(address, body).status_code == 302
    assert not User.objects.filter(pk=owner.user_id).exists()


WAYS: dict[str, Callable[[list[Actor]], object]] = {
    "user": lambda owners: [User.objects.get(pk=owner.user_id).delete() for owner in owners],
    "users": lambda owners: User.objects.filter(
        pk__in=[owner.user_id for owner in owners]
    ).delete(),
    "memberships": lambda owners: MembershipRow.objects.filter(team=owners[0].team_id).delete(),
}
"""How somebody in a shell takes the owners of a team away, past the use cases."""


@pytest.mark.parametrize("delete", WAYS.values(), ids=WAYS)
def test_a_shell_keeps_the_last_owner_of_a_team(
    owner: Actor, delete: Callable[[list[Actor]], object]
) -> None:
    second = join(owner, "paul", Role.OWNER)
    # The team of his own, which would keep him.
    TeamRow.objects.exclude(pk=owner.team_id).delete()
    with pytest.raises(LastOwner), transaction.atomic():
        delete([owner, second])
    assert MembershipRow.objects.filter(team=owner.team_id, role=Role.OWNER).count() == 2
    User.objects.get(pk=second.user_id).delete()
    TeamRow.objects.get(pk=owner.team_id).delete()
    User.objects.get(pk=owner.user_id).delete()
