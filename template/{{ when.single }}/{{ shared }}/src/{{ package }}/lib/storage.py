"""Where rows are kept: the protocol that services build on, and a storage in memory."""

import copy
import datetime as dt
import operator
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol
from uuid import UUID

type Row = dict[str, Any]
"""The values of one thing by the names of its fields; ``id``, ``created_at`` and its version are always among them."""

type Fate = Literal["RESTRICT", "SET NULL", "CASCADE"]
"""What becomes of a row when the one that it refers to goes: it forbids that, is emptied of the reference, or goes too."""

MAX_NEEDED = 1_000
"""How many rows that need another one are counted at most."""


@dataclass(frozen=True)
class Condition:
    """What a row has to fulfil. An empty value fulfils nothing."""

    field: str
    compare: Literal["eq", "ge", "le", "has"]
    value: Any

    def holds(self, row: Row) -> bool:
        """Tell whether a row fulfils it."""
        stored = row[self.field]
        if self.compare == "has":
            return self.value in stored
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


class Missing(Exception):
    """A row was to refer to one that is not there; ``relation`` and ``key`` say to which."""

    def __init__(self, relation: str, key: UUID) -> None:
        super().__init__(f"there is no {relation} {key}")
        self.relation, self.key = relation, key


class Needed(Exception):
    """A row cannot go, as others refer to it, or to what would go with it; ``by`` says how many of which kind.

    Args:
        counts: what one of a kind is called and what several are, with how many there are.
    """

    def __init__(self, counts: Iterable[tuple[tuple[str, str], int]]) -> None:
        self.by = [
            f"{count}{' or more' if count == MAX_NEEDED else ''} {one if count == 1 else many}"
            for (one, many), count in sorted(counts)
        ]
        super().__init__(f"needed by {' and '.join(self.by)}")


class Storage(Protocol):
    """Keeps the rows of one feature. Every call is done as a whole or not at all.

    A row that refers to another, as ``company_id`` does, is read with the text by which people know that one, as ``company``.
    One that is linked to any number of others, as ``tag_ids`` says, is read with their texts, as ``tags``, both in the order of
    the ids. What a row is linked to may go at any time, and is then none of them.
    """

    def insert(self, row: Row) -> Row:
        """Keep a new row, and read it.

        Raises:
            Missing: when it refers to what is not there.
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

    def replace(self, row: Row, version: int) -> Row | None:
        """Keep a row in place of the one with its id, if that one has the version, and read it.

        Raises:
            Missing: when it refers to what is not there.
            Duplicate: when a value that may stand once is taken.
        """
        ...

    def remove(self, key: UUID, version: int) -> bool:
        """Remove the row with an id, if it has the version; tell whether it had.

        Raises:
            Needed: when other rows need it.
        """
        ...


class MemoryStorage:
    """A storage that ends with the process: for tests, and for programs that keep nothing.

    Args:
        unique: fields whose values may stand only once, alone or together.
        version: the field that counts the changes of a row.
        shown: the field by whose text people know a row.
        labels: what one row is called, and what several are.
    """

    def __init__(
        self,
        unique: Collection[Sequence[str]] = (),
        version: str = "version",
        shown: str = "id",
        labels: tuple[str, str] = ("row", "rows"),
    ) -> None:
        self._unique, self._version = unique, version
        self._shown, self._labels = shown, labels
        self._rows: dict[UUID, Row] = {}
        self._targets: dict[str, MemoryStorage] = {}
        self._referring: list[tuple[MemoryStorage, str, Fate]] = []
        self._links: list[tuple[str, str, MemoryStorage]] = []
        self._linked: list[tuple[MemoryStorage, str]] = []

    def refer(self, relation: str, target: "MemoryStorage", fate: Fate) -> None:
        """Let the rows refer to those of a storage: by ``company_id``, if the relation is called company."""
        self._targets[relation] = target
        target._referring.append((self, f"{relation}_id", fate))

    def link(self, relation: str, one: str, target: "MemoryStorage") -> None:
        """Let the rows be linked to those of a storage: by ``tag_ids``, if the relation is called tags, and one of them tag."""
        self._links.append((relation, one, target))
        target._linked.append((self, f"{one}_ids"))

    def insert(self, row: Row) -> Row:
        """Keep a new row, and read it."""
        return self._keep(row)

    def get(self, key: UUID) -> Row | None:
        """Read the row with an id."""
        return self._read(self._rows[key]) if key in self._rows else None

    def find(
        self, conditions: Sequence[Condition], sort: str, limit: int, place: Place | None = None
    ) -> list[Row]:
        """Read rows that fulfil every condition, from a place on."""
        field, rows = sort.removeprefix("-"), self._matching(conditions)
        if place is None:
            return list(map(self._read, _sorted(rows, sort)[:limit]))
        # The place takes part in the sorting, whether or not its row is still there.
        mark = {field: place.value, "created_at": place.created_at, "id": place.id}
        others = [row for row in rows if any(row[name] != mark[name] for name in mark)]
        listed = _sorted([*others, mark], sort)
        if place.back:
            listed.reverse()
        return list(map(self._read, listed[listed.index(mark) + 1 :][:limit]))

    def count(self, conditions: Sequence[Condition], limit: int) -> int:
        """Count the rows that fulfil every condition, up to a limit."""
        return min(len(self._matching(conditions)), limit)

    def replace(self, row: Row, version: int) -> Row | None:
        """Keep a row in place of the one with its id, if that one has the version, and read it."""
        return self._keep(row) if self._has(row["id"], version) else None

    def remove(self, key: UUID, version: int) -> bool:
        """Remove the row with an id, if it has the version."""
        if not self._has(key, version):
            return False
        going, emptied = [(self, key)], list[tuple[Row, str]]()
        needing: defaultdict[tuple[str, str], set[UUID]] = defaultdict(set)
        # What goes grows while it is looked through.
        for gone, known in going:
            for storage, field, fate in gone._referring:
                for row in storage._rows.values():
                    if row[field] != known:
                        continue
                    if fate == "RESTRICT":
                        needing[storage._labels].add(row["id"])
                    elif fate == "SET NULL":
                        emptied.append((row, field))
                    elif (storage, row["id"]) not in going:
                        going.append((storage, row["id"]))
        if needing:
            raise Needed((kind, min(len(ids), MAX_NEEDED)) for kind, ids in needing.items())
        for row, field in emptied:
            row[field] = None
        for gone, known in going:
            for storage, field in gone._linked:
                for row in storage._rows.values():
                    row[field] = [key for key in row[field] if key != known]
            del gone._rows[known]
        return True

    def _keep(self, row: Row) -> Row:
        for relation, target in self._targets.items():
            key = row[f"{relation}_id"]
            itself = target is self and key == row["id"]
            if key is not None and (itself or key not in target._rows):
                raise Missing(relation, key)
        ordered = {f"{one}_ids": sorted(row[f"{one}_ids"]) for _, one, _ in self._links}
        for _, one, target in self._links:
            for key in ordered[f"{one}_ids"]:
                if key not in target._rows:
                    raise Missing(one, key)
        self._refuse_duplicates(row)
        self._rows[row["id"]] = copy.deepcopy(row) | ordered
        return self._read(self._rows[row["id"]])

    def _read(self, row: Row) -> Row:
        texts = {
            relation: None if key is None else str(target._rows[key][target._shown])
            for relation, target in self._targets.items()
            for key in [row[f"{relation}_id"]]
        }
        several = {
            relation: [str(target._rows[key][target._shown]) for key in row[f"{one}_ids"]]
            for relation, one, target in self._links
        }
        return copy.deepcopy(row) | texts | several

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
