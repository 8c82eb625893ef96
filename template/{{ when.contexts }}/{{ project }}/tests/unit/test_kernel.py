"""What every domain is made of: value objects, rules, events, and entities with parts."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest

from core.kernel import rules
from core.kernel.actors import Actor
from core.kernel.entities import Entity, new_identity
from core.kernel.errors import InvalidValue, Needed
from core.kernel.events import Event
from core.kernel.relations import Kind, clear
from core.kernel.values import EmailAddress, ExactNumber, ValueObject, WebAddress, maybe
from core.utils.primitives import as_json

from ..memory import MemoryRepository


class Price(ExactNumber):
    """Up to 999.99."""

    digits, places = 5, 2


class Colour(StrEnum):
    """One of a few words."""

    RED = "red"


class PricePaid(Event):
    """Somebody has paid."""

    name: ClassVar[str] = "billing.price_paid"


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (EmailAddress, "ada@example.com"),
        (WebAddress, "https://example.com/a?b=c#d"),
        (Price, Decimal("12.5")),
        (Price, Decimal("-999.99")),
    ],
)
def test_a_value_object_is_its_value(kind: type[ValueObject[Any]], value: Any) -> None:
    made = kind(value)
    assert made.value == value
    assert (made, hash(made), str(made)) == (kind(value), hash(kind(value)), str(made.value))
    assert maybe(kind, None) is None
    assert maybe(kind, value) == made
    with pytest.raises(AttributeError):
        made.value = value  # type: ignore[misc]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (EmailAddress, "ada"),
        (EmailAddress, "a" * 65 + "@example.com"),
        (EmailAddress, "a@" + "b" * 60 + ".c" * 100 + ".com"),
        (WebAddress, "ftp://example.com"),
        (WebAddress, "https://example.com/" + "a" * 500),
        (Price, Decimal("1000")),
        (Price, Decimal("1.001")),
        (Price, Decimal("NaN")),
    ],
)
def test_a_value_object_keeps_its_rules(kind: type[ValueObject[Any]], value: Any) -> None:
    with pytest.raises(InvalidValue):
        kind(value)


def test_an_exact_number_has_all_its_places() -> None:
    assert str(Price(Decimal("12.5"))) == "12.50"
    assert Price(Decimal("2")) < Price(Decimal("10"))


@pytest.mark.parametrize(
    ("rule", "good", "bad"),
    [
        (lambda value: rules.text("x", value, 3), "abc", "abcd"),
        (lambda value: rules.text("x", value, 3), "a", ""),
        (lambda value: rules.text("x", value, 3), "a", "a\0"),
        (lambda value: rules.between("x", value, 1, 5), 5, 6),
        (lambda value: rules.between("x", value, 1, 5), 1, 0),
        (lambda value: rules.finite("x", value), 1.5, float("nan")),
        (
            lambda value: rules.moment("x", value),
            dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
            dt.datetime(2026, 1, 1),  # noqa: DTZ001 (that is what is wrong with it)
        ),
        (lambda value: rules.duration("x", value), dt.timedelta(0), dt.timedelta(seconds=-1)),
        (
            lambda value: rules.duration("x", value),
            dt.timedelta(days=10_000, seconds=-1),
            dt.timedelta(days=10_000),
        ),
        (
            lambda value: rules.duration("x", value),
            dt.timedelta(seconds=1),
            dt.timedelta(seconds=1.5),
        ),
        (lambda value: rules.json_object("x", value), {"a": [1]}, [1]),
        (lambda value: rules.json_object("x", value), {}, {1: 2}),
    ],
)
def test_a_rule_refuses_what_breaks_it(rule: Any, good: Any, bad: Any) -> None:
    rule(good)
    rule(None)
    with pytest.raises(InvalidValue) as refused:
        rule(bad)
    assert refused.value.field == "x"


def test_an_event_travels_as_plain_data() -> None:
    team_id = uuid4()
    event = PricePaid(team_id=team_id)
    message = event.message()
    assert (message.name, message.team_id, message.data) == ("billing.price_paid", str(team_id), {})
    assert UUID(message.id) == event.event_id
    assert dt.datetime.fromisoformat(message.occurred_at) == event.occurred_at
    assert PricePaid(team_id=team_id).event_id != event.event_id


def test_values_of_the_domain_become_json() -> None:
    given = {
        "price": Price(Decimal("1")),
        "colour": Colour.RED,
        "day": dt.date(2026, 1, 15),
        "length": dt.timedelta(minutes=90),
        "list": [None, True, 1, 1.5, "a", uuid_of(1)],
    }
    assert as_json(given) == {
        "price": "1.00",
        "colour": "red",
        "day": "2026-01-15",
        "length": "PT1H30M",
        "list": [None, True, 1, 1.5, "a", "00000000-0000-0000-0000-000000000001"],
    }


def uuid_of(number: int) -> UUID:
    return UUID(int=number)


@dataclass(kw_only=True, eq=False)
class Box(Entity):
    """Something that is in another one, or only beside it."""

    in_id: UUID | None = None
    beside_id: UUID | None = None

    def change(self, actor: Actor, values: dict[str, Any]) -> None:
        """Give it new values."""
        self.set_values(values)

    def remove(self, actor: Actor) -> None:
        """Let it go."""
        self.pending.append(PricePaid(team_id=self.team_id))


class Asked:
    """Who needs something: nobody, or one thing."""

    def __init__(self, needed: Entity | None = None) -> None:
        self.needed = needed
        self.kinds: list[str] = []

    def require_none(self, kind: str, item: Entity) -> None:
        """Remember what was asked."""
        self.kinds.append(kind)
        if item == self.needed:
            raise Needed(["1 thing"])


class Boxes:
    """Large boxes, small ones that are in them, and smaller ones in those."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.large, self.small, self.tiny = (MemoryRepository[Box]() for _ in range(3))
        self.kinds = [
            Kind("things.Large", self.large),
            Kind("things.Small", self.small, parts={"in_id": "things.Large"}),
            Kind(
                "things.Tiny",
                self.tiny,
                parts={"in_id": "things.Small"},
                emptied={"beside_id": "things.Large"},
            ),
        ]
        self.whole = self.add(self.large)
        self.part = self.add(self.small, in_id=self.whole.id)
        self.parts = [self.add(self.tiny, in_id=self.part.id) for _ in range(2)]
        self.beside = self.add(self.tiny, beside_id=self.whole.id)
        self.other = self.add(self.small, in_id=self.add(self.large).id)

    def add(self, kept: MemoryRepository[Box], **values: UUID) -> Box:
        """Keep one more."""
        box = Box(**new_identity(self.actor), **values)
        kept.add(box)
        return box


