"""Teams and accounts in the database."""

from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, IntegrityError
from django.db.models import QuerySet

from core.kernel.actors import Role
from core.kernel.errors import NotFound, Taken
from core.kernel.repositories import Page, Part
from core.persistence import keyset
from core.persistence.work import DjangoUnitOfWork

from ...domain.entities.team import Team
from ...domain.value_objects.member import Member, Membership
from ..models import MembershipRow, TeamRow, User


class DjangoAccounts:
    """Accounts in Django's own table of users, with its hashes of passwords."""

    def create(self, username: str, password: str) -> UUID:
        """Insert a user."""
        try:
            return User.objects.create_user(username=username, password=password).id
        except IntegrityError as error:
            raise Taken("Somebody else has this name.") from error

    def find(self, username: str) -> UUID | None:
        """Find a user who may sign in."""
        user = User.objects.filter(username=username, is_active=True).first()
        return user.id if user else None

    def delete(self, user_id: UUID) -> None:
        """Delete a user, and the invitations that were left."""
        User.objects.filter(id=user_id).delete()


class DjangoTeamRepository:
    """Keeps teams in their table, and their roles in another."""

    def __init__(self) -> None:
        self.seen: list[Team] = []

    def add(self, team: Team) -> None:
        """Insert a team."""
        self.seen.append(team)
        TeamRow.objects.create(id=team.id, name=team.name)
        self._save_members(team)

    def get_to_change(self, team_id: UUID) -> Team:
        """Find a team and lock its row. Only the primary database has locks, so it is asked."""
        row = TeamRow.objects.using(DEFAULT_DB_ALIAS).select_for_update().filter(id=team_id).first()
        if row is None:
            raise NotFound
        rows = MembershipRow.objects.using(DEFAULT_DB_ALIAS).filter(team_id=team_id)
        roles, invited = (
            {row.user_id: Role(row.role) for row in rows if row.accepted is accepted}
            for accepted in (True, False)
        )
        return Team(id=row.id, name=row.name, roles=roles, invited=invited)

    def save(self, team: Team) -> None:
        """Update a team."""
        self.seen.append(team)
        TeamRow.objects.filter(id=team.id).update(name=team.name)
        self._save_members(team)

    def remove(self, team: Team) -> None:
        """Delete a team, with its memberships."""
        self.seen.append(team)
        TeamRow.objects.filter(id=team.id).delete()

    def role(self, team_id: UUID, user_id: UUID) -> Role | None:
        """Read the role of one membership."""
        rows = MembershipRow.objects.filter(team_id=team_id, user_id=user_id, accepted=True)
        return next(map(Role, rows.values_list("role", flat=True)), None)

    def memberships(self, user_id: UUID, part: Part, invited: bool = False) -> Page[Membership]:
        """Read the memberships of a user, with the names of the teams."""
        return keyset.page(
            self._joined(invited).filter(user_id=user_id).select_related("team"),
            part,
            lambda row: Membership(row.team_id, row.team.name, Role(row.role)),
        )

    def members(self, team_id: UUID, part: Part, invited: bool = False) -> Page[Member]:
        """Read the memberships of a team, with the names of its users."""
        return keyset.page(
            self._joined(invited).filter(team_id=team_id).select_related("user"),
            part,
            lambda row: Member(row.user_id, row.user.username, Role(row.role)),
        )

    @staticmethod
    def _joined(invited: bool) -> QuerySet[MembershipRow]:
        return MembershipRow.objects.filter(keyset.equal("accepted", not invited)).order_by(
            "created_at", "id"
        )

    def _save_members(self, team: Team) -> None:
        wanted = {user_id: (role.value, True) for user_id, role in team.roles.items()}
        wanted |= {user_id: (role.value, False) for user_id, role in team.invited.items()}
        rows = MembershipRow.objects.using(DEFAULT_DB_ALIAS).filter(team_id=team.id)
        stored = {row.user_id: (row.role, row.accepted) for row in rows}
        MembershipRow.objects.filter(
            team_id=team.id, user_id__in=stored.keys() - wanted.keys()
        ).delete()
        for user_id, (role, accepted) in wanted.items():
            if stored.get(user_id) != (role, accepted):
                MembershipRow.objects.update_or_create(
                    team_id=team.id,
                    user_id=user_id,
                    defaults={"role": role, "accepted": accepted},
                )


class DjangoTeamWork(DjangoUnitOfWork):
    """A transaction on accounts and teams."""

    def __init__(self) -> None:
        self.accounts = DjangoAccounts()
        self.teams = DjangoTeamRepository()
        super().__init__(self.teams)
