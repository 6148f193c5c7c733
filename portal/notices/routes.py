"""What somebody has been told, and how they want to be told."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.identity.permissions import Permission
from portal.identity.rules import OrganisationKind
from portal.identity.viewing import can, viewer
from portal.kernel.access import signed_in
from portal.kernel.clock import now
from portal.kernel.errors import NotFound
from portal.kernel.fragments import render
from portal.kernel.session import db
from portal.notices import actions, queries
from portal.notices.forms import NoticeFilters, PreferencesForm, preferences_form
from portal.notices.models import Notice
from portal.notices.rules import KINDS, NoticeKind, concerning, may_choose

routes = Blueprint("notices", __name__, url_prefix="/notices")

OWN = "everybody may read what they were told themselves"


@routes.before_request
def choose_first() -> ResponseReturnValue | None:
    """Notices belong to a person's work for one organisation, so one must have been chosen."""
    if viewer().is_authenticated and viewer().scope is None:
        return redirect(url_for("identity.choose"), 303)
    return None


@routes.get("")
@signed_in(OWN)
def index() -> ResponseReturnValue:
    """One's notices, the newest first."""
    form = NoticeFilters(request.args)
    only_unread = form.show.chosen == "unread"
    page = queries.notices(
        db(),
        viewer().person_id,
        viewer().organisation_id,
        unread=only_unread,
        cursor=request.args.get("page"),
    )
    return render(
        "notices/index.html",
        fragment="results",
        filters=form,
        only_unread=only_unread,
        page=page,
        about={kind.value: words.name for kind, words in KINDS.items()},
    )


@routes.post("/<uuid:notice_id>/follow")
@signed_in(OWN)
def follow(notice_id: UUID) -> ResponseReturnValue:
    """Go to what a notice is about; with that it is read."""
    notice = _own(notice_id)
    actions.read(notice, at=now())
    return redirect(url_for(notice.endpoint, **notice.values), 303)


@routes.post("/<uuid:notice_id>/read")
@signed_in(OWN)
def read(notice_id: UUID) -> ResponseReturnValue:
    """Mark one notice as read."""
    actions.read(_own(notice_id), at=now())
    return redirect(url_for(".index", show=request.args.get("show")), 303)


@routes.post("/read")
@signed_in(OWN)
def read_all() -> ResponseReturnValue:
    """Mark everything so far as read."""
    actions.read_all(db(), viewer().person_id, viewer().organisation_id, at=now())
    flash("All your notices are marked as read.", "success")
    return redirect(url_for(".index"), 303)


@routes.get("/preferences")
@signed_in(OWN)
def preferences() -> ResponseReturnValue:
    """How often one wants each kind by e-mail."""
    return _ask(_form())


@routes.post("/preferences")
@signed_in(OWN)
def prefer() -> ResponseReturnValue:
    """Keep what was chosen."""
    form = _form()
    if not form.validate_on_submit():
        return _ask(form), 422
    actions.prefer(db(), viewer().person_id, viewer().organisation_id, form.chosen)
    flash("Your choices are saved.", "success")
    return redirect(url_for(".preferences"), 303)


def _own(notice_id: UUID) -> Notice:
    notice = db().get(Notice, notice_id, with_for_update=True)
    if notice is None:
        raise NotFound
    return notice


def _kinds() -> tuple[NoticeKind, ...]:
    side = OrganisationKind.COUNCIL if viewer().is_council else OrganisationKind.PROVIDER
    return concerning(frozenset(held for held in Permission if can(held)), side)


def _form() -> PreferencesForm:
    chosen = queries.preferences(db(), viewer().person_id, viewer().organisation_id)
    return preferences_form(_kinds(), chosen)


def _ask(form: PreferencesForm) -> Response:
    always = [KINDS[kind].name for kind in _kinds() if not may_choose(kind)]
    return render("notices/preferences.html", form=form, always=always)
