"""Who wants to hear of what. Each context lists its subscriptions in its bootstrap.py."""

from collections.abc import Callable
from dataclasses import dataclass

from ..kernel.events import Message

type Handler = Callable[[Message], None]


@dataclass(frozen=True)
class Subscription:
    """``Subscription("billing.invoice_paid", thank)`` has ``thank`` called with every message of that name.

    The handler is a function or a use case; one context has one of a class for an event.
    """

    event: str
    handler: Handler

    @property
    def subscriber(self) -> str:
        """Name the handler, so that a worker finds it and a handled message is remembered for it."""
        named = self.handler if hasattr(self.handler, "__qualname__") else type(self.handler)
        return f"{named.__module__}.{named.__qualname__}"
