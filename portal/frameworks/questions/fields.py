"""The form field for each kind of question, and the answer in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice

from portal.frameworks.questions.models import QuestionVersion
from portal.frameworks.questions.rules import CHOSEN, QuestionKind, codes_of, is_answered
from portal.kernel.date_fields import DateField
from portal.kernel.fields import LongText, PoundsField, WholeNumberField
from portal.kernel.files.fields import UploadField
from portal.kernel.money import Money


class Essay(LongText):
    """A text whose words the page counts; one that is too long is kept, and not right yet."""

    def __init__(
        self, label: str = "", *args: Any, most_words: int | None = None, **options: Any
    ) -> None:
        super().__init__(label, *args, **options)
        self.most_words = most_words


def field_for(version: QuestionVersion, *, held: Sequence[tuple[str, str]] = ()) -> Any:
    """The unbound field in which a version is answered; its words are the question's own.

    ``held`` is the evidence to choose from, as (id, words). The field says what cannot be read;
    whether an answer will do is for ``check_answer``.
    """
    said: dict[str, Any] = {"label": version.wording, "description": version.help}
    if version.kind in CHOSEN:
        return _radios(list(codes_of(version).items()), said)
    if version.kind is QuestionKind.EVIDENCE:
        return _radios(held, said)
    if version.kind is QuestionKind.TEXT:
        return Essay(most_words=version.most_words, **said)
    if version.kind is QuestionKind.FILE:
        return UploadField(**{name: words for name, words in said.items() if words})
    return _TYPED[version.kind](**said)


def answer_in(data: Any) -> Any:
    """The answer (a JSON value) that a field's data are; None for none.

    A file's field holds what was sent: whoever keeps the file answers with its id.
    """
    if isinstance(data, Money):
        return data.pence
    if isinstance(data, date):
        return data.isoformat()
    return data if is_answered(data) else None


def shown_in(version: QuestionVersion, answer: Any) -> Any:
    """The data with which a version's field shows an answer that was given before."""
    if not is_answered(answer):
        return None
    if version.kind is QuestionKind.MONEY:
        return Money(answer)
    return date.fromisoformat(answer) if version.kind is QuestionKind.DATE else answer


_TYPED = {
    QuestionKind.NUMBER: WholeNumberField,
    QuestionKind.MONEY: PoundsField,
    QuestionKind.DATE: DateField,
}


def _radios(choices: Sequence[tuple[str, str]], said: dict[str, Any]) -> Any:
    return RadioField(
        **said,
        choices=[SelectChoice(code, label) for code, label in choices],
        validate_choice=False,
    )
