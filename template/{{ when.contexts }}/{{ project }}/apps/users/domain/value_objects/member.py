"""Values of a team."""

from dataclasses import dataclass
from uuid import UUID

from core.kernel.actors import Role


@dataclass(frozen=True)
class Member:
    """A user as the team sees it."""

    user_id: UUID
    username: str
    role: Role
