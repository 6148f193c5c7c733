"""The request's own session: one transaction, read-only for GET, committed once for a POST.

A form that creates or decides carries a nonce. Its row is claimed before the view runs and in
the same transaction, so that the same form sent twice is done once and answered alike, and
another body under the same nonce is refused.
"""

from __future__ import annotations

import hmac
from datetime import datetime
from typing import cast
from uuid import UUID

from flask import Flask, abort, current_app, g, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import String
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.wrappers import Response

from portal.kernel.clock import now
from portal.kernel.columns import Instant
from portal.kernel.database import Database, ScopedSession, scope_of
from portal.kernel.errors import DomainError
from portal.kernel.keys import derived_key
from portal.kernel.tenancy import Base, Scope, Task, parties

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class FormReceipt(Base):
    """A form that was acted on: its nonce, the digest of what it said, where it led."""

    __tablename__ = "form_receipt"
    __seen_by__ = parties("organisation_id")

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    nonce: Mapped[str] = mapped_column(String(64), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    location: Mapped[str] = mapped_column(String(500))
    received_at: Mapped[datetime] = mapped_column(Instant())


class ChangedForm(DomainError):
    """The same form was sent again with other content."""

    status = 422
    sentence = (
        "This form was already sent with other content, and that stands. "
        "Open the page again to see what was saved, then make your change there."
    )


def database() -> Database:
    """The process's database."""
    return cast(Database, current_app.extensions["portal.database"])


def db() -> ScopedSession:
    """The request's session; the guard has told it whom it works for."""
    if "db_session" not in g:
        g.db_session = database().session(
            Scope.system(Task.SIGN_IN), writes=request.method not in SAFE
        )
    return cast(ScopedSession, g.db_session)


def close_session(_error: BaseException | None = None) -> None:
    """Give the connection back at the end of the request; what was not committed is gone."""
    session = g.pop("db_session", None)
    if session is not None:
        session.close()


def refuse_nameless_parts() -> None:
    """A form's part without a name comes from no browser, and nothing below expects one."""
    if None in request.form or None in request.files:
        abort(400)


class TransactionalFlask(Flask):
    """Commits what a view did when it answers with success, and leaves nothing otherwise."""

    def dispatch_request(self) -> ResponseReturnValue:
        """Run the view; a POST that answers below 400 commits once."""
        if request.method in SAFE:
            return super().dispatch_request()
        nonce = request.form.get("_nonce", "")
        organisation = scope_of(db()).organisation_id
        if not nonce or organisation is None:
            return self._commit(self.make_response(super().dispatch_request()))
        digest = _digest()
        receipt = FormReceipt(
            organisation_id=organisation,
            nonce=nonce[:64],
            digest=digest,
            location="",
            received_at=now(),
        )
        if (earlier := _claim(db(), receipt)) is not None:
            if earlier.digest != digest:
                raise ChangedForm
            return redirect(earlier.location, 303)
        response = self.make_response(super().dispatch_request())
        receipt.location = response.location or request.path
        return self._commit(response)

    def _commit(self, response: Response) -> Response:
        if response.status_code < 400:
            db().commit()
        else:
            db().rollback()
        return response


def _claim(session: ScopedSession, receipt: FormReceipt) -> FormReceipt | None:
    """Take the nonce for this request, or give the receipt of the request that had it."""
    key = (receipt.organisation_id, receipt.nonce)
    earlier = session.get(FormReceipt, key)
    if earlier is not None:
        return earlier
    session.add(receipt)
    try:
        session.flush()
    except IntegrityError:
        session.rollback()
        return session.get_one(FormReceipt, key)
    return None


def _digest() -> str:
    """What the form and its files said, without its token against forgery.

    Under a key: a price or a pass phrase must not be found by trying them all.
    """
    key = derived_key(current_app.config["SECRET_KEY"], "sent forms")
    said = hmac.new(key, request.path.encode(), "sha256")
    for name, values in sorted(request.form.lists()):
        if name not in {"csrf_token", "_nonce"}:
            said.update(repr((name, values)).encode())
    for name, file in sorted(request.files.items(multi=True)):
        said.update(repr((name, file.filename)).encode())
        while part := file.stream.read(64 * 1024):
            said.update(part)
        file.stream.seek(0)
    return said.hexdigest()
