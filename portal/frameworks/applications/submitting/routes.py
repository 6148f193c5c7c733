"""Check your answers, declare, submit; withdraw and take up again."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.frameworks.applications import completeness, queries, tasks
from portal.frameworks.applications.answering.showing import say_kept
from portal.frameworks.applications.draft import Draft
from portal.frameworks.applications.rules import STANDING_WORDS
from portal.frameworks.applications.submitting import actions
from portal.frameworks.applications.submitting.forms import DeclareForm, WithdrawForm
from portal.frameworks.applications.viewing import own_draft
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, viewer
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.errors import DomainError
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("submitting", __name__, url_prefix="/<uuid:application_id>")


@routes.get("/check")
@requires(Permission.APPLICATION_MAKE)
def check(application_id: UUID) -> ResponseReturnValue:
    """Everything that was said, on one page; what is missing stands above it."""
    return _check_page(own_draft(application_id))


@routes.get("/submit")
@requires(Permission.APPLICATION_MAKE)
def declare(application_id: UUID) -> ResponseReturnValue:
    """Ask who declares it true."""
    draft = own_draft(application_id)
    if not draft.is_writable(now()) or completeness.missing(draft, local_date(now())):
        return redirect(url_for(".check", application_id=application_id), 303)
    return _declare_page(draft, DeclareForm(data={"seen": draft.state}))


@routes.post("/submit")
@requires(Permission.APPLICATION_MAKE)
def submit(application_id: UUID) -> ResponseReturnValue:
    """Send it in, or say why not."""
    draft = own_draft(application_id)
    form = DeclareForm()
    if not form.validate_on_submit():
        return _declare_page(draft, form), 422
    try:
        submission = actions.submit(
            db(),
            actor(),
            draft,
            seen=form.seen.data or "",
            declared_as=form.declared_as.data or "",
            at=now(),
        )
    except (actions.Incomplete, actions.ChangedMeanwhile) as refused:
        return _check_page(draft, refused), refused.status
    flash("Your application is submitted. This is your receipt.", "success")
    return redirect(url_for("receipts.show", submission_id=submission.id), 303)


@routes.get("/withdraw")
@requires(Permission.APPLICATION_MAKE)
def withdraw_form(application_id: UUID) -> ResponseReturnValue:
    """Ask whether to withdraw."""
    return _withdraw_page(own_draft(application_id), WithdrawForm())


@routes.post("/withdraw")
@requires(Permission.APPLICATION_MAKE)
def withdraw(application_id: UUID) -> ResponseReturnValue:
    """Take it back."""
    draft = own_draft(application_id)
    form = WithdrawForm()
    if not form.validate_on_submit():
        return _withdraw_page(draft, form), 422
    actions.withdraw(db(), actor(), draft.application)
    flash("Your application is withdrawn. Nothing of it will be read.", "success")
    return redirect(url_for("applications.show", application_id=application_id), 303)


@routes.post("/take-up")
@requires(Permission.APPLICATION_MAKE)
def take_up(application_id: UUID) -> ResponseReturnValue:
    """Go on with a withdrawn application."""
    own = queries.get_application(db(), viewer().organisation_id, application_id)
    actions.take_up(db(), actor(), own)
    flash("You can go on with your application.", "success")
    return redirect(url_for("applications.show", application_id=application_id), 303)


def _check_page(draft: Draft, refused: DomainError | None = None) -> Response:
    at = now()
    missing = completeness.missing(draft, local_date(at))
    return render(
        "frameworks/applications/check.html",
        draft=draft,
        groups=[
            (group, [(one, say_kept(draft, one, draft.answer(one.code))) for one in group.asked])
            for group in tasks.groups(draft)
        ],
        evidence=[
            (draft.held[one.kind].name, completeness.say_evidence(one, draft.held[one.kind]))
            for one in draft.demands
        ],
        missing=tasks.to_do(draft, missing),
        standing=draft.standing(at),
        words=STANDING_WORDS,
        writable=draft.is_writable(at),
        refused=refused,
        page_error=refused is not None,
    )


def _declare_page(draft: Draft, form: DeclareForm) -> Response:
    return render("frameworks/applications/declare.html", draft=draft, form=form)


def _withdraw_page(draft: Draft, form: WithdrawForm) -> Response:
    return render(
        "frameworks/applications/withdraw.html",
        draft=draft,
        form=form,
        writable=draft.is_writable(now()),
    )
