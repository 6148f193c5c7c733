"""What is asked of a mentor, and what the list of mentors is narrowed by."""

from __future__ import annotations

from uuid import UUID

from wtforms import BooleanField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from portal.agreements.mentors.rules import About
from portal.agreements.models import Mentor
from portal.identity.people.forms import VersionedForm
from portal.kernel.fields import TextLine, WholeNumberField
from portal.kernel.filters import Filters

MOST_AGREEMENTS = 200


class MentorFilters(Filters):
    """Mentors whose name begins with this."""

    name = TextLine("Mentor's name", description="How it begins")


class MentorForm(VersionedForm):
    """Who a mentor is."""

    name = TextLine("Name", [InputRequired("Enter the mentor's name"), Length(max=200)])
    person = SelectField("Account in the portal")
    caseload_limit = WholeNumberField(
        "Agreements at most",
        [
            Optional(),
            NumberRange(1, MOST_AGREEMENTS, "Agreements at most must be between 1 and 200"),
        ],
    )
    volunteer = BooleanField("A volunteer")

    def offer(self, people: list[tuple[UUID, str]]) -> None:
        """The people whose account a mentor's can be."""
        self.person.choices = [
            SelectChoice("", "None: somebody else records their sessions"),
            *(SelectChoice(str(person_id), name) for person_id, name in people),
        ]

    def about(self) -> About:
        """What was entered; the form has been validated."""
        return About(
            name=self.name.data or "",
            person_id=UUID(self.person.data) if self.person.data else None,
            volunteer=bool(self.volunteer.data),
            caseload_limit=self.caseload_limit.data,
        )


def filled_in(mentor: Mentor) -> dict[str, object]:
    """A mentor as the data of the form."""
    return {
        "name": mentor.name,
        "person": str(mentor.person_id or ""),
        "volunteer": mentor.volunteer,
        "caseload_limit": mentor.caseload_limit,
        "version": str(mentor.version),
    }
