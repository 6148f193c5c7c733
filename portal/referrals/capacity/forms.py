"""What is asked of a provider about a place."""

from __future__ import annotations

from wtforms import SelectMultipleField
from wtforms.validators import NumberRange, Optional

from portal.identity.people.forms import VersionedForm
from portal.kernel.fields import WholeNumberField

KINDS = {
    "emergencies": "Emergencies, answered on the same day",
    "outside_area": "Work outside the councils' area",
    "specialist": "Specialist work",
}


class CapacityForm(VersionedForm):
    """How many at once, and which kinds of referral it wants to be asked for."""

    most = WholeNumberField(
        "Young people at once, at most",
        [Optional(), NumberRange(0, 9999, "Enter a number between 0 and 9,999")],
        description="Leave it empty for no limit; 0 stops referrals",
    )
    kinds = SelectMultipleField("Which of these do you take?", choices=KINDS)
