"""Who acts: a user, in a team, with a role."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from .errors import Forbidden


class Role(StrEnum):
    """What a user is in a team; each role may do what the ones before it may."""

    VIEWER = "viewer"
    MEMBER = "member"
    OWNER = "owner"

    def includes(self, other: "Role") -> bool:
        """Tell whether this role may do what the other may."""
        ranks = list(Role)
        return ranks.index(self) >= ranks.index(other)


@dataclass(frozen=True)
class Actor:
    """The user of a request, with the team whose data the request is about."""

    user_id: UUID
    team_id: UUID
    role: Role

    @property
    def own(self) -> UUID | None:
        """Whose things the actor sees where they are their owner's alone: the actor's, or everybody's (None) as owner of the team."""
        return None if self.role is Role.OWNER else self.user_id

    def require(self, role: Role) -> None:
        """Go on only with this role or a higher one.

        Raises:
            Forbidden: when the actor's role is lower.
        """
        if not self.role.includes(role):
            raise Forbidden(f"This needs the role {role}.")

    def require_charge_of(self, owner_id: UUID) -> None:
        """Go on only if the actor is in charge of a thing: its own owner, or the owner of the team.

        Raises:
            Forbidden: when the thing is somebody else's.
        """
        self.require(Role.MEMBER)
        if self.role is not Role.OWNER and owner_id != self.user_id:
            raise Forbidden("It belongs to another member of the team.")
