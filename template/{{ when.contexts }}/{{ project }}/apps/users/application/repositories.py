"""What the use cases ask of storage, as protocols. The infrastructure keeps them, and tests do in memory."""

from typing import Protocol
from uuid import UUID

from core.kernel.actors import Role
from core.kernel.repositories import Page, Part, UnitOfWork

from ..domain.entities.team import Team
from ..domain.value_objects.member import Member, Membership


class Accounts(Protocol):
    """Names and passwords. How they are kept is the framework's business, which does it well."""

    def create(self, username: str, password: str) -> UUID:
        """Make an account.

        Raises:
            Taken: when the name is somebody else's.
        """

    def find(self, username: str) -> UUID | None:
        """Find the account of that name."""

    def delete(self, user_id: UUID) -> None:
        """Forget an account."""


class TeamRepository(Protocol):
    """All teams."""

    def add(self, team: Team) -> None:
        """Keep a new team."""

    def get_to_change(self, team_id: UUID) -> Team:
        """Find a team, and keep others from changing it until the unit of work ends.

        Raises:
            NotFound: when there is none with this id.
        """

    def save(self, team: Team) -> None:
        """Keep the changes of a team."""

    def remove(self, team: Team) -> None:
        """Forget a team."""

    def role(self, team_id: UUID, user_id: UUID) -> Role | None:
        """Tell what a user is in a team; None for no member."""

    def memberships(self, user_id: UUID, part: Part, invited: bool = False) -> Page[Membership]:
        """List a part of the teams that a user is in, or invited to, the first one at the start."""

    def members(self, team_id: UUID, part: Part, invited: bool = False) -> Page[Member]:
        """List a part of a team's members, or of those who are invited, the first one at the start."""


class TeamWork(UnitOfWork, Protocol):
    """One piece of work on teams, which happens as a whole or not at all."""

    @property
    def accounts(self) -> Accounts:
        """The accounts, as this piece of work sees them."""

    @property
    def teams(self) -> TeamRepository:
        """The teams, as this piece of work sees them."""
