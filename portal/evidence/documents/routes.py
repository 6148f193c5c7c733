"""One kind of evidence: its pieces and their files, sending one, a council's word on one."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.evidence import rules
from portal.evidence.documents import actions, queries
from portal.evidence.documents.forms import JudgeForm, SendForm
from portal.evidence.documents.history import history
from portal.evidence.models import Evidence, EvidenceDocument
from portal.evidence.rules import EVIDENCE_NAMES, EvidenceKind
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, can, viewer
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.errors import NotFound
from portal.kernel.files import FileRefused, answer_with
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("documents", __name__)


@routes.get("/<uuid:provider_id>/<evidence_kind>")
@requires(Permission.EVIDENCE_READ)
def show(provider_id: UUID, evidence_kind: str) -> ResponseReturnValue:
    """All of a provider's evidence of one kind, with its files and what councils said."""
    kind = _kind(evidence_kind)
    provider = queries.get_provider(db(), provider_id)
    pieces = queries.pieces(db(), provider_id, kind)
    today = local_date(now())
    return render(
        "evidence/documents/show.html",
        provider=provider,
        kind=kind,
        name=EVIDENCE_NAMES[kind],
        pieces=[(piece, _standing(piece, today)) for piece in pieces],
        happened=history(pieces, queries.judgements(db(), provider_id, kind)),
        own=provider_id == viewer().organisation_id,
        may_send=can(Permission.EVIDENCE_SEND),
        may_judge=can(Permission.EVIDENCE_VERIFY),
    )


@routes.get("/send/<evidence_kind>")
@requires(Permission.EVIDENCE_SEND)
def send_form(evidence_kind: str) -> ResponseReturnValue:
    """Ask for the file, the days and the cover."""
    kind = _kind(evidence_kind)
    return _send_page(SendForm(kind), kind)


@routes.post("/send/<evidence_kind>")
@requires(Permission.EVIDENCE_SEND)
def send(evidence_kind: str) -> ResponseReturnValue:
    """Keep it, or show what to change with everything else that was typed."""
    kind = _kind(evidence_kind)
    form = SendForm(kind)
    if not form.validate_on_submit():
        return _send_page(form, kind), 422
    given = form.data
    try:
        actions.send(
            db(),
            actor(),
            kind,
            given["file"][0],
            valid_from=given["valid_from"],
            valid_until=given["valid_until"],
            cover=given.get("cover"),
            at=now(),
        )
    except rules.Unfit as unfit:
        form[unfit.about].errors = [unfit.sentence]
        return _send_page(form, kind), unfit.status
    except FileRefused as refusal:
        form.file.refuse(refusal)
        return _send_page(form, kind), refusal.status
    flash("Sent. It counts now, and waits for a council to verify it.", "success")
    own = viewer().organisation_id
    return redirect(url_for(".show", provider_id=own, evidence_kind=kind.value), 303)


@routes.get("/documents/<uuid:document_id>")
@requires(Permission.EVIDENCE_READ)
def download(document_id: UUID) -> ResponseReturnValue:
    """The file behind a piece of evidence."""
    return answer_with(queries.get_document(db(), document_id).file)


@routes.get("/documents/<uuid:document_id>/judge")
@requires(Permission.EVIDENCE_VERIFY)
def judge_form(document_id: UUID) -> ResponseReturnValue:
    """Ask for a council's word, beside what the provider says of the file."""
    return _judge_page(JudgeForm(), queries.get_document(db(), document_id))


@routes.post("/documents/<uuid:document_id>/judge")
@requires(Permission.EVIDENCE_VERIFY)
def judge(document_id: UUID) -> ResponseReturnValue:
    """Take a council's word, or show what is missing from it."""
    document = queries.get_document(db(), document_id)
    form = JudgeForm()
    if not form.validate_on_submit():
        return _judge_page(form, document), 422
    actions.judge(db(), actor(), document_id, refused_because=form.refused_because, at=now())
    flash(
        "Not accepted. The provider is told why." if form.refused_because else "Verified.",
        "success",
    )
    return redirect(_address(document), 303)


def _kind(code: str) -> EvidenceKind:
    try:
        return EvidenceKind(code)
    except ValueError:
        raise NotFound from None


def _standing(piece: Evidence, today: date) -> rules.Standing:
    refused = piece.refused_at is not None
    return rules.standing(piece.valid_from, piece.valid_until, today, refused=refused)


def _address(document: EvidenceDocument) -> str:
    kind = document.evidence.kind.value
    return url_for(".show", provider_id=document.provider_id, evidence_kind=kind)


def _judge_page(form: JudgeForm, document: EvidenceDocument) -> Response:
    return render(
        "evidence/documents/judge.html",
        form=form,
        document=document,
        provider=queries.get_provider(db(), document.provider_id),
        name=EVIDENCE_NAMES[document.evidence.kind],
        back=_address(document),
    )


def _send_page(form: SendForm, kind: EvidenceKind) -> Response:
    return render(
        "evidence/documents/send.html",
        form=form,
        kind=kind,
        name=EVIDENCE_NAMES[kind],
        ends=rules.ends(kind),
        least_cover=rules.LEAST_COVER if kind in rules.INSURANCE else None,
        back=url_for(".show", provider_id=viewer().organisation_id, evidence_kind=kind.value),
    )
