"""Messages on their way in: each is handled once, however often it is delivered, and tried for a day before it is given up."""

import datetime as dt
import random
import time
import traceback

import structlog
from django.db import transaction
from django.utils import timezone

from ..celery import app
from ..discovery import subscriptions
from .models import OutboxMessage, State
from .subscriptions import Handler

log = structlog.get_logger("messages")

EVERY = 10.0
"""Seconds from one relay to the next; a relay begins no message after that."""
SHORTEST, LONGEST = dt.timedelta(seconds=10), dt.timedelta(hours=2)
"""The first pause between two attempts, and the last; each is twice as long as the one before."""
ATTEMPTS = 22
"""So many stretch over more than a day."""
MEMORY = dt.timedelta(days=7)
"""How long a handled message is kept, for whoever looks what happened."""


@app.task(name="messages.deliver")
def deliver(pk: int) -> bool:
    """Have a message handled if it is due; return whether it was."""
    row = _take(pk=pk)
    if row is None:
        log.info("not due", outbox_id=pk)
        return False
    return _handle(row)


@app.task(name="messages.relay", expires=EVERY)
def relay() -> int:
    """Have handled what is due, and return how many were. Beat calls it every few seconds."""
    end, count = time.monotonic() + EVERY, 0
    while time.monotonic() < end and (row := _take()) is not None:
        count += _handle(row)
    return count


@app.task(name="messages.forget")
def forget() -> int:
    """Forget what was handled a while ago; return how many. Beat calls it once a day."""
    old = OutboxMessage.objects.filter(state=State.HANDLED, at__lt=timezone.now() - MEMORY)
    count, _ = old.delete()
    return count


def pause(attempts: int) -> dt.timedelta:
    """Say how long to wait after so many attempts; by chance a bit longer, so that not all messages come back at once."""
    doubled: dt.timedelta = min(SHORTEST * 2 ** (attempts - 1), LONGEST)
    return doubled * random.uniform(1, 1.25)  # noqa: S311 (no secret)


def _take(**which: int) -> OutboxMessage | None:
    """Take a message that is due and that no other process holds.

    The attempt is counted before it is made: one that ends the process would otherwise be made forever.
    """
    with transaction.atomic():
        due = OutboxMessage.objects.filter(state=State.WAITING, at__lte=timezone.now(), **which)
        row = due.order_by("at").select_for_update(skip_locked=True).first()
        if row is not None:
            row.attempts += 1
            row.at = timezone.now() + pause(row.attempts)
            row.save()
    return row


def _handle(row: OutboxMessage) -> bool:
    """Call the handler: what it does and the end of the row are one transaction."""
    if row.attempts > ATTEMPTS:
        _fail(row, "the last attempt never ended")
        return False
    try:
        with transaction.atomic():
            # Whoever takes the row meanwhile, because this takes long, waits here and finds that it is handled.
            rows = OutboxMessage.objects.filter(pk=row.pk, state=State.WAITING)
            if not rows.select_for_update():
                return False
            _handler(row.subscriber)(row.message())
            rows.update(state=State.HANDLED, at=timezone.now())
    except Exception as error:
        frames = traceback.format_tb(error.__traceback__)
        _fail(row, f"{type(error).__module__}.{type(error).__qualname__}", "".join(frames))
        return False
    log.info("handled", **_line(row))
    return True


def _handler(name: str) -> Handler:
    for subscription in subscriptions():
        if subscription.name == name:
            return subscription.handler
    # It may be that this worker is older than the process that sent the message.
    raise LookupError(f"{name} is in no bootstrap.py's SUBSCRIPTIONS")


def _fail(row: OutboxMessage, error: str, trace: str = "") -> None:
    """Have the message tried again later, or give it up. The error's text may be personal, so nothing keeps it."""
    dead = row.attempts >= ATTEMPTS
    OutboxMessage.objects.filter(pk=row.pk, state=State.WAITING, attempts=row.attempts).update(
        state=State.DEAD if dead else State.WAITING,
        at=timezone.now() if dead else timezone.now() + pause(row.attempts),
        error=error[:200],
    )
    write = log.error if dead else log.warning
    write("given up" if dead else "failed", **_line(row), error=error, trace=trace)


def _line(row: OutboxMessage) -> dict[str, object]:
    return {
        "message": row.event,
        "message_id": str(row.message_id),
        "subscriber": row.subscriber,
        "attempts": row.attempts,
    }
