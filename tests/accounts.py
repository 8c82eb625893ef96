"""The accounts of the Django stacks, as their users have them: in a browser, by curl's requests, and with the mails."""

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_string
from mailbox import Maildir
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox
from attacks import Case, Target, signed, wrong_answers
from browser import Browser
from servers import call, free_port

PASSWORD = "a long enough password"
OTHER = "another long password"

Mails = Callable[[str], list[str]]


@contextmanager
def mail_server(folder: Path) -> Iterator[tuple[str, Mails]]:
    """Run a mail server; hand out its EMAIL_URL, and what reads the mails to an address."""
    server = Controller(Mailbox(folder), hostname="127.0.0.1", port=free_port())
    server.start()

    def mails(address: str) -> list[str]:
        found = sorted((message for message in Maildir(folder) if message["To"] == address), key=lambda m: m.get_date())
        return [f"{message['Subject']}\n{message.get_payload()}" for message in found]

    try:
        yield f"smtp://127.0.0.1:{server.port}", mails
    finally:
        server.stop()


def mails_in(folder: Path) -> Mails:
    """Make what reads the mails to an address that Django's back end for files has written."""

    def mails(address: str) -> list[str]:
        texts = [
            text
            for file in sorted(folder.glob("*.log"))
            for text in re.split(r"^-{79}$", file.read_text("utf-8"), flags=re.M)
        ]
        found = [message_from_string(text.lstrip()) for text in texts if text.strip()]
        return [f"{message['Subject']}\n{message.get_payload()}" for message in found if message["To"] == address]

    return mails


def attacks(token: str) -> Iterator[Case]:
    """List what nobody means well who asks for somebody else's account, and how it is answered."""
    typed = [("Content-Type", "application/json")]
    own = [("Authorization", f"Bearer {token}"), *typed]
    link = f"{'0' * 32}.abc123-{'0' * 32}"
    bodies: dict[str, dict[str, object]] = {
        "password/": {"password": PASSWORD, "new_password": OTHER},
        "email/": {"password": PASSWORD, "email": "eve@example.com"},
        "me/delete/": {"password": PASSWORD},
        "email/verify/": {"token": link, "password": PASSWORD},
        "password/reset/": {"email": "eve@example.com"},
        "password/reset/confirm/": {"token": link, "new_password": OTHER},
    }
    for path, body in bodies.items():
        place = f"/api/auth/{path}"

        def case(
            name: str, content: object, right: set[int], headers: list[tuple[str, str]], place: str = place
        ) -> Case:
            return Case(f"{place}: {name}", "POST", place, right, json.dumps(content).encode(), headers)

        asks = path in ("password/", "email/", "me/delete/")
        if asks:
            yield case("nobody", body, {401}, typed)
            yield case(
                "a token of its own", body, {401}, [("Authorization", f"Bearer {signed({'user_id': 1})}"), *typed]
            )
            for wrong in ("", OTHER, "a" * 129, "a\0b", ["x"], {"a": 1}, None, True, 5):
                yield case(f"password {wrong!r:.20}", body | {"password": wrong}, {400, 403}, own)
        if "token" in body:
            yield case("a token that is none", body, {403}, typed)
            for wrong in (
                "",
                "x",
                f"{link}\n",
                f"{link}\0",
                link.upper(),
                "0" * 500,
                ["x"],
                {"a": 1},
                None,
                0,
                "..",
                "%00",
                "' OR 1=1 --",
            ):
                yield case(f"token {wrong!r:.20}", body | {"token": wrong}, {400}, typed)
        if "email" in body:
            for wrong in (
                "",
                "x",
                "a@b",
                "eve@example.com\nBcc: all@example.com",
                "a@b.co\r\n",
                "eve@example.com,ada@example.com",
                ["eve@example.com"],
                None,
                "a" * 300 + "@b.co",
            ):
                yield case(f"address {wrong!r:.20}", body | {"email": wrong}, {400}, own if asks else typed)
        for name in ("is_staff", "user", "id", "username", "unverified_email", "next"):
            yield case(f"more: {name}", body | {name: "eve"}, {400}, own if asks else typed)
        for method in ("GET", "PUT", "PATCH", "DELETE", "OPTIONS"):
            yield Case(f"{method} {place}", method, place, {405}, b"{}", own)
        yield case("another host", body, {400}, [*(own if asks else typed), ("Host", "evil.example")])


