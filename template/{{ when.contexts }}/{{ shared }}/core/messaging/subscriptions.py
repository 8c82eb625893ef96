"""Who wants to hear of what. Each context lists its subscriptions in its bootstrap.py."""

from collections.abc import Callable
from dataclasses import dataclass, field

from ..kernel.events import Message

type Handler = Callable[[Message], None]


@dataclass(frozen=True)
class Subscription:
    """``Subscription("billing.invoice_paid", thank, name="orders.thank")`` has ``thank`` called with every message of that name.

    The handler is a function or a use case. It may move and be renamed; the subscription's own name stays, because messages on
    their way are addressed to it.
    """

    event: str
    handler: Handler
    name: str = field(kw_only=True)
