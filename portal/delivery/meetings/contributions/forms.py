"""What is asked of a contribution."""

from __future__ import annotations

from datetime import date
from typing import Any

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from portal.delivery.meetings.rules import (
    CONTRIBUTION_NAMES,
    MANNER_NAMES,
    ContributionKind,
    Manner,
)
from portal.identity.people.forms import VersionedForm
from portal.kernel.date_fields import DateField
from portal.kernel.fields import LongText


class ContributionForm(VersionedForm):
    """To which meeting, when and how somebody contributed."""

    kind = RadioField(
        "Which meeting",
        [InputRequired("Choose which meeting it was")],
        choices=[SelectChoice(kind.value, name) for kind, name in CONTRIBUTION_NAMES.items()],
    )
    held_on = DateField("Date of the meeting", [InputRequired("Enter the date of the meeting")])
    manner = RadioField(
        "How you contributed",
        [InputRequired("Choose how you contributed")],
        choices=[SelectChoice(manner.value, name) for manner, name in MANNER_NAMES.items()],
    )
    words = LongText("What you contributed", maximum=4000)

    @property
    def given(self) -> dict[str, Any]:
        """What was entered; the form has been validated."""
        held_on: date | None = self.held_on.data
        assert held_on is not None
        return {
            "kind": ContributionKind(self.kind.data),
            "held_on": held_on,
            "manner": Manner(self.manner.data),
            "words": self.words.data or "",
        }
