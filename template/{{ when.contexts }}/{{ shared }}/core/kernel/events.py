"""What happened in a context, and the form in which it travels to others."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar
from uuid import UUID, uuid4

from ..utils.clock import now
from ..utils.primitives import as_json


@dataclass(frozen=True)
class Message:
    """An event as other contexts see it: a name and plain data, so that nobody imports anybody.

    The id is the event's: whoever gets a message twice knows it by that.
    """

    id: str
    name: str
    team_id: str
    occurred_at: str
    data: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened to an entity of a team. Its class has a name of the form ``context.what_happened``."""

    name: ClassVar[str]

    team_id: UUID
    event_id: UUID = field(default_factory=uuid4)
    occurred_at: dt.datetime = field(default_factory=now)

    def message(self) -> Message:
        """Put the event into the form in which it leaves the context."""
        own = {entry.name for entry in fields(Event)}
        return Message(
            id=str(self.event_id),
            name=self.name,
            team_id=str(self.team_id),
            occurred_at=self.occurred_at.isoformat(),
            data={
                entry.name: as_json(getattr(self, entry.name))
                for entry in fields(self)
                if entry.name not in own
            },
        )
