"""The storage in a file: SQLite, through SQLAlchemy. It brings a file that an older version wrote up to date by itself."""

import datetime as dt
import operator
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import (
    URL,
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Enum,
    FromClause,
    Integer,
    MetaData,
    NullPool,
    Select,
    String,
    Table,
    UniqueConstraint,
    and_,
    column,
    create_engine,
    delete,
    event,
    func,
    insert,
    literal,
    or_,
    select,
    table,
    true,
    tuple_,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.schema import CreateIndex
from sqlalchemy.types import TypeDecorator

from . import log
from .locations import database_file
from .storage import (
    MAX_NEEDED,
    Condition,
    Duplicate,
    Fate,
    MemoryStorage,
    Missing,
    Needed,
    Place,
    Row,
)

Compare = Callable[[Any, Any], ColumnElement[bool]]

BUSY_SECONDS = 5
"""How long to wait for another process that writes."""

TABLES = MetaData()
"""The tables of all features, where a reference finds the table of another by its name."""

VERSIONS = Table(
    "schema_version",
    MetaData(),
    Column("name", String(63), primary_key=True),
    Column("version", Integer(), nullable=False),
)
CATALOGUE = Table(
    "sqlite_master",
    MetaData(),
    Column("name", String()),
    Column("tbl_name", String()),
    Column("sql", String()),
)


class Unusable(Exception):
    """The file cannot be used: it is damaged, locked, not ours to write, or newer than this program."""


class UtcDateTime(TypeDecorator[dt.datetime]):
    """A point in time, always aware and always in UTC; SQLite keeps no offset."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Convert to UTC; a naive value is a programming error."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a point in time needs an offset")
        return value.astimezone(dt.UTC).replace(tzinfo=None)

    def process_result_value(
        self, value: dt.datetime | None, dialect: Dialect
    ) -> dt.datetime | None:
        """Give back an aware value."""
        return None if value is None else value.replace(tzinfo=dt.UTC)


class ExactNumeric(TypeDecorator[Decimal]):
    """An exact decimal. SQLite has none, so it keeps a scaled integer, which sorts and compares alike."""

    impl = BigInteger
    cache_ok = True

    def __init__(self, digits: int, places: int) -> None:
        super().__init__()
        self.digits, self.places = digits, places

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """Scale up."""
        return None if value is None else int(value.scaleb(self.places))

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        """Scale back."""
        return None if value is None else Decimal(value).scaleb(-self.places)


class WholeSeconds(TypeDecorator[dt.timedelta]):
    """A length of time as its seconds, which sort and compare alike."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: dt.timedelta | None, dialect: Dialect) -> int | None:
        """Count the seconds; a part of one is a programming error."""
        if value is None:
            return None
        seconds, rest = divmod(value, dt.timedelta(seconds=1))
        if rest:
            raise ValueError("a length of time has whole seconds")
        return seconds

    def process_result_value(self, value: int | None, dialect: Dialect) -> dt.timedelta | None:
        """Give back the length of time."""
        return None if value is None else dt.timedelta(seconds=value)


def enum_type(values: type[StrEnum]) -> Enum:
    """Keep an enum as text, so that a new value needs no change of the table."""
    return Enum(
        values,
        native_enum=False,
        create_constraint=False,
        values_callable=lambda members: [member.value for member in members],
    )


@dataclass(frozen=True)
class Reference:
    """A column with the ids of rows: the relation company is the column ``company_id``.

    Args:
        relation: what a row is to the one that refers to it.
        target: the schema of these rows.
        fate: what becomes of a row when the one that it refers to goes.
    """

    relation: str
    target: "Schema"
    fate: Fate

    @property
    def column(self) -> str:
        """Name the column."""
        return f"{self.relation}_id"


@dataclass(frozen=True)
class Link:
    """A table of links: each of a row's is a row of its own, and the relation tags is the field ``tag_ids``.

    A link also has when its row was created. So its index finds what is linked to one in the order of a list.

    Args:
        relation: what others are to the row that is linked to them.
        target: the schema of these others.
        table: its columns are the id of the row, that of the other, and ``created_at``.
    """

    relation: str
    target: "Schema"
    table: Table

    @property
    def row(self) -> Column[Any]:
        """Return the column with the id of the row."""
        return self.table.columns[0]

    @property
    def other(self) -> Column[Any]:
        """Return the column with the id of what the row is linked to."""
        return self.table.columns[1]

    @property
    def one(self) -> str:
        """Say what one of the others is called."""
        return self.other.name.removesuffix("_id")

    @property
    def field(self) -> str:
        """Name the field with the ids of the others."""
        return f"{self.other.name}s"


@dataclass(frozen=True)
class Schema:
    """A feature's table, and how it came to be.

    Args:
        table: the table as it is now, with its indexes. These hold nothing of their own, and are made as the table has them.
        steps: one entry for each version of the table, with the SQL statements that lead to it from the one before. A step
            that was released is never changed: whoever has run it would keep the old one. A change is a new step. They make the
            tables of links too. A statement that asks, and gets an answer, stops the program: it tells which rows do not fit.
        version: the column that counts the changes of a row.
        shown: the column by whose text people know a row.
        targets: what rows refer or are linked to, by relation, other than their own kind.
        joins: the tables of links, by relation.
    """

    table: Table
    steps: tuple[tuple[str, ...], ...]
    version: str = "version"
    shown: str = "id"
    targets: Mapping[str, "Schema"] = field(default_factory=dict, compare=False)
    joins: Mapping[str, Table] = field(default_factory=dict, compare=False)

    @property
    def unique(self) -> list[list[str]]:
        """Name the columns whose values may stand only once, alone or together."""
        constraints = self.table.constraints
        return sorted(
            [column.name for column in constraint.columns]
            for constraint in constraints
            if isinstance(constraint, UniqueConstraint)
        )

    @property
    def references(self) -> list[Reference]:
        """List what rows refer to, their own kind included."""
        return [
            Reference(relation, self.targets.get(relation, self), _fate(key.ondelete))
            for column in self.table.columns
            for key in column.foreign_keys
            for relation in [column.name.removesuffix("_id")]
        ]

    @property
    def links(self) -> list[Link]:
        """List what rows are linked to."""
        return [Link(name, self.targets[name], join) for name, join in self.joins.items()]

    @property
    def tables(self) -> list[Table]:
        """List the table and those of the links."""
        return [self.table, *self.joins.values()]

    def in_order(self) -> "list[Schema]":
        """List the schemas of what rows refer or are linked to, of what that refers to in turn, and at last this one."""
        before = [schema for target in self.targets.values() for schema in target.in_order()]
        return list(dict.fromkeys([*before, self]))

    def memory(self, **targets: MemoryStorage) -> MemoryStorage:
        """Make a storage in memory.

        Args:
            targets: the storages of what rows refer or are linked to, by relation.
        """
        made = MemoryStorage(self.unique, self.version, self.shown, _labels(self.table.name))
        for reference in self.references:
            made.refer(reference.relation, targets.get(reference.relation, made), reference.fate)
        for link in self.links:
            made.link(link.relation, link.one, targets[link.relation])
        return made


class Database:
    """A file with the tables of every feature.

    Args:
        file: where it is, or will be.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        url = URL.create("sqlite", database=str(file))
        self._engine = create_engine(
            url, poolclass=NullPool, connect_args={"timeout": BUSY_SECONDS}
        )
        event.listen(self._engine, "connect", _leave_transactions_to_us)
        event.listen(self._engine, "begin", _begin)

    def storage(self, schema: Schema) -> "SqliteStorage":
        """Bring a feature's table up to date, after those that it refers to, and open the storage in it.

        Raises:
            Unusable: when the file cannot be used.
        """
        try:
            self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise Unusable(f"{self.file.parent}: {error.strerror}") from error
        # A step may make a table anew, and rows that refer to it must not go with the old one.
        engine = self._engine.execution_options(references=False)
        try:
            with _transaction(engine) as connection:
                for one in schema.in_order():
                    self._bring_up_to_date(connection, one)
                    for made in one.tables:
                        _make_indexes(connection, made)
        except (Duplicate, IntegrityError) as error:
            reason = getattr(error, "orig", error)
            raise Unusable(f"{self.file} has rows that do not fit this version: {reason}") from None
        return SqliteStorage(self._engine, schema)

    def identifiers(self, schema: Schema, typed: str, limit: int) -> list[tuple[UUID, str]]:
        """Find the newest rows whose ids begin as typed, each with the text by which people know it.

        The file stays as it is, whether or not it is up to date.

        Raises:
            Unusable: when the file cannot be used, or does not know such rows yet.
        """
        digits = typed.replace("-", "")
        try:
            first, last = (UUID(digits.ljust(32, end)) for end in "0f")
        except ValueError:
            return []
        if not self.file.exists():
            return []
        columns = schema.table.c
        found = select(columns.id, columns[schema.shown]).where(columns.id.between(first, last))
        newest = found.order_by(columns.created_at.desc(), columns.id.desc()).limit(limit)
        with _transaction(self._engine) as connection:
            return [(key, str(shown)) for key, shown in connection.execute(newest)]

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def _bring_up_to_date(self, connection: Connection, schema: Schema) -> None:
        """Run the steps that this file has not seen, all of them or none."""
        VERSIONS.create(connection, checkfirst=True)
        name, newest = schema.table.name, len(schema.steps)
        version = connection.scalar(select(VERSIONS.c.version).where(VERSIONS.c.name == name)) or 0
        if version > newest:
            raise Unusable(f"{self.file} was written by a newer version of this program: update it")
        if version == newest:
            return
        if version:
            self._keep_copy(f"{name}-{version}")
        for statement in (statement for step in schema.steps[version:] for statement in step):
            result = connection.exec_driver_sql(statement)
            if result.returns_rows and (said := result.scalar()):
                raise Unusable(f"{self.file}: {said}, and this version takes none")
        if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise Unusable(f"{self.file} has rows of {name} that refer to what is not there")
        row = {"name": name, "version": newest}
        connection.execute(upsert(VERSIONS).values(row).on_conflict_do_update(set_=row))
        log.event("schema", table=name, version_before=version, version=newest)

    def _keep_copy(self, name: str) -> None:
        """Copy the file as it is before a change, so that the change can be taken back."""
        target = self.file.with_suffix(f".before-{name}.db")
        target.unlink(missing_ok=True)
        with _closing(self.file) as source, _closing(target) as copy:
            source.backup(copy)


class SqliteStorage:
    """Keeps the rows of one feature in its table."""

    def __init__(self, engine: Engine, schema: Schema) -> None:
        self._engine, self._schema, self._table = engine, schema, schema.table
        self._version = schema.table.c[schema.version]
        self._references = schema.references
        self._links = {link.field: link for link in schema.links}
        self._select = _with_texts(schema, schema.table)

    def insert(self, row: Row) -> Row:
        """Keep a new row, and read it."""
        with _transaction(self._engine) as connection:
            self._require_targets(connection, row)
            connection.execute(insert(self._table).values(self._columns(row)))
            self._link(connection, row)
            return self._read(connection, self._select.where(self._table.c.id == row["id"]))[0]

    def get(self, key: UUID) -> Row | None:
        """Read the row with an id."""
        with _transaction(self._engine) as connection:
            found = self._read(connection, self._select.where(self._table.c.id == key))
        return found[0] if found else None

    def find(
        self, conditions: Sequence[Condition], sort: str, limit: int, place: Place | None = None
    ) -> list[Row]:
        """Read rows that fulfil every condition, from a place on. No statement sorts: an index gives the order."""
        source, created_at, own_id = self._among(conditions)
        key = self._table.c[sort.removeprefix("-")]
        key = created_at if key.name == created_at.name else key
        rising = sort.startswith("-") == (place is not None and place.back)
        # An empty value fulfils no condition.
        nullable = bool(key.nullable) and key.name not in [entry.field for entry in conditions]
        ordered = list(dict.fromkeys((key, created_at, own_id)))
        order = [column.asc() if rising else column.desc() for column in ordered]
        where = [
            self._beside(condition, rising=rising)
            if place and condition.field == key.name
            else self._is(condition)
            for condition in conditions
        ]
        matching = _with_texts(self._schema, source).where(*where)
        found: list[Row] = []
        with _transaction(self._engine) as connection:
            for stretch in _stretches(ordered, place, rising=rising, nullable=nullable):
                statement = matching.where(stretch).order_by(*order)
                found += self._rows(connection, statement.limit(limit - len(found)))
                if len(found) == limit:
                    break
            return self._with_links(connection, found)

    def count(self, conditions: Sequence[Condition], limit: int) -> int:
        """Count the rows that fulfil every condition, up to a limit."""
        source, *_ = self._among(conditions)
        where = [self._is(condition) for condition in conditions]
        matching = select(self._table.c.id).select_from(source).where(*where)
        counted = matching.limit(limit).subquery()
        with _transaction(self._engine) as connection:
            return connection.scalar(select(func.count()).select_from(counted)) or 0

    def replace(self, row: Row, version: int) -> Row | None:
        """Keep a row in place of the one with its id, if that one has the version, and read it."""
        key = self._table.c.id
        same = (key == row["id"], self._version == version)
        with _transaction(self._engine) as connection:
            if connection.scalar(select(key).where(*same)) is None:
                return None
            self._require_targets(connection, row)
            connection.execute(update(self._table).where(*same).values(self._columns(row)))
            self._link(connection, row)
            return self._read(connection, self._select.where(key == row["id"]))[0]

    def remove(self, key: UUID, version: int) -> bool:
        """Remove the row with an id, if it has the version."""
        same = (self._table.c.id == key, self._version == version)
        going = select(self._table.c.id).where(*same)
        with _transaction(self._engine) as connection:
            if needing := _needing(connection, self._table.name, going):
                raise Needed(needing)
            return connection.execute(delete(self._table).where(*same)).rowcount == 1

    def _columns(self, row: Row) -> Row:
        """Leave out of a row what is kept as links."""
        return {name: value for name, value in row.items() if name not in self._links}

    def _link(self, connection: Connection, row: Row) -> None:
        """Link a row to what it names, and to nothing else."""
        for link in self._links.values():
            connection.execute(delete(link.table).where(link.row == row["id"]))
            own = {link.row.name: row["id"], "created_at": row["created_at"]}
            if links := [own | {link.other.name: key} for key in row[link.field]]:
                connection.execute(insert(link.table), links)

    def _read(self, connection: Connection, statement: Select[Any]) -> list[Row]:
        """Read rows, each with what it is linked to."""
        return self._with_links(connection, self._rows(connection, statement))

    def _with_links(self, connection: Connection, rows: list[Row]) -> list[Row]:
        """Add to rows what they are linked to: one statement for each table of links, however many rows there are."""
        keys = [row["id"] for row in rows]
        for link in self._links.values() if rows else ():
            target = link.target.table.alias()
            joined = link.table.join(target, link.other == target.c.id)
            texts = select(link.row, link.other, target.c[link.target.shown]).select_from(joined)
            found: defaultdict[UUID, list[tuple[UUID, str]]] = defaultdict(list)
            for key, other, text in connection.execute(texts.where(link.row.in_(keys))):
                found[key].append((other, str(text)))
            for row in rows:
                others = sorted(found[row["id"]])
                row[link.field] = [other for other, _ in others]
                row[link.relation] = [text for _, text in others]
        return rows

    def _rows(self, connection: Connection, statement: Select[Any]) -> list[Row]:
        """Read rows, each with the texts of what it refers to."""
        rows = [dict(row._mapping) for row in connection.execute(statement)]
        for row in rows:
            for relation in (reference.relation for reference in self._references):
                row[relation] = None if row[relation] is None else str(row[relation])
        return rows

    def _require_targets(self, connection: Connection, row: Row) -> None:
        """Let a row refer only to what is there beside it: no other process takes that away before the transaction ends."""
        for reference in self._references:
            key, known = row[reference.column], reference.target.table.c.id
            if key is None:
                continue
            itself = key == row["id"] and reference.target.table is self._table
            if itself or connection.scalar(select(known).where(known == key)) is None:
                raise Missing(reference.relation, key)
        for link in self._links.values():
            known = link.target.table.c.id
            there = set(connection.scalars(select(known).where(known.in_(row[link.field]))))
            for key in sorted(set(row[link.field]) - there):
                raise Missing(link.one, key)

    def _among(
        self, conditions: Sequence[Condition]
    ) -> tuple[FromClause, Column[Any], Column[Any]]:
        """Join the links that conditions ask for, and name what orders the rows: the columns that their index has too."""
        columns = self._table.c
        source: FromClause = self._table
        created_at, own_id = columns.created_at, columns.id
        for link in (self._links[entry.field] for entry in conditions if entry.compare == "has"):
            source = link.table.join(source, link.row == columns.id)
            created_at, own_id = link.table.c.created_at, link.row
        return source, created_at, own_id

    def _is(self, condition: Condition) -> ColumnElement[bool]:
        linked = condition.compare == "has"
        column = self._links[condition.field].other if linked else self._table.c[condition.field]
        compare: Compare = operator.eq if linked else getattr(operator, condition.compare)
        return compare(column, condition.value)

    def _beside(self, condition: Condition, *, rising: bool) -> ColumnElement[bool]:
        """Compare what sorts, where a place already is the bound at which SQLite enters the index.

        SQLite would enter it at either bound. The one on that side is hidden from it, and the other one ends the search.
        """
        column = self._table.c[condition.field]
        value = literal(condition.value, column.type)
        hidden = func.coalesce(column, column)
        low, high = (hidden, column) if rising else (column, hidden)
        at_least, at_most = operator.ge(low, value), operator.le(high, value)
        bounds = {"ge": [at_least], "le": [at_most], "eq": [at_least, at_most]}
        return and_(*bounds[condition.compare])


@contextmanager
def open_database(file: Path | None = None) -> Iterator[Database]:
    """Open a database file, or the user's own, and close it at the end.

    Raises:
        Unusable: when it cannot be used.
    """
    database = Database(file or database_file())
    try:
        yield database
    finally:
        database.close()


def _fate(action: str | None) -> Fate:
    """Name what becomes of a row when the one that it refers to goes; where nothing is said, it forbids that."""
    fates: dict[str | None, Fate] = {"SET NULL": "SET NULL", "CASCADE": "CASCADE"}
    return fates.get(action, "RESTRICT")


def _labels(name: str) -> tuple[str, str]:
    """Say what one row of a table is called, and what several are."""
    known = TABLES.tables.get(name)
    labels: tuple[str, str] = (
        (name, name) if known is None else known.info.get("labels", (name, name))
    )
    return labels


def _with_texts(schema: Schema, source: FromClause) -> Select[Any]:
    """Select rows together with the texts by which people know what they refer to, under the names of the relations.

    Args:
        schema: what the rows are.
        source: their table, alone or joined to what says which of them are wanted.
    """
    joined: Any = source
    texts = []
    for reference in schema.references:
        target = reference.target.table.alias()
        joined = joined.outerjoin(target, schema.table.c[reference.column] == target.c.id)
        texts.append(target.c[reference.target.shown].label(reference.relation))
    return select(schema.table, *texts).select_from(joined)


def _keys_to(connection: Connection, name: str) -> list[tuple[str, str, Fate]]:
    """List what refers to a table, by table and column. The file knows it, even of features that are not loaded."""
    keys = func.pragma_foreign_key_list(CATALOGUE.c.name).table_valued("table", "from", "on_delete")
    found = select(CATALOGUE.c.name, keys.c["from"], keys.c["on_delete"]).join(keys, true())
    rows = connection.execute(found.where(keys.c["table"] == name))
    return [(referring, key, _fate(action)) for referring, key, action in rows]


def _needing(
    connection: Connection, name: str, going: Select[Any]
) -> list[tuple[tuple[str, str], int]]:
    """Count the rows of each kind that need rows that are to go, or what would go with them."""
    needing: defaultdict[str, list[ColumnElement[bool]]] = defaultdict(list)
    waiting = [(name, going)]
    for gone, ids in waiting:
        keys = _keys_to(connection, gone)
        own = [key for referring, key, fate in keys if (referring, fate) == (gone, "CASCADE")]
        all_ids = _with_followers(gone, own, ids) if own else ids
        for referring, key, fate in keys:
            refers = column(key).in_(all_ids)
            if fate == "RESTRICT":
                needing[referring].append(refers)
            # A link has no id, and nothing refers to it: it goes with either of its rows.
            elif fate == "CASCADE" and referring != gone:
                waiting.append((referring, _ids(referring).where(refers)))
    counts = []
    for referring, conditions in needing.items():
        some = _ids(referring).where(or_(*conditions)).limit(MAX_NEEDED).subquery()
        if count := connection.scalar(select(func.count()).select_from(some)):
            counts.append((_labels(referring), count))
    return counts


def _ids(name: str) -> Select[Any]:
    """Select the ids of a table that may not be loaded."""
    return select(column("id")).select_from(table(name))


def _with_followers(name: str, keys: Sequence[str], ids: Select[Any]) -> Select[Any]:
    """Add to rows those of their own kind that refer to them, and to these in turn."""
    gone = ids.cte(recursive=True)
    following = [
        select(rows.c.id).join(gone, rows.c[key] == gone.c.id)
        for key in keys
        for rows in [table(name, column("id"), column(key))]
    ]
    return select(gone.union(*following).c.id)


def _stretches(
    ordered: Sequence[Column[Any]], place: Place | None, *, rising: bool, nullable: bool
) -> list[ColumnElement[bool]]:
    """Cut what stands beyond a place into the rows that have a value and those that have none, which come last."""
    key, *ties = ordered
    filled, empty = key.is_not(None), key.is_(None)
    if place is None:
        return [filled, empty] if nullable else [true()]
    beyond: Compare = operator.gt if rising else operator.lt
    values = (place.value, place.created_at, place.id)
    if place.value is None:
        near = [and_(empty, beyond(tuple_(*ties), values[1:]))] if nullable else []
        return [*near, filled] if place.back else near
    near = [beyond(tuple_(*ordered), values[-len(ordered) :])]
    return [*near, empty] if nullable and not place.back else near


def _make_indexes(connection: Connection, table: Table) -> None:
    """Make the indexes that the file lacks, or that an older version of the program made of other columns."""
    known = select(CATALOGUE.c.name, CATALOGUE.c.sql).where(CATALOGUE.c.tbl_name == table.name)
    stored = {row.name: row.sql for row in connection.execute(known)}
    wanted = {index: str(CreateIndex(index).compile(connection)) for index in table.indexes}
    missing = [index for index, sql in wanted.items() if stored.get(index.name) != sql]
    for index in missing:
        if index.name in stored:
            index.drop(connection)
        index.create(connection)
    if missing:
        log.event("indexes", table=table.name, made=len(missing))


@contextmanager
def _closing(file: Path) -> Iterator[sqlite3.Connection]:
    """Open a file without SQLAlchemy, for a copy, and close it."""
    connection = sqlite3.connect(file)
    try:
        yield connection
    finally:
        connection.close()


def _leave_transactions_to_us(connection: sqlite3.Connection, _record: Any) -> None:
    """Keep Python's driver from beginning and ending transactions by its own rules."""
    connection.isolation_level = None


def _begin(connection: Connection) -> None:
    """Hold references, and take the right to write at once: what a transaction has read stays true until it writes."""
    held = connection.get_execution_options().get("references", True)
    connection.exec_driver_sql("PRAGMA foreign_keys = ON" if held else "PRAGMA foreign_keys = OFF")
    connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def _transaction(engine: Engine) -> Iterator[Connection]:
    """Do everything in the block or nothing, and put the database's refusals into words of ours.

    Raises:
        Duplicate: when a value that may stand once is taken.
        Unusable: when the file cannot be used.
    """
    try:
        with engine.begin() as connection:
            yield connection
    except IntegrityError as error:
        _, failed, columns = str(error.orig).partition("UNIQUE constraint failed: ")
        if failed:
            raise Duplicate([name.partition(".")[2] for name in columns.split(", ")]) from None
        raise
    except DatabaseError as error:
        busy = getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY
        reason = "another process is writing to it, try again" if busy else error.orig
        raise Unusable(f"{engine.url.database}: {reason}") from error
