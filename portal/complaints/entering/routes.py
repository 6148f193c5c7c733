"""Entering what came by telephone, letter, e-mail or in person, and giving its sender a code."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.complaints.entering import actions
from portal.complaints.entering.forms import EntryForm
from portal.complaints.entering.rules import NotYetReceived
from portal.complaints.guidance.queries import slug_of
from portal.complaints.handling.forms.case import OnlyForm
from portal.complaints.handling.queries import Whole, whole_of
from portal.complaints.sharing.queries import suppliers
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, viewer
from portal.kernel.access import requires
from portal.kernel.clock import now
from portal.kernel.errors import NotFound
from portal.kernel.files import FileRefused
from portal.kernel.files.oversized import let_it_be_read
from portal.kernel.fragments import render
from portal.kernel.post import public_url
from portal.kernel.session import db

TOO_LARGE = "The files are too large to send at once. Enter it without them, or with smaller ones."
routes = Blueprint("entering", __name__, url_prefix="/complaints")


@routes.get("/new")
@requires(Permission.COMPLAINT_HANDLE)
def new() -> ResponseReturnValue:
    """Ask for what somebody told the council."""
    return render("complaints/entering/new.html", form=_form())


@routes.post("/new")
@requires(Permission.COMPLAINT_HANDLE)
def enter() -> ResponseReturnValue:
    """Enter it, so that it waits with the others."""
    form = _form()
    if form.validate_on_submit():
        assert form.received_on.data is not None
        try:
            complaint = actions.enter(
                db(),
                actor(),
                channel=form.came_by,
                received_on=form.received_on.data,
                said=form.said,
                files=form.files.data,
                at=now(),
            )
        except NotYetReceived as refused:
            form.received_on.errors = [refused.sentence]
        except FileRefused as refused:
            form.files.refuse(refused)
        else:
            flash("It is entered.", "success")
            return redirect(url_for("complaints.show", complaint_id=complaint.id), 303)
    return render("complaints/entering/new.html", form=form), 422


@routes.errorhandler(413)
def too_large(_error: Exception) -> ResponseReturnValue:
    """Files that are much too large cost nothing of what was typed beside them."""
    if not let_it_be_read():
        return render("complaints/entering/new.html", form=_form(read=False)), 413
    form = _form()
    form.validate()
    form.files.errors = form.files.errors or [TOO_LARGE]
    return render("complaints/entering/new.html", form=form), 413


@routes.get("/<uuid:complaint_id>/code")
@requires(Permission.COMPLAINT_HANDLE)
def code(complaint_id: UUID) -> ResponseReturnValue:
    """Ask whether whoever complained is to be given a way to follow it."""
    whole = _entered(complaint_id)
    form = OnlyForm(version=str(whole.complaint.version))
    return render("complaints/entering/code.html", whole=whole, form=form)


@routes.post("/<uuid:complaint_id>/code")
@requires(Permission.COMPLAINT_HANDLE)
def give_code(complaint_id: UUID) -> ResponseReturnValue:
    """Show the code and four new words, this once."""
    complaint, passphrase = actions.give_code(
        db(), actor(), complaint_id, version=OnlyForm().opened_on, at=now()
    )
    return render(
        "complaints/entering/given.html",
        complaint=complaint,
        passphrase=passphrase,
        follow=public_url("following.enter", council_slug=slug_of(db(), complaint.council_id)),
    )


def _form(*, read: bool = True) -> EntryForm:
    form = EntryForm() if read else EntryForm(None)
    form.offer(suppliers(db()))
    return form


def _entered(complaint_id: UUID) -> Whole:
    """A complaint that the council entered. Raises NotFound."""
    whole = whole_of(db(), complaint_id, viewer().organisation_id)
    if whole.entry is None:
        raise NotFound
    return whole
