"""Messages on their way out: a row for each subscriber, so that one who fails disturbs no other."""

import structlog
from django.core.cache import cache
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from ..discovery import subscriptions
from ..kernel.events import Message
from .models import OutboxMessage, State
from .tasks import deliver

log = structlog.get_logger("messages")


def send(message: Message) -> None:
    """Store a message for each subscriber. Call it in the transaction of what it tells of: both are kept, or neither is."""
    rows = [
        OutboxMessage.store(message, subscription.name)
        for subscription in subscriptions()
        if subscription.event == message.name
    ]
    transaction.on_commit(
        lambda: log.info("published", message=message.name, message_id=message.id)
    )
    _deliver_soon([row.pk for row in rows])


def send_again(rows: QuerySet[OutboxMessage]) -> int:
    """Give the dead letters among the rows all their attempts once more, and return how many those are."""
    dead = rows.filter(state=State.DEAD)
    ids = list(dead.values_list("pk", flat=True))
    count = dead.filter(pk__in=ids).update(state=State.WAITING, at=timezone.now(), attempts=0)
    _deliver_soon(ids)
    return count


def _deliver_soon(ids: list[int]) -> None:
    """Tell the workers when the database has committed. If the broker is away, the next relay finds the rows: the error is logged."""

    def tell() -> None:
        # The cache is on the same Redis: a request that has just waited for it in vain does not wait again.
        if not getattr(cache, "away", False):
            for pk in ids:
                deliver.delay(pk)

    transaction.on_commit(tell, robust=True)
