"""Conversations: all of them, one on an agreement, one on a referral, their files."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.agreements.conversations import actions, queries
from portal.agreements.conversations.forms import MessageForm
from portal.agreements.conversations.models import Conversation
from portal.agreements.conversations.reading import reader
from portal.agreements.models import Agreement
from portal.agreements.queries import get_agreement
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, viewer
from portal.kernel.access import requires, signed_in
from portal.kernel.clock import now
from portal.kernel.errors import NotFound
from portal.kernel.files import FileRefused, answer_with
from portal.kernel.fragments import render
from portal.kernel.session import db
from portal.referrals.models import Recipient

routes = Blueprint("conversations", __name__, url_prefix="/conversations")


@routes.get("")
@signed_in("everybody finds the conversations that their roles open, and nobody any other")
def index() -> ResponseReturnValue:
    """Every conversation that one may read, the newest message first."""
    page = queries.conversations(db(), reader(viewer()), cursor=request.args.get("page"))
    return render("agreements/conversations/index.html", page=page, for_council=viewer().is_council)


@routes.get("/agreements/<uuid:agreement_id>")
@requires(Permission.CONVERSE)
def agreement(agreement_id: UUID) -> ResponseReturnValue:
    """What both sides wrote about an agreement."""
    return _shown(get_agreement(db(), agreement_id), MessageForm())


@routes.post("/agreements/<uuid:agreement_id>")
@requires(Permission.CONVERSE)
def send_on_agreement(agreement_id: UUID) -> ResponseReturnValue:
    """Write about an agreement."""
    return _send(get_agreement(db(), agreement_id))


@routes.post("/agreements/<uuid:agreement_id>/read")
@requires(Permission.CONVERSE)
def read_on_agreement(agreement_id: UUID) -> ResponseReturnValue:
    """Mark it as read, up to what the page showed."""
    return _read(get_agreement(db(), agreement_id))


@routes.get("/agreements/<uuid:agreement_id>/files/<uuid:attached_id>")
@requires(Permission.CONVERSE)
def file_on_agreement(agreement_id: UUID, attached_id: UUID) -> ResponseReturnValue:
    """A file that came with a message about an agreement."""
    found = _conversation(get_agreement(db(), agreement_id))
    return answer_with(queries.file_of(db(), found, attached_id))


@routes.get("/referrals/<uuid:recipient_id>")
@requires(Permission.REFERRAL_CONVERSE)
def referral(recipient_id: UUID) -> ResponseReturnValue:
    """What a council and one provider wrote about a referral."""
    return _shown(queries.get_recipient(db(), recipient_id), MessageForm())


@routes.post("/referrals/<uuid:recipient_id>")
@requires(Permission.REFERRAL_CONVERSE)
def send_on_referral(recipient_id: UUID) -> ResponseReturnValue:
    """Write about a referral."""
    return _send(queries.get_recipient(db(), recipient_id))


@routes.post("/referrals/<uuid:recipient_id>/read")
@requires(Permission.REFERRAL_CONVERSE)
def read_on_referral(recipient_id: UUID) -> ResponseReturnValue:
    """Mark it as read, up to what the page showed."""
    return _read(queries.get_recipient(db(), recipient_id))


@routes.get("/referrals/<uuid:recipient_id>/files/<uuid:enclosed_id>")
@requires(Permission.REFERRAL_CONVERSE)
def file_on_referral(recipient_id: UUID, enclosed_id: UUID) -> ResponseReturnValue:
    """A file that came with a message about a referral."""
    found = _conversation(queries.get_recipient(db(), recipient_id))
    return answer_with(queries.file_of(db(), found, enclosed_id))


def _conversation(about: Agreement | Recipient) -> Conversation | None:
    if isinstance(about, Agreement):
        return queries.conversation_about(db(), agreement_id=about.id)
    return queries.conversation_about(db(), recipient_id=about.id)


def _address(about: Agreement | Recipient) -> str:
    if isinstance(about, Agreement):
        return url_for(".agreement", agreement_id=about.id)
    return url_for(".referral", recipient_id=about.id)


def _send(about: Agreement | Recipient) -> ResponseReturnValue:
    form = MessageForm()
    if not form.validate_on_submit():
        return _shown(about, form), 422
    try:
        actions.send(
            db(), actor(), about, words=form.words.data or "", files=form.files.data, at=now()
        )
    except actions.GivesAway as refused:
        form.words.errors = [refused.sentence]
        return _shown(about, form), refused.status
    except FileRefused as refusal:
        db().rollback()
        form.files.refuse(refusal)
        return _shown(about, form), refusal.status
    flash("Sent.", "success")
    return redirect(_address(about), 303)


def _read(about: Agreement | Recipient) -> ResponseReturnValue:
    """By htmx, its button goes; without, the page comes again."""
    conversation = _conversation(about)
    if conversation is None:
        raise NotFound
    shown = request.form.get("newest", type=UUID)
    seen = queries.sent_at(db(), conversation, shown) if shown else conversation.last_at
    actions.mark_read(db(), actor(), conversation, at=seen)
    if "HX-Request" in request.headers:
        return ""
    return redirect(_address(about), 303)


def _shown(about: Agreement | Recipient, form: MessageForm) -> Response:
    conversation, person = _conversation(about), viewer()
    page = queries.messages(db(), conversation, cursor=request.args.get("page"))
    read_at = queries.read_until(db(), conversation, person.person_id)
    of_agreement = isinstance(about, Agreement)
    return render(
        "agreements/conversations/show.html",
        about=about,
        of_agreement=of_agreement,
        place="agreement" if of_agreement else "referral",
        where={"agreement_id" if of_agreement else "recipient_id": about.id},
        reference=about.reference if isinstance(about, Agreement) else about.referral.reference,
        page=page,
        new={
            message.id
            for message in page.rows
            if message.by_person_id != person.person_id
            and (read_at is None or message.at > read_at)
        },
        may_write=isinstance(about, Agreement) or about.sent_at is not None,
        for_council=person.is_council,
        form=form,
    )
