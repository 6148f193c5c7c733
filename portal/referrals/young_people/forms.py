"""What is asked about a young person, and why somebody looks at one."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms.validators import InputRequired, Length

from portal.identity.people.forms import VersionedForm
from portal.kernel.date_fields import DateField
from portal.kernel.fields import LongText, TextLine
from portal.referrals.young_people.rules import Identity

NAME = Length(max=100, message="Names have at most 100 characters")
SCHOOL = Length(max=200, message="School must be 200 characters or less")


class IdentityForm(VersionedForm):
    """Who a young person is."""

    given_name = TextLine("Given names", [InputRequired("Enter the given names"), NAME])
    family_name = TextLine("Family name", [InputRequired("Enter the family name"), NAME])
    date_of_birth = DateField("Date of birth", [InputRequired("Enter the date of birth")])
    school = TextLine("School or college", [SCHOOL])
    contacts = LongText("Whom to ring, and where they live", maximum=2000)

    @property
    def identity(self) -> Identity:
        """What was entered, once it is valid."""
        assert self.date_of_birth.data is not None
        return Identity(
            self.given_name.data or "",
            self.family_name.data or "",
            self.date_of_birth.data,
            self.school.data or "",
            self.contacts.data or "",
        )


class FindForm(FlaskForm):
    """A family name to look for."""

    family_name = TextLine("Family name", [InputRequired("Enter a family name"), NAME])


class LookForm(FlaskForm):
    """Why somebody who did not refer a young person has to know who it is."""

    reason = TextLine(
        "Why you need to know",
        [
            InputRequired("Say why you need to know who this is"),
            Length(max=200, message="The reason must be 200 characters or less"),
        ],
    )
