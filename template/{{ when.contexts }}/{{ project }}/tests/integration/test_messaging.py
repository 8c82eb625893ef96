"""Messages between contexts: committed with what they tell of, handled once, tried for a day, and never lost."""

import datetime as dt
from collections.abc import Callable
from dataclasses import asdict
from io import StringIO
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from kombu.exceptions import OperationalError
from prometheus_client import generate_latest
from pytest_django import DjangoCaptureOnCommitCallbacks
from structlog.testing import capture_logs

from apps.users import bootstrap
from apps.users.infrastructure.models import User
from apps.users.infrastructure.repositories.teams import DjangoTeamWork
from core.kernel.actors import Role
from core.kernel.events import Message
from core.messaging import dispatch, tasks
from core.messaging.models import OutboxMessage, State
from core.messaging.subscriptions import Handler, Subscription
from core.messaging.tasks import ATTEMPTS, LONGEST, MEMORY, SHORTEST, deliver, forget, pause, relay
from core.middleware.metrics import OUTBOX

MESSAGE = Message(
    id=str(uuid4()),
    name="billing.invoice_paid",
    team_id=str(uuid4()),
    occurred_at="2026-01-15T09:30:00+00:00",
    data={"amount": "12.50"},
)
PERSONAL = "ada@example.com"

type Subscribe = Callable[..., None]

got: list[Message] = []


def remember(message: Message) -> None:
    got.append(message)


def fail(message: Message) -> None:
    User.objects.create(username="what it has done")
    raise RuntimeError(PERSONAL)


@pytest.fixture
def subscribe(monkeypatch: pytest.MonkeyPatch) -> Subscribe:
    """Lets handlers hear of MESSAGE, under the names ``orders.first`` and ``orders.second``."""
    got.clear()

    def replace(*handlers: Handler) -> None:
        entries = tuple(
            Subscription(MESSAGE.name, handler, name=f"orders.{name}")
            for name, handler in zip(("first", "second"), handlers, strict=False)
        )
        for module in (dispatch, tasks):
            monkeypatch.setattr(module, "subscriptions", lambda: entries)

    return replace


def stored(**values: Any) -> OutboxMessage:
    """Store MESSAGE to the first subscriber, one of many times."""
    return OutboxMessage.objects.create(
        message_id=uuid4(),
        event=MESSAGE.name,
        subscriber="orders.first",
        content=asdict(MESSAGE),
        **values,
    )


def change(row: OutboxMessage, **values: Any) -> None:
    OutboxMessage.objects.filter(pk=row.pk).update(**values)


def long_ago() -> dt.datetime:
    return timezone.now() - MEMORY - dt.timedelta(hours=1)


