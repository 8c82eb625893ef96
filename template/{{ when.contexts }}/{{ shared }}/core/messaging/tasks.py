"""Messages on their way in, and what has to be cleared away after them."""

import datetime as dt
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone

from ..celery import app
from ..discovery import subscriptions
from ..kernel.events import Message
from .models import HandledMessage

log = structlog.get_logger("messages")

MEMORY = dt.timedelta(days=30)
"""How long a handled message is remembered; a broker gives up on a message long before."""


@app.task(
    name="messages.deliver",
    autoretry_for=(Exception,),
    max_retries=8,
    retry_backoff=True,
    retry_backoff_max=600,
)
def deliver(subscriber: str, content: dict[str, Any]) -> bool:
    """Let a subscriber handle a message, once however often it is delivered.

    Returns:
        Whether it was handled now.

    Raises:
        LookupError: when there is no such subscriber (any more); the task is retried, in case a worker is older than
            the process that sent the message.
    """
    message = Message(**content)
    handlers = [entry.handler for entry in subscriptions() if entry.subscriber == subscriber]
    if not handlers:
        raise LookupError(f"{subscriber} is in no bootstrap.py's SUBSCRIPTIONS")
    with transaction.atomic():
        _, first = HandledMessage.objects.get_or_create(
            message_id=message.id, subscriber=subscriber
        )
        if first:
            handlers[0](message)
    log.info(
        "handled" if first else "handled before",
        message=message.name,
        message_id=message.id,
        subscriber=subscriber,
    )
    return first


@app.task(name="messages.forget")
def forget() -> int:
    """Forget messages that no broker delivers any more; return how many. Beat calls it once a day."""
    count, _ = HandledMessage.objects.filter(handled_at__lt=timezone.now() - MEMORY).delete()
    return count
