"""A provider's receipts, and the page on which anybody checks one."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from portal.frameworks.applications.models import Submission
from portal.frameworks.applications.receiving import queries
from portal.frameworks.applications.receiving.forms import CheckForm
from portal.frameworks.applications.receiving.rules import say_exactly
from portal.frameworks.applications.receiving.signing import checks
from portal.frameworks.opening.verifying import Standing, standing_of
from portal.frameworks.sealing.receipts import BadReceipt, Receipt
from portal.identity.permissions import Permission
from portal.identity.viewing import viewer
from portal.kernel.access import public_page, requires
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("receipts", __name__, url_prefix="/receipts")

STANDINGS = {
    Standing.SEALED: ("Sealed", "info", "Nobody has read it. Two people open it after closing."),
    Standing.UNALTERED: (
        "Opened as it was sent",
        "good",
        "What was opened, and what is evaluated, is what this receipt was given for.",
    ),
    Standing.ALTERED: (
        "Altered",
        "bad",
        "What the portal holds is not what this receipt was given for. Tell the council at once.",
    ),
    Standing.NOT_OPENED: (
        "Never opened",
        "neutral",
        "A later one took its place, or the application was withdrawn.",
    ),
}


@routes.get("/<uuid:submission_id>")
@requires(Permission.APPLICATION_MAKE)
def show(submission_id: UUID) -> ResponseReturnValue:
    """The receipt, and what became of what it was given for."""
    submission = _own(submission_id)
    opened = submission.application.round.opened_at is not None
    return render(
        "frameworks/applications/receiving/show.html",
        submission=submission,
        line=_line(submission),
        received=say_exactly(submission.received_at),
        standing=STANDINGS[standing_of(db(), submission, opened=opened)],
    )


@routes.get("/<uuid:submission_id>/file")
@requires(Permission.APPLICATION_MAKE)
def file(submission_id: UUID) -> ResponseReturnValue:
    """The receipt as a text file, to keep outside the portal."""
    submission = _own(submission_id)
    said = (
        ("Receipt for an application", submission.reference),
        ("Round", submission.application.round.title),
        ("Provider", submission.application.provider.legal_name),
        ("Received", say_exactly(submission.received_at)),
        ("Declared by", f"{submission.declared_by_name}, {submission.declared_as}"),
        ("Digest (SHA-256)", submission.digest),
    )
    lines = [f"{name}: {value}" for name, value in said]
    text = "\n".join((*lines, "", _line(submission), ""))
    response = Response(text, mimetype="text/plain")
    name = f"{submission.reference.lower()}.txt"
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response


@routes.get("/check")
@public_page("whoever was given a receipt can check it without an account")
def check() -> ResponseReturnValue:
    """Whether the portal signed a receipt, and what became of what it was given for."""
    form = CheckForm(request.args)
    receipt, standing = None, None
    if request.args and form.validate():
        try:
            receipt = Receipt.read(form.receipt.data or "", checks())
        except BadReceipt as error:
            form.receipt.errors = [f"This {error}. Copy the whole line, from “placewell” on"]
        else:
            standing = STANDINGS[queries.checked(db(), receipt)]
    return render(
        "frameworks/applications/receiving/check.html",
        form=form,
        receipt=receipt,
        received=receipt and say_exactly(receipt.received_at),
        standing=standing,
    )


def _own(submission_id: UUID) -> Submission:
    return queries.get_submission(db(), submission_id, viewer().organisation_id)


def _line(submission: Submission) -> str:
    receipt = Receipt(submission.reference, submission.received_at, submission.digest)
    return receipt.line(submission.signature)
