"""Which evidence is demanded, and how much an insurance has to cover."""

from __future__ import annotations

from wtforms import Field, SelectMultipleField, ValidationError
from wtforms.validators import Optional

from portal.evidence.rules import EVIDENCE_NAMES, INSURANCE, LEAST_COVER, EvidenceKind
from portal.frameworks.lots.forms import ChangeForm
from portal.frameworks.lots.plans import Demands
from portal.kernel.fields import PoundsField

COVERS = {
    EvidenceKind.EMPLOYERS_LIABILITY: "employers_cover",
    EvidenceKind.PUBLIC_LIABILITY: "public_cover",
    EvidenceKind.PROFESSIONAL_INDEMNITY: "indemnity_cover",
}


class DemandsForm(ChangeForm):
    """Everything that is demanded, in one form."""

    kinds = SelectMultipleField(
        "Evidence",
        choices={kind.value: name for kind, name in EVIDENCE_NAMES.items()},
        validate_choice=False,
    )
    employers_cover = PoundsField("Employer's liability of at least", [Optional()])
    public_cover = PoundsField("Public liability of at least", [Optional()])
    indemnity_cover = PoundsField("Professional indemnity of at least", [Optional()])

    def __init__(self, stands: Demands, *, published: bool, version: int) -> None:
        given: dict[str, object] = {"kinds": [kind.value for kind in stands.kinds]}
        given |= {name: stands.kinds.get(kind) for kind, name in COVERS.items()}
        super().__init__(published=published, version=version, data=given)

    def validate_kinds(self, field: Field) -> None:
        """Only what was offered can be chosen."""
        field.data = [code for code in field.data or [] if code in field.choices]

    def validate_employers_cover(self, field: PoundsField) -> None:
        """At least what every council asks for."""
        self._check(EvidenceKind.EMPLOYERS_LIABILITY, field)

    def validate_public_cover(self, field: PoundsField) -> None:
        """At least what every council asks for."""
        self._check(EvidenceKind.PUBLIC_LIABILITY, field)

    def _check(self, kind: EvidenceKind, field: PoundsField) -> None:
        if kind in INSURANCE and field.data is not None and field.data < LEAST_COVER:
            raise ValidationError(f"Every council asks for cover of at least {LEAST_COVER}")

    @property
    def demands(self) -> Demands:
        """What was chosen, of a form that is right; a cover of what is not chosen says nothing."""
        chosen = [EvidenceKind(code) for code in self.kinds.data or []]
        covers = {kind: self[name].data or None for kind, name in COVERS.items()}
        return Demands({kind: covers.get(kind) for kind in chosen})
