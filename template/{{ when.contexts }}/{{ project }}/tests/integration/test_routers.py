"""The replica: what is read from it, and when the primary is asked instead. With two databases that differ."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.contenttypes.models import ContentType
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory

from core.environment import ROOT
from core.middleware.replica import read_your_writes
from core.routers import REPLICA, ReplicaRouter

SCRIPT = """
import shutil, sys
import django
django.setup()
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import transaction
from django.http import HttpResponse
from django.test import RequestFactory
from core.middleware.replica import read_your_writes

call_command("migrate", verbosity=0)
shutil.copy(*sys.argv[1:])
before = ContentType.objects.using("replica").count()

def handle(request):
    found = [ContentType.objects.count() - before]
    if request.method == "POST":
        ContentType.objects.create(app_label="new", model="row")
        found.append(ContentType.objects.count() - before)
    with transaction.atomic():
        found.append(ContentType.objects.count() - before)
    found.append(Session.objects.all().db)
    return HttpResponse(str(found))

view = read_your_writes(handle)
for method in ("GET", "POST", "GET"):
    print(view(RequestFactory().generic(method, "/")).content.decode())
"""


def test_a_read_after_a_write_finds_what_was_written(tmp_path: Path) -> None:
    primary, replica = tmp_path / "primary.db", tmp_path / "replica.db"
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, primary, replica],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "core.settings",
            "DATABASE_URL": f"sqlite:///{primary}",
            "DATABASE_REPLICA_URL": f"sqlite:///{replica}",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout.splitlines() == [
        # The replica is asked; within a transaction the primary.
        "[0, 0, 'default']",
        # After the write it is the primary, in a transaction or not.
        "[0, 1, 1, 'default']",
        # The next request begins anew: the replica, which has been left behind.
        "[0, 1, 'default']",
    ], run.stderr


def test_a_request_that_fails_leaves_nothing_behind() -> None:
    router = ReplicaRouter()
    read: list[str] = []

    def writes_and_fails(request: HttpRequest) -> HttpResponse:
        router.db_for_write(ContentType)
        raise Http404

    def reads(request: HttpRequest) -> HttpResponse:
        read.append(router.db_for_read(ContentType))
        return HttpResponse()

    with pytest.raises(Http404):
        read_your_writes(writes_and_fails)(RequestFactory().get("/"))
    assert router.db_for_read(ContentType) == REPLICA
    read_your_writes(reads)(RequestFactory().get("/"))
    assert read == [REPLICA]


def test_only_the_primary_is_migrated() -> None:
    assert ReplicaRouter().allow_migrate("default", "auth")
    assert not ReplicaRouter().allow_migrate(REPLICA, "auth")
