"""Users in the admin site, for whoever runs the project; it is there that Django looks for it."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest

from core.kernel.actors import Role

from ..application.use_cases.teams import DeleteAccount
from .models import MembershipRow, User
from .repositories.teams import DjangoTeamWork


@admin.register(User)
class TeamUserAdmin(UserAdmin[User]):
    """Deletes a user as the use case does, and no last owner of a team that others are in."""

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, Any, Any]:
        """Name the teams that keep a user from being deleted."""
        rows, counts, missing, protected = super().get_deleted_objects(objs, request)
        return rows, counts, missing, [*protected, *_needed_by(objs)]

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        """Delete one user."""
        DeleteAccount(DjangoTeamWork)(obj.pk)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Delete many users."""
        for user in queryset:
            self.delete_model(request, user)


def _needed_by(users: Iterable[User]) -> list[str]:
    """Say which teams would have nobody who owns them."""
    gone = [user.pk for user in users]
    owned = MembershipRow.objects.filter(user__in=gone, role=Role.OWNER, accepted=True)
    needed = []
    for row in owned.select_related("team"):
        others = row.team.memberships.filter(accepted=True).exclude(user=row.user_id)
        if others and not others.filter(role=Role.OWNER).exclude(user__in=gone):
            needed.append(f"{row.team}: nobody else owns this team")
    return needed
