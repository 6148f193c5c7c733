"""A verdict on each part of an application."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from portal.frameworks.evaluation.compliance.queries import Sheet
from portal.frameworks.evaluation.compliance.rules import CheckedPart
from portal.identity.people.forms import VersionedForm
from portal.kernel.fields import TextLine

PASSES, FAILS = "passes", "fails"


class ComplianceForm(VersionedForm):
    """The verdicts; the version is that of the checks the form was opened on."""

    parts: Sequence[CheckedPart] = ()

    @property
    def verdicts(self) -> Mapping[str, tuple[bool, str]]:
        """The parts that were judged, each with whether it passes and why not."""
        judged = {}
        for part in self.parts:
            verdict, reason = fields_of(part)
            if self[verdict].data:
                judged[part.part] = (self[verdict].data == PASSES, self[reason].data or "")
        return judged

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """A part that fails needs its reason."""
        valid: bool = super().validate(extra_validators)
        for part in self.parts:
            verdict, reason = fields_of(part)
            if self[verdict].data == FAILS and not self[reason].data:
                self[reason].errors = [f"{part.asks}: say why it fails"]
                valid = False
            elif len(self[reason].data or "") > 1000:
                self[reason].errors = [f"{part.asks}: use 1,000 characters or less"]
                valid = False
        return valid


def fields_of(part: CheckedPart) -> tuple[str, str]:
    """The names of a part's two fields: its verdict and its reason."""
    name = re.sub(r"[^a-z0-9]+", "-", part.part.lower()).strip("-")
    return f"verdict-{name}", f"reason-{name}"


def compliance_form(sheet: Sheet) -> ComplianceForm:
    """The form for one application, filled in with what was found before.

    A part in which the portal finds nothing wrong is offered as passing.
    """
    fields: dict[str, Any] = {"parts": sheet.parts}
    given: dict[str, Any] = {"version": str(sheet.version)}
    for part in sheet.parts:
        verdict, reason = fields_of(part)
        fields[verdict] = RadioField(
            part.asks,
            [Optional()],
            choices=[SelectChoice(PASSES, "Passes"), SelectChoice(FAILS, "Fails")],
        )
        fields[reason] = TextLine("Why it fails")
        check = sheet.checks.get(part.part)
        if check is not None:
            given[verdict] = PASSES if check.passed else FAILS
            given[reason] = check.reason
        else:
            given[verdict] = FAILS if part.wrong else PASSES
            given[reason] = part.wrong
    form: ComplianceForm = type("ThisComplianceForm", (ComplianceForm,), fields)(data=given)
    return form
