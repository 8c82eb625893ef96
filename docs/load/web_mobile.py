"""The load of a web and mobile project's ``load/tasks.ts``, for locust: people who create, list, read and delete tasks."""

import os
from itertools import count

from locust import HttpUser, constant, task

TOKENS = os.environ["TOKENS"].split()
NUMBERS = count()
TASK = {"title": "First title", "notes": "The first notes.", "priority": "low", "due_on": "2026-01-15", "done": False}


class Person(HttpUser):
    """Somebody who works as fast as the answers come, and rests a second after every task."""

    wait_time = constant(1)

    def on_start(self) -> None:
        """Sign in: every person has a token of their own."""
        self.client.headers["Authorization"] = f"Bearer {TOKENS[next(NUMBERS) % len(TOKENS)]}"

    @task
    def work(self) -> None:
        """Create, list, read and delete."""
        created = self.client.post("/api/tasks", json=TASK)
        address, version = f"/api/tasks/{created.json()['id']}", created.headers["etag"]
        cursor = self.client.get("/api/tasks?limit=20", name="list").json()["next"]
        if cursor:
            self.client.get(f"/api/tasks?limit=20&cursor={cursor}", name="list")
        self.client.get(address, name="one")
        self.client.delete(address, name="one", headers={"If-Match": version})
