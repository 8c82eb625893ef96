"""Messages on their way out: one task for each subscriber, so that one who fails disturbs no other."""

from dataclasses import asdict

import structlog

from ..discovery import subscriptions
from ..kernel.events import Message
from .tasks import deliver

log = structlog.get_logger("messages")


def send(message: Message) -> None:
    """Hand a message to the workers. Call it when the database has committed what the message tells of."""
    for subscription in subscriptions():
        if subscription.event == message.name:
            deliver.delay(subscription.subscriber, asdict(message))
    log.info("published", message=message.name, message_id=message.id)
