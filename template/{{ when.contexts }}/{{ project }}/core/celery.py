"""Tasks in the background: ``celery --app core worker`` runs them, ``celery --app core beat`` sends the regular ones.

A context's tasks stand in ``apps/<context>/infrastructure/tasks.py`` and are found there. A task may be delivered twice
(a worker that dies has not acknowledged it), so it has to be idempotent; it is sent after the commit, by
``task.delay_on_commit(…)``, so that it finds the rows that it is about.
"""

import os
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import structlog
from celery import Celery, Task, signals
from celery.beat import PersistentScheduler
from django.apps import apps

from .routers import reads

ALIVE = Path("/tmp/alive")  # noqa: S108 (a probe in the same container looks at it)
"""File that a worker or the scheduler touches as long as it works; older than a minute means: restart it."""

CONTEXT = ("request_id", "user_id", "team_id", "trace_id")
"""What every log line of a task repeats of the request that sent it."""

_entered: dict[str, ExitStack] = {}

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.settings")

app = Celery("core")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["core", "core.messaging"])
app.autodiscover_tasks(
    lambda: [config.name for config in apps.get_app_configs() if config.name.startswith("apps.")]
)


class Scheduler(PersistentScheduler):
    """Celery's own, that shows it is alive."""

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Send what is due; say how long there is nothing to do."""
        ALIVE.touch()
        wait: float = super().tick(*args, **kwargs)
        return wait


@signals.heartbeat_sent.connect
def _show_life(**_: Any) -> None:
    """Touch the file: a worker sends heartbeats as long as its loop runs and the broker answers."""
    ALIVE.touch()


@signals.setup_logging.connect
def _keep_logging(**_: Any) -> None:
    """Leave the logs as the settings have them: Celery configures its own only if nobody is connected here."""


@signals.before_task_publish.connect
def _send_context(headers: dict[str, Any], **_: Any) -> None:
    """Give the task the ids of the request that sends it."""
    context = structlog.contextvars.get_contextvars()
    headers.update({name: context[name] for name in CONTEXT if name in context})


@signals.task_prerun.connect
def _enter(task: Task[Any, Any], task_id: str, **_: Any) -> None:
    """Put the task's ids, and those of its request, into every line; read what the request has just written."""
    stack = ExitStack()
    sent = {name: getattr(task.request, name, None) for name in CONTEXT}
    context = {name: value for name, value in sent.items() if value}
    stack.enter_context(
        structlog.contextvars.bound_contextvars(task=task.name, task_id=task_id, **context)
    )
    stack.enter_context(reads(primary=True))
    _entered[task_id] = stack


@signals.task_postrun.connect
def _leave(task_id: str, **_: Any) -> None:
    """Forget it all, for the next task of this process."""
    _entered.pop(task_id).close()
