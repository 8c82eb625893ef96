"""A client that knows nothing but HTTP."""

import json
import urllib.request
from typing import Any
from urllib.error import HTTPError


class Session:
    """Somebody at the other end of the line, with a token once signed in."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.headers = {"Content-Type": "application/json"}

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """Send a request, and return status and body."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(  # noqa: S310 (the address is the test's own server)
            self.address + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers=self.headers | named,
        )
        try:
            with urllib.request.urlopen(request, timeout=20) as response:  # noqa: S310
                return response.status, json.loads(response.read() or b"null")
        except HTTPError as error:
            with error:
                return error.code, json.loads(error.read() or b"null")

    def enter(self, name: str, **team: str) -> "Session":
        """Register if need be, sign in, and stay."""
        who = {"username": name, "password": f"the password of {name}"}
        self.ask("POST", "/api/auth/register/", {**who, "team": f"Team of {name}"})
        code, tokens = self.ask("POST", "/api/auth/login/", {**who, **team})
        assert code == 200, tokens
        self.headers["Authorization"] = f"Bearer {tokens['access']}"
        return self
