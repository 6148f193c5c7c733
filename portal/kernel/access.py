"""Who may use a page. A view carries one mark; one guard enforces it; no mark answers 403.

Every view answers one method, so that reading and changing are permitted separately.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, TypeVar, cast
from urllib.parse import quote

from flask import Flask, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.kernel.database import enter
from portal.kernel.errors import SignedOut
from portal.kernel.session import db
from portal.kernel.tenancy import Scope

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


class Kind(StrEnum):
    """The three ways to be let in."""

    PUBLIC = "public"
    SIGNED_IN = "signed in"
    PERMISSION = "permission"


@dataclass(frozen=True, slots=True)
class Mark:
    """What a view asks of whoever comes, and for a page open to more people, why."""

    kind: Kind
    permission: StrEnum | None = None
    reason: str = ""


class Viewer(Protocol):
    """Whoever is signed in: their scope, and what their roles permit."""

    @property
    def is_authenticated(self) -> bool: ...

    @property
    def scope(self) -> Scope | None: ...

    def can(self, permission: StrEnum) -> bool: ...


class UnmarkedView(RuntimeError):
    """A view was registered without saying who may use it."""


def requires(permission: StrEnum) -> Callable[[View], View]:
    """Only people whose roles in the organisation they work as hold this permission."""
    return _marking(Mark(Kind.PERMISSION, permission))


def signed_in(reason: str) -> Callable[[View], View]:
    """Anybody with an account, whatever their roles; the reason says why."""
    return _marking(Mark(Kind.SIGNED_IN, reason=reason))


def public_page(reason: str) -> Callable[[View], View]:
    """Anybody at all; the reason says why."""
    return _marking(Mark(Kind.PUBLIC, reason=reason))


def mark_of(app: Flask, endpoint: str) -> Mark | None:
    """The mark that an endpoint's view carries."""
    return cast("Mark | None", getattr(app.view_functions[endpoint], "access", None))


def viewer() -> Viewer:
    """Whoever makes this request; not authenticated when nobody is signed in."""
    return cast(Viewer, current_user)


def can(permission: StrEnum) -> bool:
    """Whether the person making this request holds a permission."""
    return viewer().is_authenticated and viewer().can(permission)


def init_access(app: Flask) -> None:
    """Put the guard in front of every view."""
    app.before_request(_guard)


def refuse_unmarked(app: Flask) -> None:
    """Stop the start-up when a view says nothing of who may use it.

    Raises UnmarkedView naming every such endpoint.
    """
    unmarked = sorted(
        {rule.endpoint for rule in app.url_map.iter_rules() if mark_of(app, rule.endpoint) is None}
    )
    if unmarked:
        raise UnmarkedView(f"say who may use: {', '.join(unmarked)}")


def _marking(mark: Mark) -> Callable[[View], View]:
    def attach(view: View) -> View:
        cast(Any, view).access = mark
        return view

    return attach


def _guard() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None
    mark = mark_of(current_app, request.endpoint)
    if mark is None:
        abort(403)
    person = viewer()
    if mark.kind is Kind.PUBLIC:
        enter(db(), (person.scope if person.is_authenticated else None) or Scope.public())
        return None
    if not person.is_authenticated:
        return _to_sign_in()
    if mark.kind is Kind.SIGNED_IN:
        if person.scope is not None:
            enter(db(), person.scope)
        return None
    if person.scope is None:
        return redirect(url_for("identity.choose"), 303)
    if mark.permission is None or not person.can(mark.permission):
        abort(403)
    enter(db(), person.scope)
    return None


def _to_sign_in() -> Response:
    """Ask who it is, and come back; a form that was sent is refused in words instead."""
    if request.method == "POST":
        raise SignedOut
    target = f"{url_for('identity.sign_in')}?next={quote(request.full_path.rstrip('?'))}"
    if "HX-Request" in request.headers:
        return Response("", 401, {"HX-Redirect": target})
    return redirect(target, 303)


def marks(app: Flask) -> Iterator[tuple[str, str, Mark | None]]:
    """Every (rule, method) of the application with its mark, HEAD and OPTIONS left out."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule.rule, method, mark_of(app, rule.endpoint)
