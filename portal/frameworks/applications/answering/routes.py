"""Answering: the categories, one question at a time, the evidence."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.evidence.rules import EVIDENCE_NAMES
from portal.frameworks.applications import completeness, rules, tasks
from portal.frameworks.applications.actions import Conflict
from portal.frameworks.applications.answering import actions, queries
from portal.frameworks.applications.answering.forms import (
    AnswerForm,
    CategoriesForm,
    answer_form,
    held_choices,
)
from portal.frameworks.applications.answering.showing import say_category, say_kept
from portal.frameworks.applications.draft import Draft
from portal.frameworks.applications.drafts import Part
from portal.frameworks.applications.viewing import own_draft
from portal.frameworks.questions.fields import answer_in
from portal.frameworks.questions.queries import Asked
from portal.frameworks.questions.rules import QuestionKind
from portal.identity.permissions import Permission
from portal.identity.viewing import actor
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.errors import NotFound
from portal.kernel.files import FileRefused, answer_with
from portal.kernel.fragments import render
from portal.kernel.local_time import to_local
from portal.kernel.session import db
from portal.kernel.wording import say_time

routes = Blueprint("answering", __name__, url_prefix="/<uuid:application_id>")


@routes.get("/categories")
@requires(Permission.APPLICATION_MAKE)
def categories_form(application_id: UUID) -> ResponseReturnValue:
    """Which categories to bid for."""
    draft = own_draft(application_id)
    chosen = [ask.category.code for ask in draft.chosen]
    return _categories_page(draft, CategoriesForm(draft, data={"categories": chosen}))


@routes.post("/categories")
@requires(Permission.APPLICATION_MAKE)
def choose(application_id: UUID) -> ResponseReturnValue:
    """Keep the choice; what was written for a category that is left out stays."""
    draft = own_draft(application_id)
    form = CategoriesForm(draft)
    if not form.validate_on_submit():
        return _categories_page(draft, form), 422
    versions = {
        ask.category.code: request.form.get(f"version-{ask.category.code}", 0, type=int)
        for ask in draft.asks
    }
    try:
        actions.choose_categories(
            db(), actor(), draft, form.categories.data or [], versions=versions, at=now()
        )
    except Conflict as conflict:
        return _categories_page(draft, form, theirs=conflict.theirs), conflict.status
    return redirect(url_for("applications.show", application_id=application_id), 303)


@routes.get("/questions/<group_code>")
@requires(Permission.APPLICATION_MAKE)
def group(application_id: UUID, group_code: str) -> ResponseReturnValue:
    """The questions of one lot, or those for everybody, with how each stands."""
    draft = own_draft(application_id)
    found = tasks.get_group(draft, group_code)
    return render(
        "frameworks/applications/group.html",
        draft=draft,
        group=found,
        tasks=tasks.answer_tasks(draft, found, local_date(now())),
    )


@routes.get("/answers/<uuid:asked_id>")
@requires(Permission.APPLICATION_MAKE)
def question(application_id: UUID, asked_id: UUID) -> ResponseReturnValue:
    """One question, with the answer that is kept."""
    draft = own_draft(application_id)
    one = _asked(draft, asked_id)
    return _question_page(draft, one, answer_form(draft, one))


@routes.post("/answers/<uuid:asked_id>")
@requires(Permission.APPLICATION_MAKE)
def answer(application_id: UUID, asked_id: UUID) -> ResponseReturnValue:
    """Keep an answer, even one that does not pass yet, and go on to what is missing next."""
    draft = own_draft(application_id)
    one = _asked(draft, asked_id)
    form = answer_form(draft, one)
    if not form.validate_on_submit():
        return _question_page(draft, one, form), 422
    try:
        _keep(draft, one, form)
    except Conflict as conflict:
        return _question_page(draft, one, form, theirs=conflict.theirs), conflict.status
    except FileRefused as refusal:
        form.answer.refuse(refusal)
        return _question_page(draft, one, form), refusal.status
    return redirect(_onwards(application_id, asked_id), 303)


@routes.post("/answers/<uuid:asked_id>/draft")
@requires(Permission.APPLICATION_MAKE)
def autosave(application_id: UUID, asked_id: UUID) -> ResponseReturnValue:
    """Keep what is being typed, and say when it was kept."""
    draft = own_draft(application_id)
    one = _asked(draft, asked_id)
    form = answer_form(draft, one)
    version, kept_at = _version(), None
    if form.validate_on_submit() and one.version.kind is not QuestionKind.FILE:
        kept_at = now()
        version = actions.save_answer(
            db(),
            actor(),
            draft,
            one,
            answer_in(form.answer.data),
            version=version,
            at=kept_at,
            confirm=False,
        )
    return _question_page(draft, one, form, version=version, kept_at=kept_at)


@routes.post("/answers/<uuid:asked_id>/remove")
@requires(Permission.APPLICATION_MAKE)
def remove_file(application_id: UUID, asked_id: UUID) -> ResponseReturnValue:
    """Take a file out of the draft again."""
    draft = own_draft(application_id)
    one = _asked(draft, asked_id)
    actions.remove_file(db(), actor(), draft, one, version=_version(), at=now())
    flash("The file is taken out.", "success")
    return redirect(url_for(".question", application_id=application_id, asked_id=asked_id), 303)


@routes.get("/answers/<uuid:asked_id>/file")
@requires(Permission.APPLICATION_MAKE)
def download(application_id: UUID, asked_id: UUID) -> ResponseReturnValue:
    """The file that answers a question."""
    draft = own_draft(application_id)
    kept = draft.files.get(str(draft.answer(_asked(draft, asked_id).code)))
    return answer_with(None if kept is None else kept.file)


@routes.get("/evidence")
@requires(Permission.APPLICATION_MAKE)
def evidence(application_id: UUID) -> ResponseReturnValue:
    """What the framework demands, what the wallet holds of it, and what lapses during the term."""
    draft = own_draft(application_id)
    return render(
        "frameworks/applications/evidence.html",
        draft=draft,
        tasks=tasks.evidence_tasks(draft),
    )


def _asked(draft: Draft, asked_id: UUID) -> Asked:
    found = next((one for one in draft.applying if one.question.id == asked_id), None)
    if found is None:
        raise NotFound
    return found


def _keep(draft: Draft, one: Asked, form: AnswerForm) -> None:
    version, at = _version(), now()
    if one.version.kind is not QuestionKind.FILE:
        value = answer_in(form.answer.data)
        actions.save_answer(db(), actor(), draft, one, value, version=version, at=at, confirm=True)
    elif form.answer.data:
        actions.save_file(db(), actor(), draft, one, form.answer.data[0], version=version, at=at)
    elif draft.answer(one.code):
        kept = draft.answer(one.code)
        actions.save_answer(db(), actor(), draft, one, kept, version=version, at=at, confirm=True)


def _onwards(application_id: UUID, asked_id: UUID) -> str:
    """The same question while its answer does not pass, else the next one that is missing."""
    draft, today = own_draft(application_id), local_date(now())
    here = _asked(draft, asked_id)
    group_ = tasks.group_of(draft, here)
    after = group_.asked[group_.asked.index(here) :]
    if draft.answer(here.code) is not None:
        for one in after:
            if completeness.wrong_answer(draft, one, today):
                return url_for(".question", application_id=application_id, asked_id=one.question.id)
    return url_for(".group", application_id=application_id, group_code=group_.code)


def _version() -> int:
    return request.form.get("version", default=0, type=int)


def _categories_page(draft: Draft, form: CategoriesForm, *, theirs: Part | None = None) -> Response:
    return render(
        "frameworks/applications/categories.html",
        draft=draft,
        form=form,
        versions={
            ask.category.code: part.version
            for ask in draft.asks
            if (part := draft.parts.get(rules.category_part(ask.category.code)))
        },
        hints={ask.category.code: say_category(ask) for ask in draft.asks},
        wrong={ask.category.code: completeness.wrong_choice(draft, ask) for ask in draft.chosen},
        theirs=theirs,
        writable=draft.is_writable(now()),
    )


def _question_page(
    draft: Draft,
    one: Asked,
    form: AnswerForm,
    *,
    theirs: Part | None = None,
    version: int | None = None,
    kept_at: datetime | None = None,
) -> Response:
    part = draft.parts.get(rules.answer_part(one.code))
    wrong = None
    if part is not None and part.value is not None and not form.errors and theirs is None:
        wrong = completeness.wrong_answer(draft, one, local_date(now()))
    shown = theirs or part
    if version is None:
        version = shown.version if shown else 0
    return render(
        "frameworks/applications/question.html",
        fragment="kept",
        draft=draft,
        one=one,
        form=form,
        kept=None if shown is None else say_kept(draft, one, shown.value),
        part=part,
        wrong=wrong,
        theirs=theirs,
        version=version,
        kept_at=None if kept_at is None else say_time(to_local(kept_at).time()),
        writable=draft.is_writable(now()),
        group=tasks.group_of(draft, one),
        following=tasks.following(draft, one),
        held=held_choices(draft, one),
        evidence_name=EVIDENCE_NAMES[kind].lower() if (kind := one.version.evidence_kind) else "",
        worded_before=queries.wording_before(db(), draft, one) if part else None,
    )
