"""What the forms of delivery share: the rules' refusals, each at its field."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import Form

from portal.delivery.rules import Refusal


class RefusableForm(Form):
    """A form that shows at its fields what the rules refuse; what has no field stands on top."""

    def refuse(self, refusals: Iterable[Refusal]) -> None:
        """Show each refusal at its field."""
        for refusal in refusals:
            wrong = self._fields.get(refusal.field)
            if wrong is None:
                self.form_errors.append(refusal.sentence)
            else:
                wrong.errors = [*wrong.errors, refusal.sentence]
