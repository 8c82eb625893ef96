"""A user's connection to a running API."""

import base64
import hashlib
import hmac
import http.client
import json
import re
import time
from collections.abc import Callable
from typing import Any

from bench.apis import SECRET


class Client:
    """Asks one list, over a connection that stays open.

    Args:
        port: where the API is served.
        path: of the list.
        token: makes a token; asked again when the one at hand has expired.
    """

    def __init__(self, port: int, path: str, token: Callable[[], str]) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.path, self.token, self.next = path, token, ""
        self.headers = {"Authorization": f"Bearer {token()}", "Content-Type": "application/json"}

    def ask(self, query: str = "", body: dict[str, Any] | None = None) -> Any:
        """Send a request to the list, or to one of its items, and read the answer.

        Raises:
            RuntimeError: when it is an error.
        """
        status, text = self._send(query, body)
        if status == http.client.UNAUTHORIZED:
            self.headers["Authorization"] = f"Bearer {self.token()}"
            status, text = self._send(query, body)
        if status >= http.client.MULTIPLE_CHOICES:
            raise RuntimeError(f"{self.path}{query}: {status} {text[:300]}")
        return json.loads(text)

    def _send(self, query: str, body: dict[str, Any] | None) -> tuple[int, str]:
        method, content = ("GET", None) if body is None else ("POST", json.dumps(body))
        try:
            self.connection.request(method, self.path + query, content, self.headers)
            response = self.connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):
            # The server has closed a connection that was not used for some seconds.
            self.connection.close()
            self.connection.request(method, self.path + query, content, self.headers)
            response = self.connection.getresponse()
        text = response.read().decode()
        linked = re.search(r'<(\?[^>]*)>; rel="next"', response.headers.get("Link", ""))
        self.next = linked[1] if linked else ""
        return response.status, text

    def items(self) -> list[dict[str, Any]]:
        """Read the first page, whatever the form of its answer."""
        page = self.ask()
        found: list[dict[str, Any]] = page if isinstance(page, list) else page.get("items", page.get("results"))
        return found


def signed_token(user: str) -> str:
    """Sign a user's token for the hand-written servers, good for a day."""

    def part(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).decode().rstrip("=")

    claims = {"user_id": user, "token_type": "access", "jti": "1", "exp": int(time.time()) + 86_400}
    text = ".".join(part(json.dumps(entry).encode()) for entry in ({"alg": "HS256", "typ": "JWT"}, claims))
    return f"{text}.{part(hmac.digest(SECRET.encode(), text.encode(), hashlib.sha256))}"
