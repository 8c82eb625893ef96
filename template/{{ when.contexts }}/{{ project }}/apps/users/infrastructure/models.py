"""The tables of users, teams and memberships."""

import uuid
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.signals import post_delete
from django.dispatch import receiver

from core.kernel.actors import Role

from ..domain.entities.team import LastOwner


class User(AbstractUser):
    """Django's user with an id that tells nothing; a model of its own, because it cannot be exchanged later."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unverified_email = models.EmailField(blank=True)
    """What was typed, until somebody follows the link that goes there. ``email`` is an address that is verified."""

    personal = ("email", "unverified_email")

    class Meta(AbstractUser.Meta):
        indexes = [models.Index(fields=["email"], name="ix_user_email")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the address in small letters, so that it is found however it is typed."""
        self.email = self.email.lower()
        super().save(*args, **kwargs)


class TeamRow(models.Model):
    """One row is one team."""

    id = models.UUIDField(primary_key=True, editable=False)
    name = models.CharField(max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "team"

    def __str__(self) -> str:
        return self.name


class MembershipRow(models.Model):
    """One row is one user in one team, or invited to it."""

    team = models.ForeignKey(TeamRow, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=6)
    accepted = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "membership"
        constraints = [
            models.UniqueConstraint(fields=["team", "user"], name="uq_membership_team_user"),
            models.CheckConstraint(
                condition=models.Q(role__in=list(Role)), name="ck_membership_role"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.team}"


@receiver(post_delete, sender=MembershipRow)
def _keep_an_owner(instance: MembershipRow, origin: object, using: str, **_: Any) -> None:
    """Leave no team without an owner, whoever deletes a user or a membership: a shell, a command, another model.

    The use cases ask the team first, and DeleteAccount ends a team that nobody else is in. What raises here undoes the whole
    deletion, so that two owners do not go at once either.
    """
    ended = origin.model if isinstance(origin, models.QuerySet) else type(origin)
    if ended is TeamRow or not instance.accepted or instance.role != Role.OWNER:
        return
    left = MembershipRow.objects.using(using).filter(team=instance.team_id, accepted=True)
    if not left.filter(role=Role.OWNER).exists():
        raise LastOwner
