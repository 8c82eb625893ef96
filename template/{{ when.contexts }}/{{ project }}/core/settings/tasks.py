"""Tasks in the background: Celery on Redis; without Redis a task runs at once, in the process that sends it."""

from typing import Any

from .place import env

CELERY_BROKER_URL = env.redis_url or "memory://"
CELERY_TASK_ALWAYS_EAGER = not env.redis_url
CELERY_TASK_EAGER_PROPAGATES = env.environment == "test"
# Tasks are told, not asked: what one finds out is stored by its use case.
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"

# A task is done when it has run, not when it was fetched: a worker that dies leaves it to the next one.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 270
# Redis hands a task out again that nobody has acknowledged for so long, in seconds: longer than any may take.
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
    "visibility_timeout": 600,
    "global_keyprefix": "tasks:",
    # What waits is a worker, or a request that tells a worker of a message; both try again.
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A request that sends a task must not wait long for a broker that is away.
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 2, "interval_start": 0.1, "interval_max": 0.5}
CELERY_WORKER_CONCURRENCY = env.worker_concurrency
CELERY_WORKER_MAX_TASKS_PER_CHILD = 1000

CELERY_BEAT_SCHEDULER = "core.celery:Scheduler"
# The scheduler's notes: what was sent when. Without them it sends what is due, which is idempotent.
CELERY_BEAT_SCHEDULE_FILENAME = "/tmp/beat"  # noqa: S108 (a container has no other place to write to)
CELERY_BEAT_MAX_LOOP_INTERVAL = 20
CELERY_BEAT_SCHEDULE = {
    "remove-what-ran-out": {
        "task": "core.tasks.remove_what_ran_out",
        "schedule": 24 * 60 * 60.0,
    },
    "relay-messages": {
        "task": "messages.relay",
        "schedule": 10.0,
    },
    "forget-handled-messages": {
        "task": "messages.forget",
        "schedule": 24 * 60 * 60.0,
    },
}
