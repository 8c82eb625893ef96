"""Where rows are kept: the protocol that services build on, and a storage in memory."""

import copy
import datetime as dt
import operator
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol
from uuid import UUID

type Row = dict[str, Any]
"""The values of one thing by the names of its fields; ``id``, ``created_at`` and its version are always among them."""


@dataclass(frozen=True)
class Condition:
    """What a row has to fulfil. An empty value fulfils nothing."""

    field: str
    compare: Literal["eq", "ge", "le"]
    value: Any

    def holds(self, row: Row) -> bool:
        """Tell whether a row fulfils it."""
        stored = row[self.field]
        return stored is not None and bool(getattr(operator, self.compare)(stored, self.value))


@dataclass(frozen=True)
class Place:
    """Beside which row of a sorted list to read.

    Args:
        value: what the row has in the field that sorts.
        created_at: when it came, which decides between equals.
        id: its id, which decides between what came at the same moment.
        back: whether to read what stands before it, and not what follows.
    """

    value: Any
    created_at: dt.datetime
    id: UUID
    back: bool = False


class Duplicate(Exception):
    """Values that may stand only once, alone or together, stand in another row already; ``fields`` names where."""

    def __init__(self, fields: Sequence[str]) -> None:
        super().__init__(f"{', '.join(fields)} stands in another row")
        self.fields = fields


class Storage(Protocol):
    """Keeps the rows of one feature. Every call is done as a whole or not at all."""

    def insert(self, row: Row) -> None:
        """Keep a new row.

        Raises:
            Duplicate: when a value that may stand once is taken.
        """
        ...

    def get(self, key: UUID) -> Row | None:
        """Read the row with an id."""
        ...

    def find(
        self, conditions: Sequence[Condition], sort: str, limit: int, place: Place | None = None
    ) -> list[Row]:
        """Read rows that fulfil every condition, from a place on.

        Args:
            conditions: what the rows fulfil.
            sort: the field to sort by; with a minus before it, the greatest value comes first. What was created first and
                has the smallest id stands first among equals, with the minus last. Empty values come last in any case.
            limit: how many to read at most.
            place: where to begin, if not at the first row. Going back, the nearest row is the first.
        """
        ...

    def count(self, conditions: Sequence[Condition], limit: int) -> int:
        """Count the rows that fulfil every condition, up to a limit."""
        ...

    def replace(self, row: Row, version: int) -> bool:
        """Keep a row in place of the one with its id, if that one has the version; tell whether it had.

        Raises:
            Duplicate: when a value that may stand once is taken.
        """
        ...

    def remove(self, key: UUID, version: int) -> bool:
        """Remove the row with an id, if it has the version; tell whether it had."""
        ...


class MemoryStorage:
    """A storage that ends with the process: for tests, and for programs that keep nothing.

    Args:
        unique: fields whose values may stand only once, alone or together.
        version: the field that counts the changes of a row.
    """

    def __init__(self, unique: Collection[Sequence[str]] = (), version: str = "version") -> None:
        self._unique, self._version = unique, version
        self._rows: dict[UUID, Row] = {}

    def insert(self, row: Row) -> None:
        """Keep a new row."""
        self._refuse_duplicates(row)
        self._rows[row["id"]] = copy.deepcopy(row)

    def get(self, key: UUID) -> Row | None:
        """Read the row with an id."""
        return copy.deepcopy(self._rows.get(key))

    def find(
        self, conditions: Sequence[Condition], sort: str, limit: int, place: Place | None = None
    ) -> list[Row]:
        """Read rows that fulfil every condition, from a place on."""
        field, rows = sort.removeprefix("-"), self._matching(conditions)
        if place is None:
            return copy.deepcopy(_sorted(rows, sort)[:limit])
        # The place takes part in the sorting, whether or not its row is still there.
        mark = {field: place.value, "created_at": place.created_at, "id": place.id}
        others = [row for row in rows if any(row[name] != mark[name] for name in mark)]
        listed = _sorted([*others, mark], sort)
        if place.back:
            listed.reverse()
        return copy.deepcopy(listed[listed.index(mark) + 1 :][:limit])

    def count(self, conditions: Sequence[Condition], limit: int) -> int:
        """Count the rows that fulfil every condition, up to a limit."""
        return min(len(self._matching(conditions)), limit)

    def replace(self, row: Row, version: int) -> bool:
        """Keep a row in place of the one with its id, if that one has the version."""
        if not self._has(row["id"], version):
            return False
        self._refuse_duplicates(row)
        self._rows[row["id"]] = copy.deepcopy(row)
        return True

    def remove(self, key: UUID, version: int) -> bool:
        """Remove the row with an id, if it has the version."""
        if not self._has(key, version):
            return False
        del self._rows[key]
        return True

    def _matching(self, conditions: Sequence[Condition]) -> list[Row]:
        rows = self._rows.values()
        return [row for row in rows if all(condition.holds(row) for condition in conditions)]

    def _has(self, key: UUID, version: int) -> bool:
        return key in self._rows and self._rows[key][self._version] == version

    def _refuse_duplicates(self, row: Row) -> None:
        others = [other for key, other in self._rows.items() if key != row["id"]]
        for fields in self._unique:
            values = [row[field] for field in fields]
            if None not in values and any(
                values == [other[field] for field in fields] for other in others
            ):
                raise Duplicate(fields)


def _sorted(rows: Sequence[Row], sort: str) -> list[Row]:
    """Sort as a list does: empty values come last, and what decides between equals follows the direction."""
    field, falling = sort.removeprefix("-"), sort.startswith("-")
    filled = [row for row in rows if row[field] is not None]
    empty = [row for row in rows if row[field] is None]
    filled.sort(key=operator.itemgetter(field, "created_at", "id"), reverse=falling)
    empty.sort(key=operator.itemgetter("created_at", "id"), reverse=falling)
    return filled + empty