def test_every_subscriber_gets_it_and_nobody_else(
    db: None,
    subscribe: Subscribe,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    subscribe(remember, remember)
    with django_capture_on_commit_callbacks(execute=True):
        dispatch.send(MESSAGE)
        assert got == []
    assert got == [MESSAGE, MESSAGE]
    rows = OutboxMessage.objects.order_by("pk")
    assert [(row.subscriber, row.state) for row in rows] == [
        ("orders.first", State.HANDLED),
        ("orders.second", State.HANDLED),
    ]
    with django_capture_on_commit_callbacks(execute=True):
        dispatch.send(Message(**asdict(MESSAGE) | {"name": "billing.invoice_lost"}))
    assert len(got) == 2


def test_a_message_that_is_delivered_twice_is_handled_once(db: None, subscribe: Subscribe) -> None:
    subscribe(remember)
    row = stored()
    assert [deliver(row.pk), deliver(row.pk), relay()] == [True, False, 0]
    assert got == [MESSAGE]


def test_what_somebody_else_has_handled_meanwhile_is_left_alone(
    db: None, subscribe: Subscribe
) -> None:
    subscribe(remember)
    row = stored()
    change(row, state=State.HANDLED)
    # Taken before that by a process that was held up.
    assert not tasks._handle(row)
    assert got == []


def test_a_message_is_not_stored_without_what_it_tells_of(db: None, subscribe: Subscribe) -> None:
    subscribe(remember)
    with transaction.atomic():
        dispatch.send(MESSAGE)
        assert OutboxMessage.objects.exists()
        transaction.set_rollback(True)
    assert not OutboxMessage.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("known", [False, True])
def test_a_broker_that_is_away_loses_nothing(
    subscribe: Subscribe,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    known: bool,
) -> None:
    def away(pk: int) -> None:
        raise OperationalError("nobody listens")

    subscribe(remember)
    monkeypatch.setattr(deliver, "delay", away)
    monkeypatch.setattr(dispatch, "cache", SimpleNamespace(away=known))
    dispatch.send(MESSAGE)
    # Whoever knows it does not ask.
    assert ("nobody listens" in caplog.text) is not known
    assert got == []
    assert relay() == 1
    assert got == [MESSAGE]


def test_what_fails_has_not_happened_and_is_tried_again(db: None, subscribe: Subscribe) -> None:
    subscribe(fail)
    row = stored()
    with capture_logs() as lines:
        assert not deliver(row.pk)
    row.refresh_from_db()
    assert not User.objects.exists()
    assert (row.state, row.attempts, row.error) == (State.WAITING, 1, "builtins.RuntimeError")
    assert row.at > timezone.now()
    assert [(line["event"], line["log_level"]) for line in lines] == [("failed", "warning")]
    assert "User.objects.create" not in lines[0]["trace"]
    assert "in fail" in lines[0]["trace"]
    assert PERSONAL not in str(lines)
    # Not before its time, and then with all that has changed.
    subscribe(remember)
    assert relay() == 0
    change(row, at=timezone.now())
    assert relay() == 1


def test_an_attempt_counts_even_if_it_ends_the_process(db: None, subscribe: Subscribe) -> None:
    def end(message: Message) -> None:
        raise SystemExit

    subscribe(end)
    row = stored()
    with pytest.raises(SystemExit):
        deliver(row.pk)
    row.refresh_from_db()
    assert (row.attempts, row.at > timezone.now()) == (1, True)
    change(row, attempts=ATTEMPTS, at=timezone.now())
    assert not deliver(row.pk)
    row.refresh_from_db()
    assert row.state == State.DEAD


def test_attempts_stretch_over_a_day_and_grow_apart() -> None:
    pauses = [pause(number) for number in range(1, ATTEMPTS)]
    assert sum(pauses, dt.timedelta()) >= dt.timedelta(days=1)
    assert SHORTEST <= pauses[0] < pauses[3] < pauses[-1] <= LONGEST * 1.25
    assert len({pause(1) for _ in range(20)}) > 1


@pytest.mark.parametrize("moved", [False, True])
def test_what_never_succeeds_is_given_up_and_kept(
    db: None, subscribe: Subscribe, moved: bool
) -> None:
    subscribe(*([] if moved else [fail]))
    row = stored(attempts=ATTEMPTS - 1)
    with capture_logs() as lines:
        relay()
    row.refresh_from_db()
    error = "builtins.LookupError" if moved else "builtins.RuntimeError"
    assert (row.state, row.attempts, row.error) == (State.DEAD, ATTEMPTS, error)
    assert [(line["event"], line["log_level"]) for line in lines] == [("given up", "error")]
    assert lines[0]["subscriber"] == "orders.first"
    change(row, at=long_ago())
    assert (relay(), forget()) == (0, 0)


def test_handled_messages_are_forgotten_after_a_while(db: None) -> None:
    stored(state=State.HANDLED, at=long_ago())
    stored(state=State.HANDLED)
    stored(state=State.WAITING, at=long_ago())
    assert forget() == 1
    assert OutboxMessage.objects.count() == 2


def test_an_index_serves_what_is_asked_for_again_and_again(db: None) -> None:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, OutboxMessage._meta.db_table)
    assert ["state", "at"] in [entry["columns"] for entry in found.values() if entry["index"]]


