"""What the types of a request accept and refuse, and what they become."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any

import pytest
from pydantic import Field, TypeAdapter, ValidationError
from sqlalchemy import Column, MetaData, Table, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from src.database import ExactNumeric, UtcDateTime
from src.models import (
    CalendarDate,
    DecimalText,
    Email,
    Integral,
    JsonObject,
    Text,
    Timestamp,
    WebAddress,
)

Price = Annotated[Decimal, DecimalText(5, 2)]
Count = Annotated[Decimal, DecimalText(3, 0)]
TYPES: dict[str, Any] = {
    "text": Text,
    "email": Email,
    "address": WebAddress,
    "whole": Annotated[int, Field(strict=True), Integral],
    "price": Price,
    "count": Count,
    "date": CalendarDate,
    "time": Timestamp,
    "json": JsonObject,
}
KINDS: dict[str, TypeAdapter[Any]] = {name: TypeAdapter(kind) for name, kind in TYPES.items()}
NOON = dt.datetime(2026, 1, 15, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("text", "Grüße", "Grüße"),
        ("email", "ada@example.com", "ada@example.com"),
        ("address", "https://example.com/a?b=c", "https://example.com/a?b=c"),
        ("whole", 8.0, 8),
        ("price", "1.5", Decimal("1.50")),
        ("price", "-999.99", Decimal("-999.99")),
        ("count", "7", Decimal(7)),
        ("date", "2026-01-15", dt.date(2026, 1, 15)),
        ("time", "2026-01-15T13:00:00+01:00", NOON),
        ("time", "2026-01-15T12:00:00Z", NOON),
        ("json", {"a": [1, None]}, {"a": [1, None]}),
    ],
)
def test_a_good_value_is_accepted(kind: str, value: Any, expected: Any) -> None:
    read = KINDS[kind].validate_python(value)
    assert (read, str(read)) == (expected, str(expected))


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", ""),
        ("text", "a\x00b"),
        ("email", "nobody"),
        ("email", f"{'a' * 65}@example.com"),
        ("email", ".ada@example.com"),
        ("email", "ada@-example.com"),
        ("address", "javascript:alert(1)"),
        ("address", "https://example.com/a b"),
        ("whole", 8.5),
        ("whole", "8"),
        ("whole", True),
        ("price", 1.5),
        ("price", "1.555"),
        ("price", "1000.00"),
        ("price", "1e2"),
        ("price", "NaN"),
        ("count", "1.0"),
        ("date", 0),
        ("date", "2026-02-30"),
        ("date", "20260115"),
        ("time", 0),
        ("time", "2026-01-15T12:00:00"),
        ("time", "2026-01-15"),
        ("time", "0001-01-01T00:00:00+14:00"),
        ("json", []),
        ("json", {"a": float("nan")}),
        ("json", {"a": "\x00"}),
        ("json", {"a": "\ud800"}),
    ],
)
def test_a_bad_value_is_refused(kind: str, value: Any) -> None:
    with pytest.raises(ValidationError):
        KINDS[kind].validate_python(value)


def test_a_decimal_travels_as_text() -> None:
    price = KINDS["price"]
    assert price.dump_python(Decimal("1.50"), mode="json") == "1.50"
    assert price.json_schema() == {
        "type": "string",
        "format": "decimal",
        "pattern": r"^-?[0-9]{1,3}(\.[0-9]{1,2})?$",
    }


async def test_columns_keep_what_python_gave_them(connection: AsyncConnection) -> None:
    table = Table(
        "kept", MetaData(), Column("at", UtcDateTime()), Column("price", ExactNumeric(18, 4))
    )
    rows: list[dict[str, Any]] = [
        {"at": NOON.astimezone(dt.timezone(dt.timedelta(hours=5))), "price": Decimal("0.1234")},
        {"at": None, "price": None},
    ]
    await connection.run_sync(table.create)
    await connection.execute(insert(table), rows)
    read = (await connection.execute(select(table).order_by(table.c.price.nulls_last()))).all()
    assert [tuple(row) for row in read] == [(NOON, Decimal("0.1234")), (None, None)]
    assert read[0].at.tzinfo is dt.UTC


def test_a_time_without_an_offset_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="needs an offset"):
        UtcDateTime().process_bind_param(NOON.replace(tzinfo=None), None)  # type: ignore[arg-type]
