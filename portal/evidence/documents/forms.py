"""What a provider sends as evidence, and what a council says of it."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import RadioField, ValidationError
from wtforms.validators import InputRequired, Optional

from portal.evidence.rules import COVERING, EvidenceKind, Unfit, check_terms
from portal.kernel.date_fields import DateField
from portal.kernel.fields import LongText, PoundsField
from portal.kernel.files.fields import UploadField

TERMS = frozenset({"valid_from", "valid_until", "cover"})


class SendForm(FlaskForm):
    """A file with the days it covers; an insurance also with the sum it covers."""

    valid_from = DateField("First day it covers", [InputRequired("Enter the first day it covers")])
    valid_until = DateField("Last day it covers", [Optional()])
    cover = PoundsField("Cover for each claim", [InputRequired("Enter the cover for each claim")])
    file = UploadField("File", [InputRequired("Choose the file that shows it")])

    def __init__(self, kind: EvidenceKind, **options: Any) -> None:
        super().__init__(**options)
        self.kind = kind
        if kind not in COVERING:
            del self.cover

    def validate(self, extra_validators: Any = None) -> bool:
        """Say everything at once that the file, the days and the sum get wrong."""
        fits = bool(super().validate(extra_validators))
        given = self.data
        if given["valid_from"] is None or any(self[name].errors for name in given if name in TERMS):
            return fits
        try:
            check_terms(self.kind, given["valid_from"], given["valid_until"], given.get("cover"))
        except Unfit as unfit:
            self[unfit.about].errors = [unfit.sentence]
            return False
        return fits


class JudgeForm(FlaskForm):
    """Verified, or not accepted with the reason."""

    verdict = RadioField(
        "Does it show what it should?",
        [InputRequired("Choose whether you verify it")],
        choices={
            "verified": "Yes, I have opened it and verify it",
            "refused": "No, we do not accept it",
        },
    )
    reason = LongText("What is wrong with it", maximum=500)

    def validate_reason(self, field: LongText) -> None:
        """The provider has to know what to send instead."""
        if self.verdict.data == "refused" and not field.data:
            raise ValidationError("Say what is wrong, so that the provider can put it right")

    @property
    def refused_because(self) -> str | None:
        """The reason; None when it was verified."""
        return self.reason.data if self.verdict.data == "refused" else None
