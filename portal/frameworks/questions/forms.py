"""What is asked to write a question; whatever belongs to another kind is left out of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, ValidationError

from portal.evidence.rules import EVIDENCE_NAMES, EvidenceKind
from portal.frameworks.models import Lot
from portal.frameworks.questions.models import QuestionVersion
from portal.frameworks.questions.queries import Asked
from portal.frameworks.questions.rules import CHOSEN, KIND_NAMES, Option, QuestionKind, codes_of
from portal.frameworks.questions.wordings import (
    LONGEST_HELP,
    LONGEST_WORDING,
    Drafted,
    Fault,
    Wording,
    code_from,
)
from portal.kernel.fields import LongText, TextLine, WholeNumberField

LEAST_ROWS, SPARE_ROWS = 5, 2
_SHOWN_AT = {"asked_if_code": "asked_if", "asked_if_answer": "asked_if"}


class OptionForm(Form):
    """One option. A code that is left empty is made from the label."""

    label = TextLine("Label")
    code = TextLine("Code")


class QuestionForm(FlaskForm):
    """A question's words, its kind, and when it is asked; ``seen`` stamps what was opened."""

    lot = SelectField("Who is asked", validate_choice=False)
    wording = LongText("Question", [InputRequired("Write the question")], maximum=LONGEST_WORDING)
    help = LongText("Help, if it needs any", maximum=LONGEST_HELP)
    kind = RadioField(
        "How it is answered",
        [InputRequired("Choose how it is answered")],
        choices=[SelectChoice(kind.value, name) for kind, name in KIND_NAMES.items()],
        validate_choice=False,
    )
    most_words = WholeNumberField("Most words, if there is a limit")
    yes_or_no = SelectField(
        "Answers that pass",
        choices=[
            SelectChoice("", "Both yes and no"),
            SelectChoice("yes", "Only yes"),
            SelectChoice("no", "Only no"),
        ],
        validate_choice=False,
    )
    options = FieldList(FormField(OptionForm))
    required_option = TextLine("Code of the only option that passes, if there is one")
    evidence_kind = SelectField(
        "Evidence",
        choices=[SelectChoice(kind.value, name) for kind, name in EVIDENCE_NAMES.items()],
        validate_choice=False,
    )
    asked_if = SelectField("When it is asked", validate_choice=False)
    optional = BooleanField("It may be left unanswered")
    points = WholeNumberField("Points, if evaluators score it")
    code = TextLine("Code")
    seen = HiddenField()

    def offer(self, lots: Sequence[Lot], asks: Iterable[Asked]) -> None:
        """Who can be asked, and after which answers; rows for options in any case."""
        self.lot.choices = [
            SelectChoice("", "Everybody who applies"),
            *(SelectChoice(str(lot.number), f"Lot {lot.number}, {lot.title}") for lot in lots),
        ]
        self.asked_if.choices = [SelectChoice("", "Always"), *_answers(asks)]
        filled = sum(bool(row.form.label.data) for row in self.options)
        while len(self.options) < max(LEAST_ROWS, filled + SPARE_ROWS):
            self.options.append_entry()
        for number, row in enumerate(self.options, start=1):
            row.form.label.label.text = f"Option {number}"
            row.form.code.label.text = f"Code of option {number}"

    @property
    def of_lot(self) -> int | None:
        """The number of the lot whose bidders are asked; None for everybody."""
        text = self.lot.data or ""
        return int(text) if text.isdecimal() and len(text) < 4 else None

    def drafted(self) -> Drafted:
        """The new question; without a code it gets one made from its words."""
        return Drafted(
            self.code.data or code_from(self.wording.data or ""), self.of_lot, self.says()
        )

    def says(self) -> Wording:
        """What was typed, as far as it belongs to the kind that was chosen."""
        kind = QuestionKind(self.kind.data)
        code, _, answer = (self.asked_if.data or "").partition(":")
        required = {
            QuestionKind.YES_NO: self.yes_or_no.data,
            QuestionKind.CHOICE: self.required_option.data,
        }
        return Wording(
            kind=kind,
            wording=self.wording.data or "",
            help=self.help.data or "",
            optional=bool(self.optional.data),
            most_words=self.most_words.data if kind is QuestionKind.TEXT else None,
            options=self._options() if kind is QuestionKind.CHOICE else (),
            required=required.get(kind) or "",
            evidence_kind=self._evidence_kind() if kind is QuestionKind.EVIDENCE else None,
            asked_if_code=code,
            asked_if_answer=answer,
            points=self.points.data or 0,
        )

    def validate_kind(self, field: RadioField) -> None:
        """A kind that is offered; the rest of the form cannot be read without it."""
        if field.data not in KIND_NAMES:
            raise ValidationError("Choose how it is answered")

    def refuse(self, faults: Iterable[Fault], code: str) -> None:
        """Show each fault of the question of that code at its field, and any other on top."""
        for fault in faults:
            if fault.code != code:
                self.form_errors.append(f"“{fault.code}”: {fault.sentence}")
                continue
            field = self[self._field_of(fault.about)]
            field.errors = [*field.errors, fault.sentence]

    def _field_of(self, about: str) -> str:
        if about == "required":
            by_yes_no = self.kind.data == QuestionKind.YES_NO
            return "yes_or_no" if by_yes_no else "required_option"
        return _SHOWN_AT.get(about, about)

    def _options(self) -> tuple[Option, ...]:
        typed = [
            (entry.form.label.data or "", entry.form.code.data or "") for entry in self.options
        ]
        return tuple(
            Option(code=code or code_from(label), label=label) for label, code in typed if label
        )

    def _evidence_kind(self) -> EvidenceKind | None:
        known = {kind.value: kind for kind in EvidenceKind}
        return known.get(self.evidence_kind.data or "")


def filled_in(version: QuestionVersion) -> dict[str, Any]:
    """What the form shows of a version."""
    return {
        "wording": version.wording,
        "help": version.help,
        "kind": version.kind.value,
        "most_words": version.most_words,
        "yes_or_no": version.required if version.kind is QuestionKind.YES_NO else "",
        "options": [dict(option) for option in version.options],
        "required_option": version.required if version.kind is QuestionKind.CHOICE else "",
        "evidence_kind": version.evidence_kind.value if version.evidence_kind else "",
        "asked_if": f"{version.asked_if_code}:{version.asked_if_answer}"
        if version.asked_if_code
        else "",
        "optional": version.optional,
        "points": version.points or None,
    }


def _answers(asks: Iterable[Asked]) -> list[SelectChoice]:
    """Each answer after which a question can be asked, under the question it belongs to."""
    return [
        SelectChoice(
            f"{one.code}:{answer}",
            f"After “{label}”",
            optgroup=f"{one.code}: {one.version.wording[:80]}",
        )
        for one in asks
        if one.version.kind in CHOSEN
        for answer, label in codes_of(one.version).items()
    ]
