"""The team: the tenant that all data belong to, and the roles of its members."""

from dataclasses import dataclass, field
from typing import Self
from uuid import UUID, uuid4

from core.kernel import rules
from core.kernel.actors import Actor, Role
from core.kernel.errors import DomainError, NotFound, Taken
from core.kernel.events import Event

from ..events import (
    InvitationEnded,
    MemberAdmitted,
    MemberDismissed,
    MemberInvited,
    RoleChanged,
    TeamDeleted,
    TeamFounded,
)


class LastOwner(DomainError):
    """A team without an owner would be nobody's."""

    message = "It is the team's last owner: name another one first."


@dataclass(kw_only=True, eq=False)
class Team:
    """Who belongs together. At any time at least one member is an owner."""

    id: UUID
    name: str
    roles: dict[UUID, Role]
    invited: dict[UUID, Role] = field(default_factory=dict)
    """Who may come in, and as what. Nobody is in a team who has not accepted it."""
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

    def invite(self, actor: Actor, user_id: UUID, role: Role) -> None:
        """Offer a role to somebody.

        Raises:
            Taken: when the user is a member or invited already.
        """
        if user_id in self.roles or user_id in self.invited:
            raise Taken("The user is a member of the team, or invited, already.")
        self.invited[user_id] = role
        self.pending.append(
            MemberInvited(team_id=self.id, user_id=user_id, role=role, by=actor.user_id)
        )

    def accept(self, user_id: UUID) -> None:
        """Let somebody in who was invited and wants to.

        Raises:
            NotFound: when the user is not invited.
        """
        if user_id not in self.invited:
            raise NotFound
        role = self.roles[user_id] = self.invited.pop(user_id)
        self.pending.append(MemberAdmitted(team_id=self.id, user_id=user_id, role=role, by=user_id))

    def end_invitation(self, user_id: UUID, by: UUID) -> None:
        """Take an invitation back, or decline it.

        Raises:
            NotFound: when the user is not invited.
        """
        if user_id not in self.invited:
            raise NotFound
        del self.invited[user_id]
        self.pending.append(InvitationEnded(team_id=self.id, user_id=user_id, by=by))

    def change_role(self, actor: Actor, user_id: UUID, role: Role) -> None:
        """Give a member another role.

        Raises:
            NotFound: when the user is no member.
            LastOwner: when nobody would own the team.
        """
        self._require_member(user_id)
        if role is not Role.OWNER:
            self._require_other_owner(user_id)
        if self.roles[user_id] is not role:
            self.roles[user_id] = role
            self.pending.append(
                RoleChanged(team_id=self.id, user_id=user_id, role=role, by=actor.user_id)
            )

    def dismiss(self, user_id: UUID, by: UUID) -> None:
        """Remove a member, who may be the one who does it.

        Raises:
            NotFound: when the user is no member.
            LastOwner: when nobody else owns the team.
        """
        self._require_member(user_id)
        self._require_other_owner(user_id)
        del self.roles[user_id]
        self.pending.append(MemberDismissed(team_id=self.id, user_id=user_id, by=by))

    def delete(self, by: UUID) -> None:
        """Say that the team ends; the repository forgets it, and every context what is the team's."""
        self.pending.append(TeamDeleted(team_id=self.id, by=by))

    def _require_member(self, user_id: UUID) -> None:
        if user_id not in self.roles:
            raise NotFound

    def _require_other_owner(self, user_id: UUID) -> None:
        if [owner for owner, role in self.roles.items() if role is Role.OWNER] == [user_id]:
            raise LastOwner
