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
