"""The form field for each kind of question, and the answer in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice

from portal.frameworks.questions.models import QuestionVersion
from portal.frameworks.questions.rules import (
    CHOSEN,
    LONGEST_TEXT,
    QuestionKind,
    codes_of,
    is_answered,
    too_long,
)
from portal.kernel.date_fields import DateField
from portal.kernel.fields import LongText, PoundsField, WholeNumberField
from portal.kernel.files.fields import UploadField
from portal.kernel.money import Money


class Essay(LongText):
    """A text whose words the page counts, or its characters where words have no limit.

    Too many words are kept, and not right yet; more characters than any answer may have are not.
    """

    def __init__(
        self, label: str = "", *args: Any, most_words: int | None = None, **options: Any
    ) -> None:
        counted = None if most_words else LONGEST_TEXT
        super().__init__(label, *args, maximum=counted, **options)
        self.most_words = most_words

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Take the first value. Raises ValueError with what to take out of it."""
        self.data = self.lines(valuelist)
        if wrong := too_long(self.data):
            raise ValueError(wrong)


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
