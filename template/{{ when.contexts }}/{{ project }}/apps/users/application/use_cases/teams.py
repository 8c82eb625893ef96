"""What can be done with teams: everybody registers and accepts or leaves, members look around, owners say who may be in."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from core.kernel.actors import Actor, Role
from core.kernel.errors import Forbidden, InvalidValue
from core.kernel.repositories import Page, Part

from ...domain.entities.team import Team
from ...domain.value_objects.member import Member, Membership
from ..repositories import TeamRepository, TeamWork


@dataclass(frozen=True)
class Register:
    """Make a user, and a team that is the user's own."""

    work: Callable[[], TeamWork]

    def __call__(self, username: str, password: str, team_name: str) -> tuple[UUID, Team]:
        """Return the user's id and the team.

        Raises:
            Taken: when the name is somebody else's.
            InvalidValue: when the team's name breaks a rule.
        """
        with self.work() as work:
            user_id = work.accounts.create(username, password)
            team = Team.found(team_name, user_id)
            work.teams.add(team)
            work.commit()
        return user_id, team


@dataclass(frozen=True)
class Identify:
    """Find out who acts, at the start of every request."""

    teams: Callable[[], TeamRepository]

    def __call__(self, user_id: UUID, team_id: UUID) -> Actor:
        """Return the actor, with the role of this moment.

        Raises:
            Forbidden: when the user is not in the team (any more).
        """
        role = self.teams().role(team_id, user_id)
        if role is None:
            raise Forbidden("You are no member of this team.")
        return Actor(user_id=user_id, team_id=team_id, role=role)


@dataclass(frozen=True)
class ChooseTeam:
    """Decide which team's data somebody is about to see who signs in."""

    teams: Callable[[], TeamRepository]

    def __call__(self, user_id: UUID, team_id: UUID | None = None) -> UUID | None:
        """Return the team that is asked for, or else the one that was joined first; None for somebody who is in none.

        Raises:
            Forbidden: when the user is not in the team that is asked for.
        """
        if team_id is None:
            first = self.teams().memberships(user_id, Part(limit=1)).items
            return first[0].team_id if first else None
        if self.teams().role(team_id, user_id) is None:
            raise Forbidden("You are no member of this team.")
        return team_id


@dataclass(frozen=True)
class FoundTeam:
    """Make one more team."""

    work: Callable[[], TeamWork]

    def __call__(self, user_id: UUID, name: str) -> Membership:
        """Return the team, which the user owns.

        Raises:
            InvalidValue: when the name breaks a rule.
        """
        team = Team.found(name, user_id)
        with self.work() as work:
            work.teams.add(team)
            work.commit()
        return Membership(team_id=team.id, team=team.name, role=Role.OWNER)


@dataclass(frozen=True)
class ListMemberships:
    """Look which teams one is in, or invited to."""

    teams: Callable[[], TeamRepository]

    def __call__(self, user_id: UUID, part: Part, invited: bool = False) -> Page[Membership]:
        """Return a part of them."""
        return self.teams().memberships(user_id, part, invited)


@dataclass(frozen=True)
class AcceptInvitation:
    """Come into a team."""

    work: Callable[[], TeamWork]

    def __call__(self, user_id: UUID, team_id: UUID) -> Membership:
        """Return what the user is there now.

        Raises:
            NotFound: when the user is not invited.
        """
        with self.work() as work:
            team = work.teams.get_to_change(team_id)
            team.accept(user_id)
            work.teams.save(team)
            work.commit()
        return Membership(team_id=team.id, team=team.name, role=team.roles[user_id])


@dataclass(frozen=True)
class DeclineInvitation:
    """Stay out of a team."""

    work: Callable[[], TeamWork]

    def __call__(self, user_id: UUID, team_id: UUID) -> None:
        """End the invitation.

        Raises:
            NotFound: when the user is not invited.
        """
        with self.work() as work:
            team = work.teams.get_to_change(team_id)
            team.end_invitation(user_id, by=user_id)
            work.teams.save(team)
            work.commit()


@dataclass(frozen=True)
class ListMembers:
    """Look who is in the team."""

    teams: Callable[[], TeamRepository]

    def __call__(self, actor: Actor, part: Part) -> Page[Member]:
        """Return a part of the members."""
        actor.require(Role.VIEWER)
        return self.teams().members(actor.team_id, part)


