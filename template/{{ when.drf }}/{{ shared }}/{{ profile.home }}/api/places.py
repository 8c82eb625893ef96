"""Where a page of a list begins."""

import datetime as dt
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Place:
    """Where a row stands in a list: its value of what sorts the list, and what decides between equals.

    The page that is asked for follows the row, or comes before it if it goes back.
    """

    value: Any
    created_at: dt.datetime
    id: Any
    back: bool = False
