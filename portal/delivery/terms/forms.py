"""What is asked of a term, and of how soon its reports are due."""

from __future__ import annotations

from wtforms.validators import InputRequired, Length, NumberRange

from portal.delivery.terms.rules import LONGEST_WITHIN
from portal.identity.people.forms import VersionedForm
from portal.kernel.date_fields import DateField
from portal.kernel.fields import TextLine, WholeNumberField


class TermForm(VersionedForm):
    """A term's name and its days."""

    name = TextLine(
        "Name",
        [
            InputRequired("Enter the name of the term"),
            Length(max=60, message="The name must be 60 characters or less"),
        ],
        description="For example, Autumn term 2026",
    )
    first_day = DateField("First day of term", [InputRequired("Enter the first day of term")])
    last_day = DateField("Last day of term", [InputRequired("Enter the last day of term")])


class WithinForm(VersionedForm):
    """How many working days after a term its reports are due."""

    within = WholeNumberField(
        "Working days after the last day of term",
        [
            InputRequired("Enter a number of working days"),
            NumberRange(1, LONGEST_WITHIN, f"Enter a number from 1 to {LONGEST_WITHIN}"),
        ],
    )
