"""What can be done with teams: everybody registers, members look around, owners say who is in."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from core.kernel.actors import Actor, Role
from core.kernel.errors import Forbidden, InvalidValue
from core.kernel.repositories import Page

from ...domain.entities.team import Team
from ...domain.value_objects.member import Member
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

    def __call__(self, user_id: UUID, team_id: UUID | None = None) -> UUID:
        """Return the team that is asked for, or else the one that was joined first.

        Raises:
            Forbidden: when the user is not in the team, or in none.
        """
        joined = self.teams().teams_of(user_id)
        if team_id not in joined if team_id else not joined:
            raise Forbidden("You are no member of this team.")
        return team_id or joined[0]


@dataclass(frozen=True)
class ListMembers:
    """Look who is in the team."""

    teams: Callable[[], TeamRepository]

    def __call__(self, actor: Actor, limit: int, offset: int) -> Page[Member]:
        """Return a part of the members."""
        actor.require(Role.VIEWER)
        return self.teams().members(actor.team_id, limit, offset)


@dataclass(frozen=True)
class AdmitMember:
    """Let somebody into the team who has an account."""

    work: Callable[[], TeamWork]

    def __call__(self, actor: Actor, username: str, role: Role) -> Member:
        """Return the new member.

        Raises:
            Forbidden: when the actor is no owner.
            InvalidValue: when nobody has this name.
            Taken: when the user is a member already.
        """
        actor.require(Role.OWNER)
        with self.work() as work:
            user_id = work.accounts.find(username)
            if user_id is None:
                raise InvalidValue("username", "Nobody has this name.")
            team = work.teams.get_to_change(actor.team_id)
            team.admit(actor, user_id, role)
            work.teams.save(team)
            work.commit()
        return Member(user_id=user_id, username=username, role=role)


@dataclass(frozen=True)
class DismissMember:
    """Take somebody out of the team."""

    work: Callable[[], TeamWork]

    def __call__(self, actor: Actor, user_id: UUID) -> None:
        """Remove the member.

        Raises:
            Forbidden: when the actor is no owner.
            NotFound: when the user is no member.
            LastOwner: when nobody else owns the team.
        """
        actor.require(Role.OWNER)
        with self.work() as work:
            team = work.teams.get_to_change(actor.team_id)
            team.dismiss(actor, user_id)
            work.teams.save(team)
            work.commit()
