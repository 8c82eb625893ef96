"""The team: the tenant that all data belong to, and the roles of its members."""

from dataclasses import dataclass, field
from typing import Self
from uuid import UUID, uuid4

from core.kernel import rules
from core.kernel.actors import Actor, Role
from core.kernel.errors import DomainError, NotFound, Taken
from core.kernel.events import Event

from ..events import MemberAdmitted, MemberDismissed, TeamFounded


class LastOwner(DomainError):
    """A team without an owner would be nobody's."""

    message = "It is the team's last owner: name another one first."


@dataclass(kw_only=True, eq=False)
class Team:
    """Who belongs together. At any time at least one member is an owner."""

    id: UUID
    name: str
    roles: dict[UUID, Role]
    pending: list[Event] = field(default_factory=list, init=False, repr=False)
    """What happened and was not told yet."""

    def __post_init__(self) -> None:
        """Hold the team to its rules."""
        rules.text("team", self.name, 120)

    @classmethod
    def found(cls, name: str, user_id: UUID) -> Self:
        """Make a team with its first owner."""
        team = cls(id=uuid4(), name=name, roles={user_id: Role.OWNER})
        team.pending.append(TeamFounded(team_id=team.id, by=user_id))
        return team

    def admit(self, actor: Actor, user_id: UUID, role: Role) -> None:
        """Add a member.

        Raises:
            Taken: when the user is a member already.
        """
        if user_id in self.roles:
            raise Taken("The user is a member of the team already.")
        self.roles[user_id] = role
        self.pending.append(
            MemberAdmitted(team_id=self.id, user_id=user_id, role=role, by=actor.user_id)
        )

    def dismiss(self, actor: Actor, user_id: UUID) -> None:
        """Remove a member.

        Raises:
            NotFound: when the user is no member.
            LastOwner: when nobody else owns the team.
        """
        if user_id not in self.roles:
            raise NotFound
        if [owner for owner, role in self.roles.items() if role is Role.OWNER] == [user_id]:
            raise LastOwner
        del self.roles[user_id]
        self.pending.append(MemberDismissed(team_id=self.id, user_id=user_id, by=actor.user_id))
