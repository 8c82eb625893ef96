"""What the models of every feature are made of."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

type Shown = str
"""The text by which people know what a field refers to, or one of several: it is read, and never entered."""


@dataclass(frozen=True)
class Reference:
    """Says of a field that it holds the id of an entity, which is named ``module.Entity``, or ``self`` for its own kind; or ids."""

    target: str


class Model(BaseModel):
    """Base of everything that is stored, entered or asked for.

    It is frozen, so that a value that was checked stays right, and refuses names that it does not know.
    """

    # What somebody entered is no part of an error's text, which may end up in a log. A field whose name Pydantic gives to
    # something else has another one in the code, and keeps its own as the alias.
    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, populate_by_name=True
    )


class Record(Model):
    """What is stored: it is found by its id."""

    id: UUID


class Entity(Record):
    """What every stored thing knows of itself."""

    version: Annotated[int, Field(ge=1)]
    created_at: AwareDatetime
    updated_at: AwareDatetime


class RowVersioned(Record):
    """The same for what has a field of its own called version."""

    row_version: Annotated[int, Field(ge=1)]
    created_at: AwareDatetime
    updated_at: AwareDatetime


class ListQuery(Model):
    """Which page of a list is wanted. A subclass says what sorts the list, and adds its filters."""

    sort: str
    limit: Annotated[int, Field(ge=1, le=1000)] = 20
    total: bool = False
    cursor: str | None = None
