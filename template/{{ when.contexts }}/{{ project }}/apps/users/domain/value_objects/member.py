"""Values of a team."""

from dataclasses import dataclass
from uuid import UUID

from core.kernel.actors import Role


@dataclass(frozen=True)
class Member:
    """A user as the team sees it: who is in it, or is invited to be."""

    user_id: UUID
    username: str
    role: Role


@dataclass(frozen=True)
class Membership:
    """A team as a user sees it who is in it, or is invited to be."""

    team_id: UUID
    team: str
    role: Role
