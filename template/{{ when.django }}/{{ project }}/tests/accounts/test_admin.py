"""Users in the admin."""

from django.test import Client

from accounts.models import User


def test_users_can_be_searched(admin_client: Client, user: User) -> None:
    answer = admin_client.get("/admin/accounts/user/", {"q": user.username})
    assert list(answer.context["cl"].result_list) == [user]


def test_only_staff_gets_in(client: Client, user: User) -> None:
    client.force_login(user)
    assert client.get("/admin/").status_code == 302
