"""One question a page, with or without JavaScript, and back without losing a word."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.complaints.browser import remember_draft
from portal.complaints.guidance import queries as guidance
from portal.complaints.guidance.queries import PublicCouncil
from portal.complaints.making import actions
from portal.complaints.making.asking import kept_form, next_open, sent_form, step_at, typed
from portal.complaints.making.forms import FilesForm
from portal.complaints.making.pages import (
    council_at,
    gone,
    helplines,
    page,
    question,
    written,
)
from portal.complaints.making.routes.blueprint import WITHOUT_ACCOUNT, routes
from portal.complaints.making.sealing import Draft
from portal.complaints.making.steps import Step, is_urgent
from portal.complaints.models import UnsentComplaint
from portal.complaints.rules import Kind
from portal.kernel.access import public_page
from portal.kernel.clock import now
from portal.kernel.files import FileRefused
from portal.kernel.session import db


@routes.get("")
@public_page(WITHOUT_ACCOUNT)
def start(council_slug: str) -> ResponseReturnValue:
    """What is going to be asked, before anything is kept."""
    return page("making/start", council_at(council_slug), kind=_wanted_kind())


@routes.get("/<question_name>")
@public_page(WITHOUT_ACCOUNT)
def ask(council_slug: str, question_name: str) -> ResponseReturnValue:
    """One question, with what was answered to it before."""
    council, wanted = council_at(council_slug), step_at(question_name)
    found = written(council)
    if found is None and wanted is not Step.KIND:
        return redirect(url_for(".start", council_slug=council_slug), 303)
    draft = found[2] if found else None
    if draft and draft.sent:
        return redirect(url_for(".receipt", council_slug=council_slug), 303)
    form = kept_form(wanted, draft, guidance.providers(db(), council.id))
    if draft is None and _wanted_kind():
        form["kind"].data = _wanted_kind()
    return question(council, wanted, draft, form)


@routes.post("/what")
@public_page(WITHOUT_ACCOUNT)
def begin(council_slug: str) -> ResponseReturnValue:
    """The first answer begins something that is kept for this browser; later it changes it."""
    council = council_at(council_slug)
    if written(council) is None:
        form = sent_form(Step.KIND, ())
        if not form.validate():
            return question(council, Step.KIND, None, form), 422
        unsent, key = actions.begin(db(), council.id, at=now())
        remember_draft(unsent.id, key)
    return _answer(council, Step.KIND)


@routes.post("/<question_name>")
@public_page(WITHOUT_ACCOUNT)
def answer(council_slug: str, question_name: str) -> ResponseReturnValue:
    """Keep an answer and go on to what is still open, or save it all for later."""
    return _answer(council_at(council_slug), step_at(question_name))


@routes.post("/files/<uuid:file_id>/remove")
@public_page(WITHOUT_ACCOUNT)
def remove_file(council_slug: str, file_id: UUID) -> ResponseReturnValue:
    """Take one file out again."""
    council = council_at(council_slug)
    found = written(council, locked=True)
    if found is None:
        return gone(council), 422
    unsent, key, draft = found
    actions.remove_file(db(), unsent, draft, file_id, at=now())
    actions.save(unsent, key, draft, at=now())
    return redirect(url_for(".ask", council_slug=council_slug, question_name=Step.FILES), 303)


@routes.get("/help")
@public_page(WITHOUT_ACCOUNT)
def help_first(council_slug: str) -> ResponseReturnValue:
    """Whom to call, before anything else is asked of somebody who is not safe."""
    council = council_at(council_slug)
    return page("making/help", council, contacts=helplines(council))


def _wanted_kind() -> str | None:
    """What the page before offered to say, if anything."""
    wanted = request.args.get("kind")
    return wanted if wanted in set(Kind) else None


def _answer(council: PublicCouncil, step: Step) -> ResponseReturnValue:
    found = written(council, locked=True)
    if found is None:
        return gone(council), 422
    unsent, key, draft = found
    if draft.sent:
        return redirect(url_for(".receipt", council_slug=council.slug), 303)
    providers, at = guidance.providers(db(), council.id), now()
    form, then = sent_form(step, providers), request.form.get("then")
    right = form.validate()
    if isinstance(form, FilesForm):
        right = _taken(form, unsent, draft) and right
    if right or then == "later":
        draft.answers[step] = typed(form)
        draft.saved = draft.saved or then == "later"
    actions.save(unsent, key, draft, at=at)
    if not right and then != "later":
        db().commit()  # a file that can be taken is kept, though another one beside it is not
        return question(council, step, draft, form), 422
    return redirect(_next(council, step, draft, then, next_open(draft, providers)), 303)


def _taken(form: FilesForm, unsent: UnsentComplaint, draft: Draft) -> bool:
    try:
        actions.add_files(db(), unsent, draft, form.files.data, at=now())
    except FileRefused as refused:
        form.files.errors = [*form.files.errors, refused.sentence]
        return False
    return True


def _next(
    council: PublicCouncil, step: Step, draft: Draft, then: str | None, wanted: Step | None
) -> str:
    """Where an answer leads: to help before anything else, or to the first open question."""
    if then == "later":
        return url_for(".saved", council_slug=council.slug)
    if then == "more":
        return url_for(".ask", council_slug=council.slug, question_name=step)
    if step is Step.SAFE and is_urgent(draft.answers):
        return url_for(".help_first", council_slug=council.slug)
    if wanted is None:
        return url_for(".check", council_slug=council.slug)
    return url_for(".ask", council_slug=council.slug, question_name=wanted)
