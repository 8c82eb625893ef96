"""Messages between contexts: sent after the commit, handled once, however often they are delivered."""

import datetime as dt
from dataclasses import asdict
from uuid import uuid4

import pytest
from celery.exceptions import Retry
from django.utils import timezone

from apps.users import bootstrap
from apps.users.infrastructure.models import User
from apps.users.infrastructure.repositories.teams import DjangoTeamWork
from core.kernel.actors import Role
from core.kernel.events import Message
from core.messaging import dispatch, tasks
from core.messaging.models import HandledMessage
from core.messaging.subscriptions import Handler, Subscription
from core.messaging.tasks import MEMORY, deliver, forget
from core.persistence import work

MESSAGE = Message(
    id=str(uuid4()),
    name="billing.invoice_paid",
    team_id=str(uuid4()),
    occurred_at="2026-01-15T09:30:00+00:00",
    data={"amount": "12.50"},
)

got: list[Message] = []


def remember(message: Message) -> None:
    got.append(message)


def remember_too(message: Message) -> None:
    got.append(message)


def fail(message: Message) -> None:
    HandledMessage.objects.create(message_id=uuid4(), subscriber="what it has done")
    raise RuntimeError("not today")


def subscribe(monkeypatch: pytest.MonkeyPatch, *handlers: Handler) -> list[str]:
    """Let handlers hear of MESSAGE, and return their names."""
    got.clear()
    entries = tuple(Subscription(MESSAGE.name, handler) for handler in handlers)
    for module in (dispatch, tasks):
        monkeypatch.setattr(module, "subscriptions", lambda: entries)
    return [entry.subscriber for entry in entries]


def test_a_message_that_is_delivered_twice_is_handled_once(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    (name,) = subscribe(monkeypatch, remember)
    assert deliver(name, asdict(MESSAGE)) is True
    assert deliver(name, asdict(MESSAGE)) is False
    assert got == [MESSAGE]


def test_every_subscriber_gets_it_and_nobody_else(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribe(monkeypatch, remember, remember_too)
    dispatch.send(MESSAGE)
    assert got == [MESSAGE, MESSAGE]
    dispatch.send(Message(**asdict(MESSAGE) | {"name": "billing.invoice_lost"}))
    assert len(got) == 2


def test_what_fails_has_not_happened_and_is_tried_again(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    (name,) = subscribe(monkeypatch, fail)
    with pytest.raises((Retry, RuntimeError)):
        deliver(name, asdict(MESSAGE))
    assert HandledMessage.objects.count() == 0
    assert deliver.max_retries == 8


def test_a_subscriber_that_is_gone_is_an_error(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    subscribe(monkeypatch)
    with pytest.raises((Retry, LookupError)):
        deliver("apps.gone.handler", asdict(MESSAGE))


def test_handled_messages_are_forgotten_after_a_while(db: None) -> None:
    for age in (dt.timedelta(), MEMORY + dt.timedelta(hours=1)):
        row = HandledMessage.objects.create(message_id=uuid4(), subscriber="somebody")
        HandledMessage.objects.filter(pk=row.pk).update(handled_at=timezone.now() - age)
    assert forget() == 1
    assert HandledMessage.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_does_not_undo_what_happened(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def down(message: Message) -> None:
        raise ConnectionError("nobody listens")

    monkeypatch.setattr(work, "send", down)
    user_id, team = bootstrap.register("ada", "a long enough password", "Engines")
    assert bootstrap.identify(user_id, team.id).role is Role.OWNER
    assert "nobody listens" in caplog.text


def test_what_is_not_committed_is_not_kept(db: None) -> None:
    with DjangoTeamWork() as piece:
        piece.accounts.create("nora", "a long enough password")
    assert not User.objects.exists()
    with DjangoTeamWork() as piece:
        piece.accounts.create("nora", "a long enough password")
        piece.commit()
    assert User.objects.exists()
