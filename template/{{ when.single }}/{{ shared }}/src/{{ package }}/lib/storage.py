"""Where rows are kept: the protocol that services build on, and a storage in memory."""

import copy
import operator
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol
from uuid import UUID

type Row = dict[str, Any]
"""The values of one thing by the names of its fields; ``id`` and its version are always among them."""


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


class Duplicate(Exception):
    """A value that may stand only once stands in another row already; ``field`` names where."""

    def __init__(self, field: str) -> None:
        super().__init__(f"{field} stands in another row")
        self.field = field


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
        self, conditions: Sequence[Condition], sort: str, limit: int, offset: int
    ) -> tuple[list[Row], int]:
        """Read a part of the rows that fulfil every condition, and count all that do.

        Args:
            conditions: what the rows fulfil.
            sort: the field to sort by; with a minus before it, the greatest value comes first. Empty values come last,
                and of equals the smallest id first.
            limit: how many to read at most.
            offset: how many to pass over.
        """
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
        unique: fields whose values may stand only once.
        version: the field that counts the changes of a row.
    """

    def __init__(self, unique: Collection[str] = (), version: str = "version") -> None:
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
        self, conditions: Sequence[Condition], sort: str, limit: int, offset: int
    ) -> tuple[list[Row], int]:
        """Read a part of the rows that fulfil every condition, and count all that do."""
        field = sort.removeprefix("-")
        rows = sorted(self._rows.values(), key=operator.itemgetter("id"))
        rows = [row for row in rows if all(condition.holds(row) for condition in conditions)]
        known = [row for row in rows if row[field] is not None]
        known.sort(key=operator.itemgetter(field), reverse=sort.startswith("-"))
        known += [row for row in rows if row[field] is None]
        return copy.deepcopy(known[offset : offset + limit]), len(known)

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

    def _has(self, key: UUID, version: int) -> bool:
        return key in self._rows and self._rows[key][self._version] == version

    def _refuse_duplicates(self, row: Row) -> None:
        others = [other for key, other in self._rows.items() if key != row["id"]]
        for field in self._unique:
            if row[field] is not None and any(other[field] == row[field] for other in others):
                raise Duplicate(field)
