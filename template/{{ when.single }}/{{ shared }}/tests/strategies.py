"""How Hypothesis makes values of the kinds that fields have."""

import datetime as dt
import string
from decimal import Decimal
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.strategies import booleans, dates, integers, sampled_from, uuids

__all__ = [
    "addresses",
    "booleans",
    "dates",
    "decimals",
    "durations",
    "emails",
    "integers",
    "moments",
    "numbers",
    "objects",
    "sampled_from",
    "texts",
    "times",
    "unhurried",
    "uuids",
]

# A shared machine may be slow; what a value does, it does there too.
unhurried = settings(deadline=None, max_examples=50)

LETTERS = st.characters(codec="utf-8", exclude_characters="\0")
WORD = st.text(string.ascii_letters + string.digits, min_size=1, max_size=20)
HOST = st.lists(WORD, min_size=2, max_size=3).map(".".join)


def texts(length: int) -> st.SearchStrategy[str]:
    """Text of 1 to ``length`` characters, mostly short, and now and then as long as it may be."""
    longest = st.just("x" * length)
    return longest | st.text(LETTERS, min_size=1, max_size=min(length, 100))


def numbers() -> st.SearchStrategy[float]:
    """Numbers that JSON has."""
    return st.floats(allow_nan=False, allow_infinity=False)


def decimals(digits: int, places: int) -> st.SearchStrategy[Decimal]:
    """Decimals with that many digits, ``places`` of them after the point."""
    largest = 10**digits - 1
    return integers(-largest, largest).map(lambda number: Decimal(number).scaleb(-places))


def moments() -> st.SearchStrategy[dt.datetime]:
    """Points in time with offsets, in years that every offset stays in."""
    offsets = integers(-12, 14).map(lambda hours: dt.timezone(dt.timedelta(hours=hours)))
    first, last = dt.datetime(1000, 1, 2), dt.datetime(8999, 12, 30)  # noqa: DTZ001 (the offset is drawn)
    return st.datetimes(first, last, timezones=offsets)


def times() -> st.SearchStrategy[dt.time]:
    """Times of day, to the second."""
    return st.times().map(lambda time: time.replace(microsecond=0))


def durations() -> st.SearchStrategy[dt.timedelta]:
    """Lengths of time in whole seconds, below 10,000 days."""
    return integers(0, 863_999_999).map(lambda seconds: dt.timedelta(seconds=seconds))


def emails() -> st.SearchStrategy[str]:
    """E-mail addresses."""
    return st.tuples(WORD, HOST).map("@".join)


def addresses() -> st.SearchStrategy[str]:
    """Web addresses."""
    path = st.text(string.ascii_letters + string.digits + "/._~-", max_size=40)
    return st.builds("{}://{}/{}".format, sampled_from(["http", "https"]), HOST, path)


def objects() -> st.SearchStrategy[dict[str, Any]]:
    """JSON objects."""
    text = st.text(LETTERS, max_size=20)
    leaves = st.none() | booleans() | integers() | numbers() | text
    values = st.recursive(
        leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3)
    )
    return st.dictionaries(text, values, max_size=4)
