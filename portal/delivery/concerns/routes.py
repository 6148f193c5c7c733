"""Safeguarding concerns: raising one from anywhere, the council's queue, and one with its steps."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.agreements.models import Agreement
from portal.agreements.queries import get_agreement
from portal.delivery.concerns import actions, queries
from portal.delivery.concerns.forms import (
    AcknowledgeForm,
    CloseForm,
    ConcernFilters,
    LeadsForm,
    NoteForm,
    RaiseForm,
)
from portal.delivery.concerns.models import Concern
from portal.delivery.concerns.rules import (
    OUTCOME_NAMES,
    SAFETY_TAGS,
    STATE_TAGS,
    ConcernState,
    Outcome,
    Safety,
)
from portal.identity.looking import shows_identity
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, can, viewer
from portal.kernel.access import requires
from portal.kernel.clock import now
from portal.kernel.errors import NotFound
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("concerns", __name__, url_prefix="/concerns")


@routes.get("")
@requires(Permission.CONCERN_READ)
def index() -> ResponseReturnValue:
    """A council's concerns, or those that a provider's person may see; open ones unless asked."""
    filters = ConcernFilters(request.args)
    state = filters.state.chosen
    page = queries.concerns(
        db(),
        viewer().organisation_id,
        state=ConcernState(state) if state else None,
        cursor=request.args.get("page"),
    )
    return render(
        "delivery/concerns/index.html",
        fragment="results",
        filters=filters,
        page=page,
        states=STATE_TAGS,
        safety=SAFETY_TAGS,
        for_council=viewer().is_council,
        may_raise=can(Permission.CONCERN_RAISE),
        may_name=can(Permission.CONCERN_HANDLE),
    )


@routes.get("/raise")
@requires(Permission.CONCERN_RAISE)
def raise_form() -> ResponseReturnValue:
    """Say what to do first if a young person is in danger now, then ask."""
    form = RaiseForm(formdata=None)
    asked = _asked_agreement(request.args.get("agreement", ""))
    _offer(form, asked)
    if asked is not None:
        form.agreement.data = str(asked.id)
    return _raise_page(form)


@routes.post("/raise")
@requires(Permission.CONCERN_RAISE)
def send() -> ResponseReturnValue:
    """Raise it. Whoever may read concerns sees it; everybody is told that it arrived."""
    form = RaiseForm()
    agreement = _asked_agreement(form.agreement.data or "")
    _offer(form, agreement)
    if not form.validate_on_submit() or agreement is None:
        return _raise_page(form), 422
    concern = actions.raise_concern(
        db(),
        actor(),
        agreement,
        safety=Safety(form.safety.data),
        words=form.words.data or "",
        done=form.done.data or "",
        kept=bool(form.data.get("kept")),
        at=now(),
    )
    flash(f"{agreement.council.name} has your concern, and its designated lead is told.", "success")
    return redirect(url_for(".show", concern_id=concern.id), 303)


@routes.get("/<uuid:concern_id>")
@requires(Permission.CONCERN_READ)
def show(concern_id: UUID) -> ResponseReturnValue:
    """One concern: what was said, what the council does, what was added."""
    return _shown(queries.get_concern(db(), concern_id))


@routes.post("/<uuid:concern_id>/acknowledge")
@requires(Permission.CONCERN_HANDLE)
def acknowledge(concern_id: UUID) -> ResponseReturnValue:
    """Take it, and say what happens now."""
    form = AcknowledgeForm()
    if not form.validate_on_submit():
        return _shown(queries.get_concern(db(), concern_id), form), 422
    actions.acknowledge(db(), actor(), concern_id, told=form.told.data or "", at=now())
    flash("Acknowledged. Whoever raised it is told.", "success")
    return redirect(url_for(".show", concern_id=concern_id), 303)


@routes.post("/<uuid:concern_id>/notes")
@requires(Permission.CONCERN_READ)
def add_note(concern_id: UUID) -> ResponseReturnValue:
    """Write more down: for the council itself, or from whoever raised it to the council."""
    form = NoteForm()
    if not form.validate_on_submit():
        return _shown(queries.get_concern(db(), concern_id), form), 422
    actions.add_note(db(), actor(), concern_id, words=form.words.data or "", at=now())
    flash("It was written down.", "success")
    return redirect(url_for(".show", concern_id=concern_id), 303)


@routes.get("/<uuid:concern_id>/close")
@requires(Permission.CONCERN_HANDLE)
def close_form(concern_id: UUID) -> ResponseReturnValue:
    """Ask what came of it."""
    return _close_page(concern_id, CloseForm())


@routes.post("/<uuid:concern_id>/close")
@requires(Permission.CONCERN_HANDLE)
def close(concern_id: UUID) -> ResponseReturnValue:
    """Close it with its outcome."""
    form = CloseForm()
    if not form.validate_on_submit():
        return _close_page(concern_id, form), 422
    actions.close(
        db(),
        actor(),
        concern_id,
        Outcome(form.outcome.data),
        told=form.told.data or "",
        at=now(),
    )
    flash("Closed. Whoever raised it is told.", "success")
    return redirect(url_for(".show", concern_id=concern_id), 303)


@routes.get("/leads")
@requires(Permission.CONCERN_HANDLE)
def leads() -> ResponseReturnValue:
    """Whom the council named to take concerns."""
    named = queries.named_leads(db(), viewer().organisation_id)
    return _leads_page(LeadsForm(formdata=None, leads=[str(person_id) for person_id in named]))


@routes.post("/leads")
@requires(Permission.CONCERN_HANDLE)
def name_leads() -> ResponseReturnValue:
    """Name them, or nobody: then everybody who may is told."""
    form = LeadsForm()
    form.offer(queries.handlers(db(), viewer().organisation_id))
    if not form.validate_on_submit():
        return _leads_page(form), 422
    actions.name_leads(db(), actor(), [UUID(one) for one in form.leads.data or ()], at=now())
    flash("Saved. New concerns reach them first.", "success")
    return redirect(url_for(".index"), 303)


def _asked_agreement(text: str) -> Agreement | None:
    """The agreement that an id names, if one may see it."""
    try:
        return get_agreement(db(), UUID(text))
    except (ValueError, NotFound):
        return None


def _offer(form: RaiseForm, asked: Agreement | None) -> None:
    running = queries.agreements_to_choose(db())
    extra = [asked] if asked is not None and asked not in running else []
    form.offer([*extra, *running], for_council=viewer().is_council)


def _raise_page(form: RaiseForm) -> Response:
    return render("delivery/concerns/raise.html", form=form, own=viewer().organisation_name)


def _shown(concern: Concern, form: AcknowledgeForm | NoteForm | None = None) -> Response:
    """One concern with the form that went wrong, if one did; whoever else reads it is recorded."""
    if concern.by_person_id != viewer().person_id:
        subject = actions.subject_of(concern, concern.agreement)
        shows_identity(subject, reason="reads a safeguarding concern")
    handles = can(Permission.CONCERN_HANDLE)
    taking = handles and concern.state is ConcernState.RAISED
    acknowledging = form if isinstance(form, AcknowledgeForm) else AcknowledgeForm()
    noting = form if isinstance(form, NoteForm) else NoteForm()
    return render(
        "delivery/concerns/show.html",
        concern=concern,
        agreement=concern.agreement,
        state=STATE_TAGS[concern.state],
        safety=SAFETY_TAGS[concern.safety],
        outcome=OUTCOME_NAMES[concern.outcome] if concern.outcome else None,
        notes=queries.notes(db(), concern.id),
        acknowledging=acknowledging if taking else None,
        noting=None if concern.state is ConcernState.CLOSED else noting,
        form=form,
        handles=handles,
        for_council=viewer().is_council,
        mine=concern.by_person_id == viewer().person_id,
        may_read_agreement=can(Permission.AGREEMENT_READ),
    )


def _close_page(concern_id: UUID, form: CloseForm) -> Response:
    concern = queries.get_concern(db(), concern_id)
    return render(
        "delivery/concerns/close.html", concern=concern, agreement=concern.agreement, form=form
    )


def _leads_page(form: LeadsForm) -> Response:
    form.offer(queries.handlers(db(), viewer().organisation_id))
    return render("delivery/concerns/leads.html", form=form)