@dataclass(frozen=True)
class ListInvitations:
    """Look who is invited to the team."""

    teams: Callable[[], TeamRepository]

    def __call__(self, actor: Actor, part: Part) -> Page[Member]:
        """Return a part of them.

        Raises:
            Forbidden: when the actor is no owner.
        """
        actor.require(Role.OWNER)
        return self.teams().members(actor.team_id, part, invited=True)


@dataclass(frozen=True)
class InviteMember:
    """Offer a role in the team to somebody who has an account."""

    work: Callable[[], TeamWork]

    def __call__(self, actor: Actor, username: str, role: Role) -> Member:
        """Return who is invited.

        Raises:
            Forbidden: when the actor is no owner.
            InvalidValue: when nobody has this name.
            Taken: when the user is a member or invited already.
        """
        actor.require(Role.OWNER)
        with self.work() as work:
            user_id = work.accounts.find(username)
            if user_id is None:
                raise InvalidValue("username", "Nobody has this name.")
            team = work.teams.get_to_change(actor.team_id)
            team.invite(actor, user_id, role)
            work.teams.save(team)
            work.commit()
        return Member(user_id=user_id, username=username, role=role)


@dataclass(frozen=True)
class WithdrawInvitation:
    """Take an invitation back."""

    work: Callable[[], TeamWork]

    def __call__(self, actor: Actor, user_id: UUID) -> None:
        """End the invitation.

        Raises:
            Forbidden: when the actor is no owner.
            NotFound: when the user is not invited.
        """
        actor.require(Role.OWNER)
        with self.work() as work:
            team = work.teams.get_to_change(actor.team_id)
            team.end_invitation(user_id, by=actor.user_id)
            work.teams.save(team)
            work.commit()


@dataclass(frozen=True)
class ChangeRole:
    """Make a member something else in the team."""

    work: Callable[[], TeamWork]

    def __call__(self, actor: Actor, user_id: UUID, role: Role) -> Role:
        """Return the new role.

        Raises:
            Forbidden: when the actor is no owner.
            NotFound: when the user is no member.
            LastOwner: when nobody would own the team.
        """
        actor.require(Role.OWNER)
        with self.work() as work:
            team = work.teams.get_to_change(actor.team_id)
            team.change_role(actor, user_id, role)
            work.teams.save(team)
            work.commit()
        return role


@dataclass(frozen=True)
class DismissMember:
    """Take somebody out of the team, or leave it oneself."""

    work: Callable[[], TeamWork]

    def __call__(self, actor: Actor, user_id: UUID) -> None:
        """Remove the member.

        Raises:
            Forbidden: when the actor is neither an owner nor the member.
            NotFound: when the user is no member.
            LastOwner: when nobody else owns the team.
        """
        actor.require(Role.VIEWER if user_id == actor.user_id else Role.OWNER)
        with self.work() as work:
            team = work.teams.get_to_change(actor.team_id)
            team.dismiss(user_id, by=actor.user_id)
            work.teams.save(team)
            work.commit()


@dataclass(frozen=True)
class DeleteTeam:
    """End a team, and all that belongs to it."""

    work: Callable[[], TeamWork]

    def __call__(self, actor: Actor) -> None:
        """Remove it.

        Raises:
            Forbidden: when the actor is no owner.
        """
        actor.require(Role.OWNER)
        with self.work() as work:
            team = work.teams.get_to_change(actor.team_id)
            team.delete(by=actor.user_id)
            work.teams.remove(team)
            work.commit()


@dataclass(frozen=True)
class DeleteAccount:
    """Forget a user. What the user has made stays with the teams that it belongs to."""

    work: Callable[[], TeamWork]

    def __call__(self, user_id: UUID) -> None:
        """Remove the account; a team that nobody else is in ends with it.

        Raises:
            LastOwner: when nobody would own a team that others are in.
        """
        with self.work() as work:
            while joined := work.teams.memberships(user_id, Part(limit=100)).items:
                for membership in joined:
                    team = work.teams.get_to_change(membership.team_id)
                    if list(team.roles) == [user_id]:
                        team.delete(by=user_id)
                        work.teams.remove(team)
                    else:
                        team.dismiss(user_id, by=user_id)
                        work.teams.save(team)
            work.accounts.delete(user_id)
            work.commit()
