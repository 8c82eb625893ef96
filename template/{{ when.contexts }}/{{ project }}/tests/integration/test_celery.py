"""Tasks: what they know of the request that sent them, where they read, and the regular ones."""

from datetime import timedelta
from pathlib import Path

import pytest
import structlog
import yaml
from celery import signals
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.utils import timezone
from structlog.testing import capture_logs

from core import celery
from core.celery import Scheduler, app
from core.environment import ROOT
from core.routers import REPLICA, ReplicaRouter
from core.tasks import remove_what_ran_out


@app.task
def note(fails: bool = False) -> None:
    """Say what a task is given, and where it reads."""
    place = ReplicaRouter().db_for_read(ContentType)
    context = structlog.contextvars.get_contextvars()
    structlog.get_logger().info("ran", place=place, **context)
    if fails:
        raise ValueError


def lines(fails: bool) -> list[dict[str, object]]:
    with capture_logs() as found:
        note.apply(kwargs={"fails": fails}, throw=False)
    return [dict(line) for line in found if line["event"] == "ran"]


@pytest.mark.parametrize("fails", [False, True])
def test_a_task_begins_and_ends_as_a_request_does(fails: bool) -> None:
    structlog.contextvars.clear_contextvars()
    for _ in range(2):
        (line,) = lines(fails=fails)
        # What the request has written before it sent the task may not have reached the replica.
        assert line["place"] == "default"
        assert line["task"] == note.name
        assert line["task_id"]
    assert ReplicaRouter().db_for_read(ContentType) == REPLICA
    assert structlog.contextvars.get_contextvars() == {}


def test_a_task_is_sent_with_the_ids_of_its_request() -> None:
    headers: dict[str, object] = {}
    with structlog.contextvars.bound_contextvars(
        request_id="abc-1", user_id="7", other="kept here"
    ):
        signals.before_task_publish.send(sender=note.name, headers=headers)
    assert headers == {"request_id": "abc-1", "user_id": "7"}


def test_messages_hold_json_and_a_lost_worker_loses_none() -> None:
    assert app.conf.task_serializer == "json"
    assert app.conf.accept_content == ["json"]
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    # A task that is still running must not be handed out a second time.
    longest = app.conf.task_time_limit
    assert app.conf.broker_transport_options["visibility_timeout"] > longest


def test_every_regular_task_exists() -> None:
    for entry in app.conf.beat_schedule.values():
        assert entry["task"] in app.tasks


def test_a_scheduler_that_works_shows_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(celery, "ALIVE", tmp_path / "alive")
    scheduler = Scheduler(app, schedule_filename=str(tmp_path / "beat"))
    assert 0 <= scheduler.tick() <= app.conf.beat_max_loop_interval
    assert (tmp_path / "alive").exists()
    scheduler.close()


def test_what_ran_out_is_removed_and_nothing_else(db: None) -> None:
    for key, hours in (("old", -1), ("new", 1)):
        expires = timezone.now() + timedelta(hours=hours)
        Session.objects.create(session_key=key, session_data="", expire_date=expires)
    for _ in range(2):
        remove_what_ran_out.delay()
        assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]


def test_whoever_stops_a_worker_waits_for_the_longest_task() -> None:
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
    manifests = yaml.safe_load_all((ROOT / "k8s/base/deployment.yaml").read_text("utf-8"))
    (pod,) = (
        manifest["spec"]["template"]["spec"]
        for manifest in manifests
        if manifest["metadata"]["name"].endswith("-worker")
    )
    longest = app.conf.task_time_limit
    assert pod["terminationGracePeriodSeconds"] > longest
    assert int(compose["services"]["worker"]["stop_grace_period"].removesuffix("s")) > longest
    assert longest > app.conf.task_soft_time_limit
