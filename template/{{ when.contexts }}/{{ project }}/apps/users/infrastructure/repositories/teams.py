"""Teams and accounts in the database."""

from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, IntegrityError

from core.kernel.actors import Role
from core.kernel.errors import NotFound, Taken
from core.kernel.repositories import Page
from core.persistence.work import DjangoUnitOfWork

from ...domain.entities.team import Team
from ...domain.value_objects.member import Member
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


class DjangoTeamRepository:
    """Keeps teams in their table, and their roles in another."""

    def __init__(self) -> None:
        self.seen: list[Team] = []

    def add(self, team: Team) -> None:
        """Insert a team."""
        self.seen.append(team)
        TeamRow.objects.create(id=team.id, name=team.name)
        self._save_roles(team)

    def get_to_change(self, team_id: UUID) -> Team:
        """Find a team and lock its row. Only the primary database has locks, so it is asked."""
        row = TeamRow.objects.using(DEFAULT_DB_ALIAS).select_for_update().filter(id=team_id).first()
        if row is None:
            raise NotFound
        return Team(id=row.id, name=row.name, roles=self._roles(row.id))

    def save(self, team: Team) -> None:
        """Update a team."""
        self.seen.append(team)
        TeamRow.objects.filter(id=team.id).update(name=team.name)
        self._save_roles(team)

    def role(self, team_id: UUID, user_id: UUID) -> Role | None:
        """Read the role of one membership."""
        row = MembershipRow.objects.filter(team_id=team_id, user_id=user_id).first()
        return Role(row.role) if row else None

    def teams_of(self, user_id: UUID) -> list[UUID]:
        """Read the memberships of a user."""
        rows = MembershipRow.objects.filter(user_id=user_id).order_by("created_at", "id")
        return [row.team_id for row in rows]

    def members(self, team_id: UUID, limit: int, offset: int) -> Page[Member]:
        """Read the memberships of a team, with the names of its users."""
        rows = MembershipRow.objects.filter(team_id=team_id).select_related("user")
        cut = rows.order_by("user__username")[offset : offset + limit]
        items = [Member(row.user_id, row.user.username, Role(row.role)) for row in cut]
        return Page(items=items, total=rows.count())

    def _roles(self, team_id: UUID) -> dict[UUID, Role]:
        rows = MembershipRow.objects.using(DEFAULT_DB_ALIAS).filter(team_id=team_id)
        return {row.user_id: Role(row.role) for row in rows}

    def _save_roles(self, team: Team) -> None:
        stored = self._roles(team.id)
        MembershipRow.objects.filter(
            team_id=team.id, user_id__in=stored.keys() - team.roles.keys()
        ).delete()
        for user_id, role in team.roles.items():
            if stored.get(user_id) is not role:
                MembershipRow.objects.update_or_create(
                    team_id=team.id, user_id=user_id, defaults={"role": role.value}
                )


class DjangoTeamWork(DjangoUnitOfWork):
    """A transaction on accounts and teams."""

    def __init__(self) -> None:
        self.accounts = DjangoAccounts()
        self.teams = DjangoTeamRepository()
        super().__init__(self.teams)