def test_parts_of_parts_go_before_their_whole(owner: Actor) -> None:
    boxes, needs = Boxes(owner), Asked()
    clear(owner, boxes.kinds, "things.Large", boxes.whole, needs)
    assert needs.kinds == ["things.Tiny", "things.Tiny", "things.Small", "things.Large"]
    # The whole itself is for the use case to remove.
    assert boxes.whole.id in boxes.large.kept
    assert list(boxes.small.kept) == [boxes.other.id]
    assert list(boxes.tiny.kept) == [boxes.beside.id]
    gone = [box.id for box in boxes.small.seen + boxes.tiny.seen if box.pending]
    assert sorted(gone) == sorted(box.id for box in [boxes.part, *boxes.parts])


def test_what_was_beside_stays(owner: Actor) -> None:
    boxes = Boxes(owner)
    clear(owner, boxes.kinds, "things.Large", boxes.whole, Asked())
    left = boxes.tiny.get(owner.team_id, boxes.beside.id)
    assert (left.beside_id, left.version) == (None, 2)


def test_a_whole_stays_when_a_part_of_it_is_needed(owner: Actor) -> None:
    boxes = Boxes(owner)
    with pytest.raises(Needed):
        clear(owner, boxes.kinds, "things.Large", boxes.whole, Asked(boxes.parts[1]))
    assert boxes.part.id in boxes.small.kept
