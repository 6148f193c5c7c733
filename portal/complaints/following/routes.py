"""The pages behind the code and the four words; each shows one complaint and no other."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError

from portal.complaints.browser import (
    forget_everything,
    remember_draft,
    remember_followed,
    remembered_followed,
)
from portal.complaints.following import actions, queries
from portal.complaints.following.forms import EnterForm, LaterNameForm, ReplyForm
from portal.complaints.following.opening import note_opened, note_wrong_guess, try_to_open
from portal.complaints.following.rules import STATE_MEANS, STATE_WORDS
from portal.complaints.guidance import queries as guidance
from portal.complaints.guidance.queries import PublicCouncil
from portal.complaints.making.pages import (
    council_at,
    gone,
    helplines,
    page,
    tell_nobody_where_from,
)
from portal.complaints.making.routes.blueprint import FILE_TOO_LARGE
from portal.complaints.models import Complaint
from portal.complaints.rules import TRANSITIONS, Kind, Step, answer_days
from portal.kernel.access import public_page
from portal.kernel.clock import now
from portal.kernel.database import enter as go_on_as
from portal.kernel.errors import NotFound
from portal.kernel.files import FileRefused, StoredFile, answer_with
from portal.kernel.files.oversized import let_it_be_read
from portal.kernel.local_time import local_date
from portal.kernel.reading.ways import lazy_gettext as _
from portal.kernel.session import database, db
from portal.kernel.tenancy import Scope, Task

WITHOUT_ACCOUNT = "whoever has the code and the four words follows what they sent"
WRONG = _(
    "The code and the words do not match. Check each letter and try again. After ten tries, "
    "wait 15 minutes."
)
DESK = Scope.system(Task.PUBLIC_DESK)


class NotOpened(Exception):
    """This browser has nothing open, or has had it open too long."""


routes = Blueprint("following", __name__, url_prefix="/young-people/<council_slug>/follow")
routes.after_request(tell_nobody_where_from)


@routes.get("")
@public_page(WITHOUT_ACCOUNT)
def enter(council_slug: str) -> ResponseReturnValue:
    """Ask for the code and the words."""
    return page("following/enter", council_at(council_slug), form=EnterForm(None))


@routes.post("")
@public_page(WITHOUT_ACCOUNT)
def open_it(council_slug: str) -> ResponseReturnValue:
    """Open what was sent or saved; or say the same, after the same time, whatever was wrong.

    The slow comparison is made before anything is written, so that it holds up no other writer.
    """
    council, form, at = council_at(council_slug), EnterForm(), now()
    db().rollback()
    if not form.validate():
        return page("following/enter", council, form=form), 422
    reference, words = str(form.reference.data), str(form.passphrase.data)
    with database().session(DESK) as reading:
        opened = try_to_open(reading, reference, words, at=at)
    if opened is None:
        with database().transaction(DESK) as writing:
            note_wrong_guess(writing, reference, at=at)
        form.form_errors = [WRONG]
        return page("following/enter", council, form=form), 422
    go_on_as(db(), DESK)
    slug = guidance.slug_of(db(), opened.council_id)
    forget_everything()
    if opened.key is not None:
        remember_draft(opened.id, opened.key)
        return redirect(url_for("making.check", council_slug=slug), 303)
    note_opened(db(), opened, at=at)
    remember_followed(opened.id)
    return redirect(url_for(".show", council_slug=slug), 303)


@routes.get("/read")
@public_page(WITHOUT_ACCOUNT)
def show(council_slug: str) -> ResponseReturnValue:
    """What was sent, where it stands, by when there is an answer, and what both sides wrote."""
    council = council_at(council_slug)
    complaint = _followed(council)
    return _shown(council, complaint, ReplyForm(None))


@routes.post("/reply")
@public_page(WITHOUT_ACCOUNT)
def reply(council_slug: str) -> ResponseReturnValue:
    """Write to the council, once however often the button is pressed."""
    council = council_at(council_slug)
    complaint = _followed(council)
    form = ReplyForm()
    if not form.validate():
        return _shown(council, complaint, form), 422
    try:
        actions.reply(
            db(),
            _locked(complaint),
            message_id=form.message_id,
            text=form.text.data or "",
            files=form.files.data,
            at=now(),
        )
    except FileRefused as refused:
        form.files.errors = [refused.sentence]
        return _shown(council, complaint, form), refused.status
    return redirect(url_for(".show", council_slug=council_slug), 303)


@routes.get("/name")
@public_page(WITHOUT_ACCOUNT)
def name(council_slug: str) -> ResponseReturnValue:
    """Ask who they are."""
    council = council_at(council_slug)
    complaint = _followed(council)
    return page("following/name", council, form=LaterNameForm(None), complaint=complaint)


@routes.post("/name")
@public_page(WITHOUT_ACCOUNT)
def give_name(council_slug: str) -> ResponseReturnValue:
    """Say who they are, and whether the service may know."""
    council = council_at(council_slug)
    complaint = _followed(council)
    form = LaterNameForm()
    if not form.validate():
        return page("following/name", council, form=form, complaint=complaint), 422
    told = form.tell.data == "yes"
    actions.give_name(
        db(), _locked(complaint), name=str(form.name.data), tell_provider=told, at=now()
    )
    return redirect(url_for(".show", council_slug=council_slug), 303)


@routes.get("/take-back")
@public_page(WITHOUT_ACCOUNT)
def take_back(council_slug: str) -> ResponseReturnValue:
    """Ask whether they are sure."""
    council = council_at(council_slug)
    complaint = _followed(council)
    return page("following/take_back", council, complaint=complaint, contacts=helplines(council))


@routes.post("/take-back")
@public_page(WITHOUT_ACCOUNT)
def withdraw(council_slug: str) -> ResponseReturnValue:
    """Take it back."""
    complaint = _followed(council_at(council_slug))
    actions.withdraw(db(), _locked(complaint), at=now())
    return redirect(url_for(".show", council_slug=council_slug), 303)


@routes.get("/files/<uuid:file_id>")
@public_page(WITHOUT_ACCOUNT)
def file(council_slug: str, file_id: UUID) -> ResponseReturnValue:
    """One file of what is followed, as a download."""
    complaint = _followed(council_at(council_slug))
    found = {stored.id: stored for _one, stored in queries.attached(db(), complaint.id)}
    return answer_with(found.get(file_id))


@routes.post("/leave")
@public_page(WITHOUT_ACCOUNT)
def leave(council_slug: str) -> ResponseReturnValue:
    """Close it: nobody reads it in this browser without the code and the words."""
    forget_everything()
    return redirect(url_for("guidance.council", council_slug=council_slug), 303)


@routes.errorhandler(NotOpened)
def not_opened(_error: Exception) -> ResponseReturnValue:
    """Ask for the code and the words; what was just typed is shown first, to be copied."""
    council_slug = (request.view_args or {})["council_slug"]
    if request.method == "POST":
        return gone(council_at(council_slug)), 422
    return redirect(url_for(".enter", council_slug=council_slug), 303)


@routes.errorhandler(413)
def too_large(error: Exception) -> ResponseReturnValue:
    """Files that are much too large cost nothing of what was typed beside them."""
    council = council_at((request.view_args or {})["council_slug"])
    if not let_it_be_read():
        return page("making/gone", council, words=[]), 413
    try:
        complaint = _followed(council)
    except NotOpened:
        return not_opened(error)
    form = ReplyForm()
    form.validate()
    form.files.errors = form.files.errors or [FILE_TOO_LARGE]
    return _shown(council, complaint, form), 413


@routes.errorhandler(429)
def too_many(_error: Exception) -> ResponseReturnValue:
    """Too many tries from one place: who to call."""
    council = council_at((request.view_args or {})["council_slug"])
    return page("making/busy", council, contacts=helplines(council)), 429


@routes.errorhandler(CSRFError)
def cookie_lost(_error: Exception) -> ResponseReturnValue:
    """The browser sent no cookie, or an old one: what was typed is shown, to be copied."""
    return gone(council_at((request.view_args or {})["council_slug"])), 400


def _followed(council: PublicCouncil) -> Complaint:
    """The one complaint that this browser has opened, in the scope of whoever follows it.

    Raises NotOpened, also on another council's pages.
    """
    complaint_id = remembered_followed()
    if complaint_id is None:
        raise NotOpened
    go_on_as(db(), Scope.follower(complaint_id))
    complaint = queries.followed(db(), complaint_id)
    if complaint is None or complaint.council_id != council.id:
        raise NotOpened
    remember_followed(complaint_id)
    return complaint


def _locked(complaint: Complaint) -> Complaint:
    """What was shown to be theirs, as the public desk writes it for them."""
    go_on_as(db(), DESK)
    locked = queries.followed(db(), complaint.id, locked=True)
    if locked is None:
        raise NotFound
    return locked


def _shown(council: PublicCouncil, complaint: Complaint, form: ReplyForm) -> Response:
    go_on_as(db(), Scope.follower(complaint.id))
    files: dict[UUID | None, list[StoredFile]] = defaultdict(list)
    for attachment, stored in queries.attached(db(), complaint.id):
        files[attachment.message_id].append(stored)
    return page(
        "following/show",
        council,
        complaint=complaint,
        form=form,
        state=STATE_WORDS[complaint.state],
        means=STATE_MEANS[complaint.state],
        messages=queries.messages(db(), complaint.id),
        local_day=local_date,
        files=files,
        clocks=queries.running_clocks(db(), complaint),
        days=None if complaint.kind is Kind.COMPLIMENT else answer_days(complaint.received_on),
        may_take_back=(complaint.state, Step.WITHDRAW) in TRANSITIONS,
    )
