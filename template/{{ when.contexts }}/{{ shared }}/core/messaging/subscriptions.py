"""Who wants to hear of what. Each context lists its subscriptions in its bootstrap.py."""

from collections.abc import Callable
from dataclasses import dataclass

from ..kernel.events import Message

type Handler = Callable[[Message], None]


@dataclass(frozen=True)
class Subscription:
    """``Subscription("billing.invoice_paid", thank)`` has ``thank`` called with every message of that name."""

    event: str
    handler: Handler

    @property
    def subscriber(self) -> str:
        """Name the handler, so that a worker finds it and a handled message is remembered for it."""
        return f"{self.handler.__module__}.{self.handler.__qualname__}"
