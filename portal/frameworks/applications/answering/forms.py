"""What is bid for, and the form of one question."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import SelectMultipleField

from portal.frameworks.applications.draft import Draft
from portal.frameworks.questions.fields import field_for, shown_in
from portal.frameworks.questions.queries import Asked
from portal.frameworks.questions.rules import QuestionKind
from portal.kernel.wording import say_date, say_period


class CategoriesForm(FlaskForm):
    """The categories that are bid for."""

    categories = SelectMultipleField("Which categories do you apply for?", choices=[])

    def __init__(self, draft: Draft, **options: Any) -> None:
        super().__init__(**options)
        self.categories.choices = [
            (ask.category.code, f"{ask.category.code} {ask.category.title}") for ask in draft.asks
        ]


class AnswerForm(FlaskForm):
    """One question, in the field that its kind is answered in."""

    answer: Any


def answer_form(draft: Draft, one: Asked) -> AnswerForm:
    """The form of a question; not sent, it shows the answer that is kept."""
    field = field_for(one.version, held=held_choices(draft, one))
    form: type[AnswerForm] = type("QuestionForm", (AnswerForm,), {"answer": field})
    kept = draft.answer(one.code)
    if one.version.kind is QuestionKind.FILE or kept is None:
        return form()
    return form(data={"answer": shown_in(one.version, kept)})


def held_choices(draft: Draft, one: Asked) -> Sequence[tuple[str, str]]:
    """The evidence of a question's kind to choose from: what was not refused, the newest first."""
    if one.version.evidence_kind is None:
        return []
    return [
        (
            str(piece.id),
            f"The one for {say_period(piece.valid_from, piece.valid_until)}"
            if piece.valid_until
            else f"The one from {say_date(piece.valid_from)}, with no end",
        )
        for piece in draft.pieces.get(one.version.evidence_kind, [])
        if piece.refused_at is None
    ]
