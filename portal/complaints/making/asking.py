"""The form of each question with what was answered to it, and the answers as they are checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import RadioField, SelectField

from portal.complaints.guidance.queries import PublicProvider
from portal.complaints.making.forms import FORMS, AboutForm, AnswerForm
from portal.complaints.making.sealing import Draft
from portal.complaints.making.steps import Step, is_named, path
from portal.complaints.rules import About, Answer, Helper
from portal.kernel.errors import NotFound
from portal.kernel.files.fields import UploadField
from portal.kernel.reading.ways import lazy_gettext as _

TITLES = {
    Step.KIND: _("What do you want to tell us?"),
    Step.SAFE: _("Are you safe right now?"),
    Step.HAPPENED: _("What happened?"),
    Step.ABOUT: _("Who or what is it about?"),
    Step.WISH: _("What do you want to happen?"),
    Step.WHO: _("Who are you?"),
    Step.NAME: _("Do you want to give your name?"),
    Step.TELL: _("Can we tell the service who you are?"),
    Step.ANSWER: _("How should we answer you?"),
    Step.CONTACT: _("When is it safe to reach you?"),
    Step.HELPER: _("Do you want somebody to help you?"),
    Step.FILES: _("Do you want to add photos or files?"),
    Step.NEEDS: _("What helps you to read or talk?"),
}


def step_at(name: str) -> Step:
    """The question at an address. Raises NotFound."""
    try:
        return Step(name)
    except ValueError:
        raise NotFound from None


def sent_form(step: Step, providers: Sequence[PublicProvider]) -> FlaskForm:
    """The form of a question with what was just sent."""
    return _offered(FORMS[step](meta={"csrf": False}), providers)


def kept_form(step: Step, draft: Draft | None, providers: Sequence[PublicProvider]) -> FlaskForm:
    """The form of a question with what was answered before, if anything was."""
    kept = draft.answers.get(step) if draft else None
    data = None if kept is None else MultiDict(kept)
    return _offered(FORMS[step](data, meta={"csrf": False}), providers)


def typed(form: FlaskForm) -> dict[str, Any]:
    """What a form says, as it is kept; its files are kept by themselves."""
    return {
        field.name: str(field.data or "") for field in form if not isinstance(field, UploadField)
    }


def next_open(draft: Draft, providers: Sequence[PublicProvider]) -> Step | None:
    """The first question that still wants an answer; None when it can be sent."""
    for step in path(draft.answers):
        if step not in draft.answers or not kept_form(step, draft, providers).validate():
            return step
    return None


def answered(
    draft: Draft, providers: Sequence[PublicProvider]
) -> Iterator[tuple[Step, Any, list[Any]]]:
    """Each question of the path with its answer in words, for somebody to check."""
    for step in path(draft.answers):
        form = kept_form(step, draft, providers)
        words = list(draft.files.values()) if step is Step.FILES else list(_words(form, draft))
        yield step, TITLES[step], words


def _words(form: FlaskForm, draft: Draft) -> Iterator[Any]:
    for place, field in enumerate(form):
        if isinstance(field, RadioField):
            for _value, label, selected, *_rest in field.iter_choices():
                if selected:  # a second question of its own is said with its answer
                    yield f"{field.label.text} {label}" if place else label
        elif not _counts(form, field.name, draft):
            continue
        elif isinstance(field, SelectField):
            yield from (
                label for value, label, *_rest in field.iter_choices() if value == field.data
            )
        elif field.data:
            yield field.data


def _counts(form: FlaskForm, name: str, draft: Draft) -> bool:
    """Whether a field belongs to what was chosen beside it."""
    if isinstance(form, AboutForm):
        wanted = {"provider": About.PROVIDER, "about_whom": About.SOMEBODY_ELSE}
        return bool(form.about.data == wanted[name])
    if isinstance(form, AnswerForm):
        return bool(form.answer_by.data == name and name != Answer.HERE)
    if name == "name":
        return is_named(draft.answers)
    if name == "helper_contact":
        return bool(form["helper"].data == Helper.HAS_ONE)
    return True


def _offered(form: FlaskForm, providers: Sequence[PublicProvider]) -> FlaskForm:
    if isinstance(form, AboutForm):
        form.offer((str(provider.id), provider.name) for provider in providers)
    return form
