"""Lists in pages. A page begins beside a row, not at a number of rows, so that the last one costs what the first one does."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, TypeAdapter

from ..lib.storage import Condition, Place, Row, Storage
from ..models.entity import ListQuery, Record
from .errors import Misplaced

MAX_TOTAL = 10_000
"""How many rows are counted at most: to count all of them takes longer the more there are."""

# What a cursor holds: the sort of its list, and a place in it.
CURSOR = TypeAdapter(tuple[str, Any, AwareDatetime, UUID, bool])


@dataclass(frozen=True)
class Page[Kind: Record]:
    """A part of a list.

    Args:
        items: what is in it.
        next: the cursor of the page that follows, if there is one.
        previous: the cursor of the page before, if there is one.
        total: how many there are in all, if the query asks for it; ``MAX_TOTAL`` for that many or more.
    """

    items: Sequence[Kind]
    next: str | None
    previous: str | None
    total: int | None


def read[Kind: Record](
    storage: Storage, kind: type[Kind], query: ListQuery, conditions: Sequence[Condition]
) -> Page[Kind]:
    """Read the page that a query asks for, of what fulfils all conditions.

    Raises:
        Misplaced: when the cursor is none of this list.
    """
    place = None if query.cursor is None else _decode(query.cursor, query.sort, kind)
    back = place is not None and place.back
    rows = storage.find(conditions, query.sort, query.limit + 1, place)
    more = len(rows) > query.limit
    rows = rows[: query.limit][:: -1 if back else 1]
    before, after = (more, True) if back else (place is not None, more)
    sorting = _sorting(kind, query.sort)
    return Page(
        items=[kind.model_validate(row) for row in rows],
        next=_encode(query.sort, sorting, rows[-1]) if rows and after else None,
        previous=_encode(query.sort, sorting, rows[0], back=True) if rows and before else None,
        total=storage.count(conditions, MAX_TOTAL) if query.total else None,
    )


@cache
def _sorting(kind: type[Record], sort: str) -> TypeAdapter[Any]:
    """Tell what the field that sorts a list may hold, and how it is written."""
    name = sort.removeprefix("-")
    field = next(info for key, info in kind.model_fields.items() if name in (key, info.alias))
    return TypeAdapter(field.rebuild_annotation())


def _encode(sort: str, sorting: TypeAdapter[Any], row: Row, *, back: bool = False) -> str:
    """Write the cursor of the page that follows a row, or of the one before it."""
    value = sorting.dump_python(row[sort.removeprefix("-")], mode="json")
    cursor = (sort, value, row["created_at"], row["id"], back)
    return base64.urlsafe_b64encode(CURSOR.dump_json(cursor)).decode().rstrip("=")


def _decode(cursor: str, sort: str, kind: type[Record]) -> Place:
    """Read a cursor. Its value has to be one that the field may have: anybody may have written it."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        document = base64.b64decode(padded, altchars=b"-_", validate=True)
        given, value, created_at, key, back = CURSOR.validate_json(document)
        place = Place(_sorting(kind, sort).validate_python(value), created_at, key, back)
    except ValueError:
        raise Misplaced("is none that a page of this list gave") from None
    if given != sort:
        raise Misplaced(f"is one of the list sorted by {given}")
    return place
