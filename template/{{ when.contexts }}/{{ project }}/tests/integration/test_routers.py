"""The replica: what is read from it, and when the primary is asked instead. With two databases that differ."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.contenttypes.models import ContentType
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import AccessToken

from apps.users.infrastructure.models import User
from apps.users.interface import authentication
from core.environment import ROOT
from core.kernel.actors import Actor
from core.middleware.replica import read_your_writes
from core.routers import REPLICA, ReplicaRouter

SCRIPT = """
import shutil, sys
import django
django.setup()
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import call_command
from django.db import transaction
from django.http import HttpResponse
from django.test import RequestFactory
from core.middleware.replica import read_your_writes
from core.routers import reads_for

call_command("migrate", verbosity=0)
shutil.copy(*sys.argv[1:])
before = ContentType.objects.using("replica").count()

def handle(request):
    reads_for(request.headers["X-User"])
    found = [ContentType.objects.count() - before]
    if request.method == "POST":
        ContentType.objects.create(app_label="new", model="row")
        found.append(ContentType.objects.count() - before)
    with transaction.atomic():
        found.append(ContentType.objects.count() - before)
    found.append(Session.objects.all().db)
    return HttpResponse(str(found))

view = read_your_writes(handle)

def ask(method, user, session=""):
    request = RequestFactory().generic(method, "/", headers={"X-User": user})
    request.COOKIES[settings.SESSION_COOKIE_NAME if session else "other"] = session
    print(user, method, view(request).content.decode())

ask("GET", "ada")
ask("POST", "ada")
ask("GET", "ada")
ask("GET", "bob")
ask("GET", "bob", session="of the admin site")
cache.clear()
ask("GET", "ada")
"""


def answers(folder: Path, **variables: str) -> list[str]:
    """Ask one request after another, in a process with a replica that is left behind."""
    primary, replica = folder / "primary.db", folder / "replica.db"
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, primary, replica],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "core.settings",
            "DATABASE_URL": f"sqlite:///{primary}",
            "DATABASE_REPLICA_URL": f"sqlite:///{replica}",
            **variables,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.splitlines()


def test_a_read_after_a_write_finds_what_was_written(tmp_path: Path) -> None:
    assert answers(tmp_path) == [
        # The replica is asked; within a transaction the primary.
        "ada GET [0, 0, 'default']",
        # After the write it is the primary, in a transaction or not,
        "ada POST [0, 1, 1, 'default']",
        # and for the next requests of the same user,
        "ada GET [1, 1, 'default']",
        # but not for others, unless they work in the admin site.
        "bob GET [0, 1, 'default']",
        "bob GET [1, 1, 'default']",
        # After some seconds it is the replica again.
        "ada GET [0, 1, 'default']",
    ]


def test_the_primary_is_read_while_nobody_can_tell_who_has_written(tmp_path: Path) -> None:
    assert answers(tmp_path, REDIS_URL="redis://127.0.0.1:1") == [
        "ada GET [0, 0, 'default']",
        "ada POST [0, 1, 1, 'default']",
        "ada GET [1, 1, 'default']",
        "bob GET [1, 1, 'default']",
        "bob GET [1, 1, 'default']",
        "ada GET [1, 1, 'default']",
    ]


def test_a_token_says_who_reads(
    member: Actor, api: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    monkeypatch.setattr(authentication, "reads_for", read.append)
    token = AccessToken.for_user(User.objects.get(pk=member.user_id))
    api.get("/api/auth/me/", headers={"Authorization": f"Bearer {token}"})
    assert read == [str(member.user_id)]


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
