"""A person's requests over HTTP on one kept connection, as a browser makes them."""

from __future__ import annotations

import re
from http.client import HTTPConnection, HTTPResponse, RemoteDisconnected
from urllib.parse import urlencode, urlsplit

from portal.identity.models import Person
from tests.makers import PASSWORD

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Browser:
    """Signed in as somebody; keeps its cookie and follows a redirect only when told."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._connection = HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        self._cookie = ""

    def get(self, path: str) -> str:
        """A page that must be there."""
        return self._ask("GET", path, None, (200,))[1]

    def post(self, path: str, fields: list[tuple[str, str]]) -> str:
        """Send a form that must succeed; where it leads."""
        response, page = self._ask("POST", path, urlencode(fields), (303,))
        return response.headers["Location"] or page

    def sign_in(self, person: Person) -> Browser:
        """Sign in through the pages, and set up the second step with the code that they show."""
        page = self.get("/sign-in")
        self.post(
            "/sign-in",
            [("email", person.email), ("password", PASSWORD), ("csrf_token", token(page))],
        )
        page = self.get("/sign-in/set-up")
        code = re.search(r"your code now is <strong[^>]*>([0-9 ]+)<", page)
        assert code, "the demonstration shows no code"
        filled = [("csrf_token", token(page)), ("sealed", _value(page, "sealed"))]
        self._ask("POST", "/sign-in/set-up/app", urlencode([*filled, ("code", code[1])]), (200,))
        return self

    def close(self) -> None:
        """Let the connection go."""
        self._connection.close()

    def _ask(
        self, method: str, path: str, body: str | None, wanted: tuple[int, ...]
    ) -> tuple[HTTPResponse, str]:
        headers = {"Cookie": self._cookie, **(FORM if body else {})}
        try:
            self._connection.request(method, path, body, headers)
            response = self._connection.getresponse()
        except RemoteDisconnected:  # kept open for two idle seconds only
            self._connection.close()
            self._connection.request(method, path, body, headers)
            response = self._connection.getresponse()
        page = response.read().decode()
        for cookie in response.headers.get_all("Set-Cookie", []):
            if cookie.startswith("portal="):
                self._cookie = cookie.split(";")[0]
        assert response.status in wanted, f"{method} {path}: {response.status}\n{page[:2000]}"
        return response, page


def token(page: str) -> str:
    """The page's token against forged requests."""
    return _value(page, "csrf_token")


def fields(page: str, *names: str) -> list[tuple[str, str]]:
    """The hidden fields of a page's form."""
    return [(name, _value(page, name)) for name in ("csrf_token", "_nonce", *names)]


def ticks(page: str) -> list[tuple[str, str]]:
    """Every line that the page offers to approve."""
    return [("line", value) for value in re.findall(r'name="line"[^>]*value="([^"]+)"', page)]


def _value(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found, f"the page has no field {name}"
    return found[1]
