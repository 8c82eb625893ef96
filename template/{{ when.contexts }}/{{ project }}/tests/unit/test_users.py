"""Teams: their rules, and what can be done with them."""

from copy import deepcopy
from uuid import UUID, uuid4

import pytest

from apps.users.application.use_cases import teams
from apps.users.domain.entities.team import LastOwner, Team
from apps.users.domain.value_objects.member import Member, Membership
from core.kernel.actors import Actor, Role
from core.kernel.errors import Forbidden, InvalidValue, NotFound, Taken
from core.kernel.repositories import Page, Part

from ..memory import MemoryWork, cut


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

    def delete(self, user_id: UUID) -> None:
        """Forget an account."""
        self.kept = {name: known for name, known in self.kept.items() if known != user_id}


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

    def remove(self, team: Team) -> None:
        """Forget a team."""
        self.seen.append(team)
        del self.kept[team.id]

    def memberships(self, user_id: UUID, part: Part, invited: bool = False) -> Page[Membership]:
        """List the teams that somebody is in, or invited to."""
        found = [
            Membership(team.id, team.name, roles[user_id])
            for team in self.kept.values()
            if user_id in (roles := team.invited if invited else team.roles)
        ]
        return cut(found, part)

    def members(self, team_id: UUID, part: Part, invited: bool = False) -> Page[Member]:
        """List members, or who is invited."""
        team = self.kept[team_id]
        roles = team.invited if invited else team.roles
        names = {user_id: name for name, user_id in self.accounts.kept.items()}
        return cut([Member(user_id, names[user_id], role) for user_id, role in roles.items()], part)


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
    teams.Register(lambda: work)("bob", "secret", "Bridges")
    user_id, team = teams.Register(lambda: work)("ada", "secret", "Engines")
    work.told.clear()
    return teams.Identify(lambda: work.teams)(user_id, team.id)


@pytest.fixture
def bob(work: Work, ada: Actor) -> Actor:
    """A member of Ada's team."""
    teams.InviteMember(lambda: work)(ada, "bob", Role.MEMBER)
    user_id = work.accounts.kept["bob"]
    teams.AcceptInvitation(lambda: work)(user_id, ada.team_id)
    work.told.clear()
    return teams.Identify(lambda: work.teams)(user_id, ada.team_id)


def told(work: Work) -> list[str]:
    return [message.name.removeprefix("users.") for message in work.told]


def test_who_registers_owns_a_team(work: Work) -> None:
    user_id, team = teams.Register(lambda: work)("ada", "secret", "Engines")
    assert (team.name, team.roles) == ("Engines", {user_id: Role.OWNER})
    assert told(work) == ["team_founded"]


@pytest.mark.parametrize(("name", "team"), [("ada", "Other"), ("eve", "x" * 121)])
def test_a_registration_that_is_refused_leaves_nothing(
    work: Work, ada: Actor, name: str, team: str
) -> None:
    with pytest.raises((Taken, InvalidValue)):
        teams.Register(lambda: work)(name, "secret", team)
    assert sorted(work.accounts.kept) == ["ada", "bob"]
    assert work.told == []


def test_the_role_counts_at_this_moment(work: Work, ada: Actor) -> None:
    assert ada.role is Role.OWNER
    with pytest.raises(Forbidden):
        teams.Identify(lambda: work.teams)(uuid4(), ada.team_id)
    with pytest.raises(Forbidden):
        teams.Identify(lambda: work.teams)(ada.user_id, uuid4())


def test_who_signs_in_chooses_a_team_or_gets_the_first(work: Work, ada: Actor, bob: Actor) -> None:
    choose = teams.ChooseTeam(lambda: work.teams)
    assert choose(ada.user_id) == ada.team_id
    assert choose(bob.user_id) != ada.team_id
    assert choose(bob.user_id, ada.team_id) == ada.team_id
    assert choose(uuid4()) is None
    with pytest.raises(Forbidden):
        choose(ada.user_id, uuid4())


def test_one_may_own_more_than_one_team(work: Work, ada: Actor) -> None:
    made = teams.FoundTeam(lambda: work)(ada.user_id, "Looms")
    page = teams.ListMemberships(lambda: work.teams)(ada.user_id, Part())
    assert [membership.team for membership in page.items] == ["Engines", "Looms"]
    assert page.items[1] == made
    assert told(work) == ["team_founded"]


def test_nobody_is_in_a_team_who_has_not_accepted_it(work: Work, ada: Actor) -> None:
    invited = teams.InviteMember(lambda: work)(ada, "bob", Role.VIEWER)
    mine = teams.ListMemberships(lambda: work.teams)
    offer = Membership(ada.team_id, "Engines", Role.VIEWER)
    assert teams.ListMembers(lambda: work.teams)(ada, Part(total=True)).total == 1
    assert teams.ListInvitations(lambda: work.teams)(ada, Part()).items == [invited]
    assert mine(invited.user_id, Part(), invited=True).items == [offer]
    with pytest.raises(Forbidden):
        teams.Identify(lambda: work.teams)(invited.user_id, ada.team_id)

    assert teams.AcceptInvitation(lambda: work)(invited.user_id, ada.team_id) == offer
    first = teams.ListMembers(lambda: work.teams)(ada, Part(limit=1))
    second = teams.ListMembers(lambda: work.teams)(ada, Part(limit=1, place=first.next))
    assert second.items == [invited]
    assert mine(invited.user_id, Part(), invited=True).items == []
    assert told(work) == ["member_invited", "member_admitted"]
    with pytest.raises(NotFound):
        teams.AcceptInvitation(lambda: work)(invited.user_id, ada.team_id)


