"""Regular work of the project itself."""

import structlog
from django.core.management import call_command

from .celery import app

log = structlog.get_logger(__name__)


@app.task
def remove_what_ran_out() -> None:
    """Delete tokens and sessions that are not valid any more; run twice, the second finds none."""
    for command in ("flushexpiredtokens", "clearsessions"):
        call_command(command)
    log.info("removed what ran out")
