"""Lengths of time in whole seconds, as ISO 8601 writes them: PT1H30M, P1DT2H."""

import datetime as dt
import re

LIMIT = dt.timedelta(days=10_000)
"""What every length of time stays below."""

_SECONDS = {"D": 86_400, "H": 3_600, "M": 60, "S": 1}


def _clock(hours: str, minutes: str, seconds: str) -> str:
    """Write the form of what stands behind the days: at least one of the three."""
    return f"T({hours}({minutes})?({seconds})?|{minutes}({seconds})?|{seconds})"


# Below the limit, however it is written: hours that make up days, minutes that make up hours, or each below the next.
_DAYS = "[0-9]{1,4}D(" + _clock("([01]?[0-9]|2[0-3])H", "[0-5]?[0-9]M", "[0-5]?[0-9]S") + ")?"
PATTERN = f"P({_DAYS}|{_clock('[0-9]{1,5}H', '[0-9]{1,6}M', '[0-9]{1,8}S')})"


def read(text: str) -> dt.timedelta:
    """Read a length of time.

    Raises:
        ValueError: when it is none; weeks, months, years, fractions and signs are not taken.
    """
    if not re.fullmatch(PATTERN, text):
        raise ValueError(f"{text} is no length of time")
    parts = re.findall("([0-9]+)([DHMS])", text)
    return dt.timedelta(seconds=sum(int(number) * _SECONDS[unit] for number, unit in parts))


def write(value: dt.timedelta) -> str:
    """Write a length of time as RFC 3339 does (A), where minutes stand between hours and seconds."""
    minutes, seconds = divmod(value.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    clock = f"{hours}H" if hours else ""
    clock += f"{minutes}M" if minutes or (hours and seconds) else ""
    clock += f"{seconds}S" if seconds or not (value.days or clock) else ""
    days = f"{value.days}D" if value.days else ""
    return f"P{days}T{clock}" if clock else f"P{days}"
