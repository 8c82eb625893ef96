"""What happens to teams, for whoever wants to hear of it."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from core.kernel.actors import Role
from core.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class TeamFounded(Event):
    """Somebody has registered, and has a team now."""

    name: ClassVar[str] = "users.team_founded"

    by: UUID


@dataclass(frozen=True, kw_only=True)
class TeamDeleted(Event):
    """The team is gone. Each context removes what belongs to it."""

    name: ClassVar[str] = "users.team_deleted"

    by: UUID


@dataclass(frozen=True, kw_only=True)
class MemberInvited(Event):
    """Somebody may come into the team."""

    name: ClassVar[str] = "users.member_invited"

    user_id: UUID
    role: Role
    by: UUID


@dataclass(frozen=True, kw_only=True)
class InvitationEnded(Event):
    """Somebody may not come in any more: the invitation was taken back or declined."""

    name: ClassVar[str] = "users.invitation_ended"

    user_id: UUID
    by: UUID


@dataclass(frozen=True, kw_only=True)
class RoleChanged(Event):
    """A member is something else in the team."""

    name: ClassVar[str] = "users.role_changed"

    user_id: UUID
    role: Role
    by: UUID


@dataclass(frozen=True, kw_only=True)
class MemberAdmitted(Event):
    """The team has one member more."""

    name: ClassVar[str] = "users.member_admitted"

    user_id: UUID
    role: Role
    by: UUID


@dataclass(frozen=True, kw_only=True)
class MemberDismissed(Event):
    """The team has one member less."""

    name: ClassVar[str] = "users.member_dismissed"

    user_id: UUID
    by: UUID
