"""What is asked of a provider that registers."""

from __future__ import annotations

import re

from flask_wtf import FlaskForm
from wtforms import ValidationError
from wtforms.validators import InputRequired, Length

from portal.identity.people.forms import ADDRESS, AddressField
from portal.identity.registration.rules import Details
from portal.kernel.fields import TextLine

POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}")


class RegisterForm(FlaskForm):
    """The organisation, and whoever registers it."""

    name = TextLine(
        "Name of your organisation",
        [InputRequired("Enter the name of your organisation"), Length(max=200)],
        description="The name councils know you by",
    )
    legal_name = TextLine(
        "Legal name",
        [InputRequired("Enter the legal name, which may be the same"), Length(max=200)],
        description="As it stands on contracts and invoices",
    )
    company_number = TextLine(
        "Company or charity number", [Length(max=20)], description="If you have one"
    )
    street = TextLine(
        "Address line", [InputRequired("Enter the building and street"), Length(max=200)]
    )
    city = TextLine("Town or city", [InputRequired("Enter the town or city"), Length(max=100)])
    postcode = TextLine("Postcode", [InputRequired("Enter the postcode"), Length(max=10)])
    person_name = TextLine("Your name", [InputRequired("Enter your name"), Length(max=200)])
    email = AddressField(
        "Your work email address",
        [InputRequired("Enter your email address"), Length(max=200), ADDRESS],
    )

    def validate_postcode(self, field: TextLine) -> None:
        """The shape of a UK postcode."""
        if not POSTCODE.fullmatch((field.data or "").upper()):
            raise ValidationError("Enter a full UK postcode, like ZZ1 1ZZ")

    def details(self) -> Details:
        """What was entered; the form has been validated."""
        return Details(
            name=" ".join((self.name.data or "").split()),
            legal_name=" ".join((self.legal_name.data or "").split()),
            company_number=self.company_number.data or None,
            street=self.street.data or "",
            city=self.city.data or "",
            postcode=(self.postcode.data or "").upper(),
            person_name=self.person_name.data or "",
            email=self.email.data or "",
        )
