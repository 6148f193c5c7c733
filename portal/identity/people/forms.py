"""What is asked about an organisation's people."""

from __future__ import annotations

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    PasswordField,
    SelectMultipleField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, Regexp

from portal.identity.passwords import SHORTEST, problem_with
from portal.identity.people.rules import roles_of
from portal.identity.rules import ROLE_NAMES, OrganisationKind, Role
from portal.kernel.fields import LongText, TextLine
from portal.kernel.filters import Choice, Filters

ADDRESS = Regexp(
    r"^[^\s@<>(),;:\\\"\[\]]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+$",
    message="Enter an email address in the correct format, like name@example.com",
)


class AddressField(EmailField):
    """An e-mail address, in small letters and without spaces at its ends."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the first value."""
        self.data = valuelist[0].replace("\0", "").strip().lower() if valuelist else ""


class ChosenPassword(FlaskForm):
    """A form with a new password; ``avoiding`` is what somebody who knows the person would try."""

    password = PasswordField(
        "Password",
        [InputRequired("Enter a password"), Length(max=500)],
        description=f"At least {SHORTEST} characters. Three unrelated words work well.",
        render_kw={"autocomplete": "new-password"},
    )
    avoiding: Sequence[str] = ()

    def validate_password(self, field: PasswordField) -> None:
        """The portal's rules for passwords (C7)."""
        if problem := problem_with(field.data or "", *self.avoiding):
            raise ValidationError(problem.rstrip("."))


class RolesField(SelectMultipleField):
    """Roles of one kind of organisation; its data are codes."""

    def offer(self, kind: OrganisationKind) -> None:
        """Set the roles that can be chosen."""
        self.choices = [SelectChoice(role.value, ROLE_NAMES[role]) for role in roles_of(kind)]

    @property
    def chosen(self) -> frozenset[Role]:
        """The roles that were chosen."""
        return frozenset(Role(code) for code in self.data or [])


class VersionedForm(FlaskForm):
    """A form that knows which version of its thing it was opened on."""

    version = HiddenField()

    @property
    def opened_on(self) -> int:
        """The version the form was opened on; -1, which is none, for anything but a number."""
        text = self.version.data or ""
        return int(text) if text.isdecimal() and len(text) < 10 else -1

    def renew(self, version: int, sentence: str = "") -> None:
        """Let the next sending replace what somebody else saved meanwhile, and say so."""
        self.version.data = str(version)
        self.version.raw_data = None
        self.version.errors = [sentence] if sentence else []


class PeopleFilters(Filters):
    """People by name or address, role, and whether they still work here."""

    words = TextLine("Name or email address", description="How it begins")
    role = Choice("Role", everything="Every role")
    state = Choice("Show", everything="Who works here", choices=[("left", "Who has left")])


class RolesForm(VersionedForm):
    """The roles that a person shall have."""

    roles = RolesField("Roles")


class LeaveForm(VersionedForm):
    """Ending somebody's access."""

    sure = BooleanField(
        "I have handed over what waits for them, or it can wait", [InputRequired("Tick the box")]
    )


class FactorResetForm(FlaskForm):
    """Why somebody may set up a new second factor."""

    reason = TextLine(
        "How you know that it is them who asked",
        [InputRequired("Say how you know that it is them"), Length(max=200)],
        description="For example, you spoke to them in person or rang a number you knew already",
    )


class SettingsForm(VersionedForm):
    """What the organisation asks of everybody."""

    second_factor_for_all = BooleanField("Everybody uses a second factor when they sign in")
    contact_email = AddressField(
        "Contact email address",
        [Optional(), Length(max=200), ADDRESS],
        description="Whoever asks to join can name you by what this address ends with",
    )


class InvitationForm(FlaskForm):
    """Who is invited, and to which roles."""

    name = TextLine("Name", [InputRequired("Enter their name"), Length(max=200)])
    email = AddressField(
        "Email address", [InputRequired("Enter their email address"), Length(max=200), ADDRESS]
    )
    roles = RolesField("Roles")
    difference = LongText("Why a second account is right", maximum=500)