def test_dead_letters_are_counted_for_prometheus(db: None) -> None:
    for state in (State.DEAD, State.WAITING, State.WAITING, State.HANDLED):
        stored(state=state)
    numbers = generate_latest(OUTBOX).decode()
    assert 'outbox_messages{state="waiting"} 2.0' in numbers
    assert 'outbox_messages{state="dead"} 1.0' in numbers
    assert "handled" not in numbers


def command(*arguments: str) -> str:
    output = StringIO()
    call_command("messages", *arguments, stdout=output)
    return output.getvalue()


def test_the_command_lists_dead_letters_and_sends_them_again(
    db: None,
    subscribe: Subscribe,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    subscribe(remember)
    first, second = (stored(state=State.DEAD, attempts=ATTEMPTS, error="a.B") for _ in range(2))
    stored(at=timezone.now() + LONGEST)
    listed = command()
    assert f"{first.pk}  " in listed
    assert "billing.invoice_paid to orders.first  a.B" in listed
    assert "2 given up, 1 on their way" in listed
    with django_capture_on_commit_callbacks(execute=True):
        assert command("--resend", str(first.pk)) == "1 sent again\n"
    first.refresh_from_db()
    assert (first.state, first.attempts) == (State.HANDLED, 1)
    for unknown in (str(first.pk), "0", "x"):
        with pytest.raises(CommandError, match=unknown):
            command("--resend", unknown)
    assert command("--resend", "all") == "1 sent again\n"
    second.refresh_from_db()
    assert (second.state, second.attempts) == (State.WAITING, 0)
    assert command("--due") == "1 handled\n"
    assert got == [MESSAGE, MESSAGE]


def test_the_admin_shows_messages_and_sends_dead_letters_again(
    admin_client: Client, client: Client
) -> None:
    dead, waiting = stored(state=State.DEAD), stored(attempts=3)
    address = "/admin/messaging/outboxmessage/"
    assert admin_client.get(address, {"state": "dead"}).context["cl"].result_count == 1
    assert b"orders.first" in admin_client.get(f"{address}{dead.pk}/change/").content
    for path, body in ((f"{dead.pk}/change/", {"state": "handled"}), ("add/", {})):
        assert admin_client.post(address + path, body).status_code == 403
    assert admin_client.post(f"{address}{dead.pk}/delete/", {"post": "yes"}).status_code == 403
    action = {"action": "send_again", "_selected_action": [str(dead.pk), str(waiting.pk)]}
    # Who may only look sends nothing.
    looker = User.objects.create_user("looker", is_staff=True)
    looker.user_permissions.add(Permission.objects.get(codename="view_outboxmessage"))
    client.force_login(looker)
    assert client.get(address).status_code == 200
    client.post(address, action)
    assert OutboxMessage.objects.get(pk=dead.pk).state == State.DEAD
    page = admin_client.post(address, action, follow=True)
    assert "Sent again: 1" in page.content.decode()
    assert OutboxMessage.objects.get(pk=dead.pk).state == State.WAITING
    assert OutboxMessage.objects.get(pk=waiting.pk).attempts == 3


@pytest.mark.django_db(transaction=True)
def test_a_handler_that_fails_does_not_undo_what_happened(
    subscribe: Subscribe, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = (Subscription("users.team_founded", fail, name="orders.first"),)
    for module in (dispatch, tasks):
        monkeypatch.setattr(module, "subscriptions", lambda: entries)
    user_id, team = bootstrap.register("ada", "a long enough password", "Engines")
    assert bootstrap.identify(user_id, team.id).role is Role.OWNER
    assert OutboxMessage.objects.get().error == "builtins.RuntimeError"


def test_what_is_not_committed_is_not_kept(db: None) -> None:
    with DjangoTeamWork() as piece:
        piece.accounts.create("nora", "a long enough password")
    assert not User.objects.exists()
    with DjangoTeamWork() as piece:
        piece.accounts.create("nora", "a long enough password")
        piece.commit()
    assert User.objects.exists()
