"""For how long things are kept, and what a legal hold is about."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms.fields import SelectField
from wtforms.validators import InputRequired, Optional

from portal.kernel.date_fields import DateField
from portal.kernel.fields import LongText, WholeNumberField
from portal.rights.rules import SCHEDULE, Category

EVERYTHING = "everything"


def _period(category: Category) -> WholeNumberField:
    kept = SCHEDULE[category]
    return WholeNumberField(
        kept.title,
        [InputRequired(f"Enter for how many {kept.counting.value}")],
        description=f"At least {kept.least:,} {kept.counting.value}. {kept.why}",
    )


class PeriodsForm(FlaskForm):
    """Days or years, by category."""

    invitations = _period(Category.INVITATIONS)
    notices = _period(Category.NOTICES)
    accounts = _period(Category.ACCOUNTS)
    finance = _period(Category.FINANCE)
    care = _period(Category.CARE)

    @property
    def said(self) -> Mapping[Category, int]:
        """What was typed."""
        return {
            Category(field.name): field.data
            for field in self
            if isinstance(field, WholeNumberField) and field.data is not None
        }


class HoldForm(FlaskForm):
    """Whom it is about, why, and until when."""

    about = SelectField("What must be kept", [InputRequired("Choose what must be kept")])
    reason = LongText(
        "Why it must be kept", [InputRequired("Say why it must be kept")], maximum=1000
    )
    until = DateField("Last day of the hold (optional)", [Optional()])

    def offer(self, people: list[tuple[str, str]]) -> None:
        """The whole organisation, or one of its people."""
        self.about.choices = [(EVERYTHING, "Everything of the organisation"), *people]

    @property
    def person_id(self) -> UUID | None:
        """The person, or None for everything."""
        return None if self.about.data == EVERYTHING else UUID(self.about.data)


class LiftForm(FlaskForm):
    """Why a hold is no longer needed."""

    because = LongText("Why it is lifted", [InputRequired("Say why it is lifted")], maximum=1000)