def withstands_attacks(address: str, token: str) -> None:
    """Attack what belongs to the accounts of a running API."""
    target = Target(address, "/api/auth/me/", token, token, {}, {}, False)
    every = list(attacks(token))
    failures = wrong_answers(target, every)
    assert len(every) > 100
    assert not failures, "\n".join(failures)


def accounts_work(address: str, mails: Mails, browser: Browser, **more: str) -> None:
    """Live an account from its registration to its end.

    Args:
        address: of the server.
        mails: reads what it has sent.
        browser: opens the page that links lead to.
        more: what a registration of this stack takes beside name, password and address.
    """
    name, mail = "grace", "grace@example.com"

    def link(purpose: str, number: int, to: str = mail) -> str:
        """Wait for so many mails, and find the link in the last one."""
        for _ in range(100):
            if len(mails(to)) >= number:
                break
            time.sleep(0.1)
        found = re.search(rf"^{address}/account/#{purpose}=\S+$", mails(to)[number - 1], re.MULTILINE)
        assert found, mails(to)
        return found[0]

    def login(password: str) -> tuple[int, str]:
        code, tokens, _ = call("POST", f"{address}/api/auth/login/", {"username": name, "password": password})
        return code, tokens.get("access", "")

    who = {"username": name, "password": PASSWORD, "email": mail, **more}
    assert call("POST", f"{address}/api/auth/register/", who)[0] == 201
    _, token = login(PASSWORD)
    me = f"{address}/api/auth/me/"
    assert call("GET", me, token=token)[1]["email"] is None
    withstands_attacks(address, token)
    # Whatever a proxy's header says, links lead to this server.
    forgotten = f"{address}/api/auth/password/reset/"
    assert call("POST", forgotten, {"email": mail}, X_Forwarded_Host="evil.example")[0] == 202
    assert browser.submit(link("verify", 1), "Confirm the address", Password=PASSWORD) == "The address is confirmed."
    assert call("GET", me, token=token)[1]["email"] == mail

    said = browser.submit(f"{address}/account/", "Send me a link", **{"E-mail": mail})
    assert said == "If an account has confirmed this address, a link is on its way to it."
    assert browser.submit(f"{address}/account/", "Send me a link", **{"E-mail": "nobody@example.com"}) == said
    reset = link("reset", 2)
    said = browser.submit(reset, "Set the password", **{"New password": "password1234"})
    assert said == "This password is too common."
    said = browser.submit(reset, "Set the password", **{"New password": OTHER})
    assert said == "The password is set. You can sign in with it now."
    assert "has been used" in browser.submit(reset, "Set the password", **{"New password": PASSWORD})
    assert (login(PASSWORD)[0], call("GET", me, token=token)[0]) == (401, 401)

    _, token = login(OTHER)
    new = "g.hopper@example.com"
    assert call("POST", f"{address}/api/auth/email/", {"password": OTHER, "email": new}, token)[0] == 202
    assert browser.submit(link("verify", 1, new), "Confirm the address", Password=OTHER) == "The address is confirmed."
    change = {"password": OTHER, "new_password": PASSWORD}
    assert call("POST", f"{address}/api/auth/password/", change, token)[0] == 204
    _, token = login(PASSWORD)
    assert call("POST", f"{address}/api/auth/me/delete/", {"password": PASSWORD}, token)[0] == 204
    assert login(PASSWORD)[0] == 401
    subjects = [text.partition("\n")[0] for to in (mail, new) for text in mails(to)]
    assert ["verify" in subject or "Confirm" in subject for subject in subjects].count(True) == 2
    assert len(subjects) == 6, subjects
    assert not mails("nobody@example.com")
