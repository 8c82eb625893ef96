"""What the operator sees, if they ask for it: JSON lines on standard error, without any value that somebody entered."""

import datetime as dt
import json
import logging
from typing import TextIO

NAME = __name__.partition(".")[0]
logger = logging.getLogger(NAME)
# A library says nothing until the program that uses it wants to hear something.
logger.addHandler(logging.NullHandler())


class JsonLines(logging.Formatter):
    """One line a record: time, level, event, and what ``extra={"data": …}`` gave."""

    def format(self, record: logging.LogRecord) -> str:
        """Write the record as JSON. Of an exception its type is told, but not its text, which may hold a value."""
        line = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **getattr(record, "data", {}),
        }
        if record.exc_info and record.exc_info[0]:
            line["exception"] = record.exc_info[0].__name__
        return json.dumps(line)


def configure(stream: TextIO) -> logging.Handler:
    """Send the package's log to a stream, and return the handler for ``logger.removeHandler``."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    return handler


def event(name: str, **data: str | int | float) -> None:
    """Log that something happened.

    Args:
        name: what happened.
        data: numbers and names of the program's own; never a value that somebody entered.
    """
    logger.info(name, extra={"data": data})
