"""Teams: their rules, and what can be done with them."""

from copy import deepcopy
from uuid import UUID, uuid4

import pytest

from apps.users.application.use_cases.teams import (
    AdmitMember,
    ChooseTeam,
    DismissMember,
    Identify,
    ListMembers,
    Register,
)
from apps.users.domain.entities.team import LastOwner, Team
from apps.users.domain.value_objects.member import Member
from core.kernel.actors import Actor, Role
from core.kernel.errors import Forbidden, InvalidValue, NotFound, Taken
from core.kernel.repositories import Page

from ..memory import MemoryWork


class Accounts:
    """Accounts in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, UUID] = {}
        self.seen: list[Team] = []

    def create(self, username: str, password: str) -> UUID:
        """Make an account."""
        if username in self.kept:
            raise Taken
        return self.kept.setdefault(username, uuid4())

    def find(self, username: str) -> UUID | None:
        """Find an account."""
        return self.kept.get(username)


class Teams:
    """Teams in memory."""

    def __init__(self, accounts: Accounts) -> None:
        self.accounts = accounts
        self.kept: dict[UUID, Team] = {}
        self.seen: list[Team] = []

    def add(self, team: Team) -> None:
        """Keep a team."""
        self.seen.append(team)
        self.kept[team.id] = team

    def save(self, team: Team) -> None:
        """Keep its changes."""
        self.add(team)

    def get_to_change(self, team_id: UUID) -> Team:
        """Hand out a copy."""
        if team_id not in self.kept:
            raise NotFound
        return deepcopy(self.kept[team_id])

    def role(self, team_id: UUID, user_id: UUID) -> Role | None:
        """Look up a role."""
        return self.kept[team_id].roles.get(user_id) if team_id in self.kept else None

    def teams_of(self, user_id: UUID) -> list[UUID]:
        """List the teams that somebody is in."""
        return [team.id for team in self.kept.values() if user_id in team.roles]

    def members(self, team_id: UUID, limit: int, offset: int) -> Page[Member]:
        """List members by name."""
        roles = self.kept[team_id].roles
        everybody = [
            Member(user_id, name, roles[user_id])
            for name, user_id in sorted(self.accounts.kept.items())
            if user_id in roles
        ]
        return Page(items=everybody[offset : offset + limit], total=len(everybody))


class Work(MemoryWork):
    """A unit of work on accounts and teams, in memory."""

    def __init__(self) -> None:
        self.accounts = Accounts()
        self.teams = Teams(self.accounts)
        super().__init__(self.accounts, self.teams)


@pytest.fixture
def work() -> Work:
    """Storage with nothing in it yet."""
    return Work()


@pytest.fixture
def ada(work: Work) -> Actor:
    """The owner of a team; Bob has another one."""
    Register(lambda: work)("bob", "secret", "Bridges")
    user_id, team = Register(lambda: work)("ada", "secret", "Engines")
    work.told.clear()
    return Identify(lambda: work.teams)(user_id, team.id)


def test_who_registers_owns_a_team(work: Work) -> None:
    user_id, team = Register(lambda: work)("ada", "secret", "Engines")
    assert (team.name, team.roles) == ("Engines", {user_id: Role.OWNER})
    assert [message.name for message in work.told] == ["users.team_founded"]


@pytest.mark.parametrize(("name", "team"), [("ada", "Other"), ("eve", "x" * 121)])
def test_a_registration_that_is_refused_leaves_nothing(
    work: Work, ada: Actor, name: str, team: str
) -> None:
    with pytest.raises((Taken, InvalidValue)):
        Register(lambda: work)(name, "secret", team)
    assert sorted(work.accounts.kept) == ["ada", "bob"]
    assert work.told == []


def test_the_role_counts_at_this_moment(work: Work, ada: Actor) -> None:
    assert ada.role is Role.OWNER
    with pytest.raises(Forbidden):
        Identify(lambda: work.teams)(uuid4(), ada.team_id)
    with pytest.raises(Forbidden):
        Identify(lambda: work.teams)(ada.user_id, uuid4())


def test_who_signs_in_chooses_a_team_or_gets_the_first(work: Work, ada: Actor) -> None:
    bob = AdmitMember(lambda: work)(ada, "bob", Role.MEMBER).user_id
    choose = ChooseTeam(lambda: work.teams)
    assert choose(ada.user_id) == ada.team_id
    assert choose(bob) != ada.team_id
    assert choose(bob, ada.team_id) == ada.team_id
    for user_id, team_id in ((ada.user_id, uuid4()), (uuid4(), None)):
        with pytest.raises(Forbidden):
            choose(user_id, team_id)


def test_an_owner_admits_and_dismisses(work: Work, ada: Actor) -> None:
    bob = AdmitMember(lambda: work)(ada, "bob", Role.VIEWER)
    assert ListMembers(lambda: work.teams)(ada, 1, 1).items == [bob]
    assert ListMembers(lambda: work.teams)(ada, 1, 0).total == 2
    DismissMember(lambda: work)(ada, bob.user_id)
    assert ListMembers(lambda: work.teams)(ada, 20, 0).total == 1
    assert [message.name for message in work.told] == [
        "users.member_admitted",
        "users.member_dismissed",
    ]


def test_nobody_else_does(work: Work, ada: Actor) -> None:
    bob = AdmitMember(lambda: work)(ada, "bob", Role.MEMBER)
    actor = Actor(user_id=bob.user_id, team_id=ada.team_id, role=Role.MEMBER)
    with pytest.raises(Forbidden):
        AdmitMember(lambda: work)(actor, "eve", Role.OWNER)
    with pytest.raises(Forbidden):
        DismissMember(lambda: work)(actor, ada.user_id)


def test_what_cannot_be_is_refused(work: Work, ada: Actor) -> None:
    with pytest.raises(InvalidValue, match="Nobody has this name"):
        AdmitMember(lambda: work)(ada, "nobody", Role.MEMBER)
    with pytest.raises(Taken):
        AdmitMember(lambda: work)(ada, "ada", Role.MEMBER)
    with pytest.raises(NotFound):
        DismissMember(lambda: work)(ada, uuid4())
    with pytest.raises(LastOwner):
        DismissMember(lambda: work)(ada, ada.user_id)
    assert work.told == []


def test_roles_include_those_below() -> None:
    allowed = {(a, b) for a in Role for b in Role if a.includes(b)}
    assert allowed == {
        (Role.VIEWER, Role.VIEWER),
        (Role.MEMBER, Role.VIEWER),
        (Role.MEMBER, Role.MEMBER),
        (Role.OWNER, Role.VIEWER),
        (Role.OWNER, Role.MEMBER),
        (Role.OWNER, Role.OWNER),
    }