def test_an_invitation_is_declined_or_taken_back(work: Work, ada: Actor) -> None:
    invited = teams.InviteMember(lambda: work)(ada, "bob", Role.VIEWER)
    teams.DeclineInvitation(lambda: work)(invited.user_id, ada.team_id)
    teams.InviteMember(lambda: work)(ada, "bob", Role.VIEWER)
    teams.WithdrawInvitation(lambda: work)(ada, invited.user_id)
    assert told(work) == ["member_invited", "invitation_ended"] * 2
    for refused in (
        lambda: teams.AcceptInvitation(lambda: work)(invited.user_id, ada.team_id),
        lambda: teams.DeclineInvitation(lambda: work)(invited.user_id, ada.team_id),
        lambda: teams.WithdrawInvitation(lambda: work)(ada, invited.user_id),
    ):
        with pytest.raises(NotFound):
            refused()


def test_an_owner_changes_roles_and_dismisses(work: Work, ada: Actor, bob: Actor) -> None:
    for role in (Role.OWNER, Role.OWNER, Role.VIEWER):
        assert teams.ChangeRole(lambda: work)(ada, bob.user_id, role) is role
        assert work.teams.role(ada.team_id, bob.user_id) is role
    teams.DismissMember(lambda: work)(ada, bob.user_id)
    assert teams.ListMembers(lambda: work.teams)(ada, Part(total=True)).total == 1
    assert told(work) == ["role_changed", "role_changed", "member_dismissed"]


def test_a_member_leaves(work: Work, ada: Actor, bob: Actor) -> None:
    teams.DismissMember(lambda: work)(bob, bob.user_id)
    assert work.teams.role(ada.team_id, bob.user_id) is None


def test_nobody_else_does(work: Work, ada: Actor, bob: Actor) -> None:
    for refused in (
        lambda: teams.ListInvitations(lambda: work.teams)(bob, Part()),
        lambda: teams.InviteMember(lambda: work)(bob, "eve", Role.OWNER),
        lambda: teams.WithdrawInvitation(lambda: work)(bob, uuid4()),
        lambda: teams.ChangeRole(lambda: work)(bob, bob.user_id, Role.OWNER),
        lambda: teams.DismissMember(lambda: work)(bob, ada.user_id),
        lambda: teams.DeleteTeam(lambda: work)(bob),
    ):
        with pytest.raises(Forbidden):
            refused()
    assert work.told == []


def test_what_cannot_be_is_refused(work: Work, ada: Actor) -> None:
    with pytest.raises(InvalidValue, match="Nobody has this name"):
        teams.InviteMember(lambda: work)(ada, "nobody", Role.MEMBER)
    with pytest.raises(Taken):
        teams.InviteMember(lambda: work)(ada, "ada", Role.MEMBER)
    for use_case in (
        lambda: teams.DismissMember(lambda: work)(ada, uuid4()),
        lambda: teams.ChangeRole(lambda: work)(ada, uuid4(), Role.OWNER),
    ):
        with pytest.raises(NotFound):
            use_case()
    assert work.told == []


def test_the_last_owner_stays(work: Work, ada: Actor, bob: Actor) -> None:
    for refused in (
        lambda: teams.DismissMember(lambda: work)(ada, ada.user_id),
        lambda: teams.ChangeRole(lambda: work)(ada, ada.user_id, Role.MEMBER),
        lambda: teams.DeleteAccount(lambda: work)(ada.user_id),
    ):
        with pytest.raises(LastOwner):
            refused()
    assert work.told == []
    teams.ChangeRole(lambda: work)(ada, bob.user_id, Role.OWNER)
    teams.DismissMember(lambda: work)(ada, ada.user_id)
    assert work.teams.kept[ada.team_id].roles == {bob.user_id: Role.OWNER}


def test_a_team_that_is_deleted_is_gone_and_told_of(work: Work, ada: Actor, bob: Actor) -> None:
    teams.DeleteTeam(lambda: work)(ada)
    assert told(work) == ["team_deleted"]
    assert work.teams.role(ada.team_id, bob.user_id) is None


def test_an_account_goes_with_the_teams_that_nobody_else_is_in(
    work: Work, ada: Actor, bob: Actor
) -> None:
    teams.DeleteAccount(lambda: work)(bob.user_id)
    assert list(work.accounts.kept) == ["ada"]
    assert work.teams.kept.keys() == {ada.team_id}
    assert sorted(told(work)) == ["member_dismissed", "team_deleted"]


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
