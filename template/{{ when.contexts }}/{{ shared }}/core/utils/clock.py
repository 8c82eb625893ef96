"""The time."""

import datetime as dt


def now() -> dt.datetime:
    """Tell the time in UTC, as exactly as every database keeps it (microseconds)."""
    return dt.datetime.now(dt.UTC)
