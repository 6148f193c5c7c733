"""What a council is asked for a referral: for whom and what, then the need on one page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from portal.frameworks.models import Category
from portal.frameworks.rules import Unit
from portal.identity.people.forms import VersionedForm
from portal.kernel.date_fields import DateField, TimeField
from portal.kernel.errors import DomainError
from portal.kernel.fields import HoursField, LongText, TextLine, WholeNumberField
from portal.kernel.local_time import local_date, to_utc
from portal.referrals.deadlines import as_entered, usual_deadline
from portal.referrals.making.rules import Details
from portal.referrals.models import Referral
from portal.referrals.rules import (
    AGE_GROUP_NAMES,
    OUTCOMES,
    ROUTE_NAMES,
    AgeGroup,
    Route,
)
from portal.referrals.young_people.forms import IdentityForm

NEW, KNOWN = "new", "known"
FLAGS = {
    "emergency": "It is an emergency",
    "outside_area": "It is outside our area",
    "specialist": "It needs specialist work",
}
WEEK, TOTAL = 168 * 60, 9999 * 60  # minutes


class StartForm(IdentityForm):
    """For whom, and what is bought. Who is known already is named by the reference alone."""

    who = RadioField(
        "Who is it for?",
        choices={NEW: "Somebody new", KNOWN: "Somebody we have referred before"},
        default=NEW,
    )
    reference = TextLine("Their reference", description="For example, YP-7K3M-9QPD")
    category_id = SelectField(
        "What is needed?", [InputRequired("Choose what is needed")], choices={}
    )

    def offer(self, categories: Sequence[Category]) -> None:
        """Set what can be bought, under the title of each framework."""
        self.category_id.choices = [
            SelectChoice("", "Choose what is needed", optgroup=""),
            *(
                SelectChoice(
                    str(one.id), f"{one.code} {one.title}", optgroup=one.lot.framework.title
                )
                for one in categories
            ),
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for who somebody is only where they are new."""
        if self.who.data == KNOWN:
            for one in (self.given_name, self.family_name, self.date_of_birth):
                one.validators = [Optional()]
            self.reference.validators = [InputRequired("Enter their reference, like YP-7K3M-9QPD")]
        return bool(super().validate(extra_validators))


class NeedForm(VersionedForm):
    """What is needed, for how long, and who is asked until when. Use ``need_form``."""

    need = LongText("What does the young person need?", maximum=4000)
    outcomes = SelectMultipleField(
        "What should come of it?", choices={one: one for one in OUTCOMES}
    )
    other_outcomes = LongText("Other outcomes, one on each line", maximum=500)
    age_group = SelectField(
        "Age group", choices={group.value: name for group, name in AGE_GROUP_NAMES.items()}
    )
    band = SelectField("Price band", [InputRequired("Choose the price band")], choices={})
    weekly_parts: HoursField | WholeNumberField
    total_parts: HoursField | WholeNumberField
    starts_on = DateField("First day", [InputRequired("Enter the first day")])
    expected_ends_on = DateField("Expected last day, if known", [Optional()])
    area = TextLine("Area", [Length(max=100, message="Area must be 100 characters or less")])
    flags = SelectMultipleField("Does any of this apply?", choices=FLAGS)
    emergency_because = LongText("Why it is an emergency", maximum=500)
    communication_needs = LongText("Communication needs", maximum=1000)
    language_needs = LongText("Language needs", maximum=1000)
    access_needs = LongText("Access needs", maximum=1000)
    route = RadioField(
        "Who is asked?", choices={route.value: name for route, name in ROUTE_NAMES.items()}
    )
    tier_size = WholeNumberField(
        "Providers asked at a time",
        [Optional(), NumberRange(1, 100, "Ask between 1 and 100 providers at a time")],
    )
    tier_hours = WholeNumberField(
        "Hours each has to answer before the next are asked",
        [Optional(), NumberRange(1, 720, "Give between 1 and 720 hours")],
    )
    respond_on = DateField("Answers by", [InputRequired("Enter the day to answer by")])
    respond_at = TimeField("Time", [InputRequired("Enter the time to answer by")])

    def offer(self, bands: Sequence[str]) -> None:
        """Set the bands that there are prices for; without any there is nothing to choose."""
        if bands:
            self.band.choices = {"": "Choose the price band", **{band: band for band in bands}}
        else:
            del self.band

    def details(self, at: datetime) -> Details:
        """What was entered. An emergency with another day's deadline has until 5pm today.

        Raises DomainError for a time that does not exist or comes twice.
        """
        flags = self.flags.data or []
        emergency = "emergency" in flags
        others = [line.strip() for line in (self.other_outcomes.data or "").splitlines()]
        respond_by = self._respond_by()
        if emergency and local_date(respond_by) != local_date(at):
            respond_by = usual_deadline(at, emergency=True)
        assert self.starts_on.data is not None
        return Details(
            need=self.need.data or "",
            age_group=AgeGroup(self.age_group.data),
            outcomes=[*(self.outcomes.data or []), *(one for one in others if one)],
            band=(self.band.data or "") if "band" in self else "",
            weekly_parts=self.weekly_parts.data or None,
            total_parts=self.total_parts.data or None,
            starts_on=self.starts_on.data,
            expected_ends_on=self.expected_ends_on.data,
            area=self.area.data or "",
            emergency=emergency,
            emergency_because=(self.emergency_because.data or "") if emergency else "",
            outside_area="outside_area" in flags,
            specialist="specialist" in flags,
            communication_needs=self.communication_needs.data or "",
            language_needs=self.language_needs.data or "",
            access_needs=self.access_needs.data or "",
            route=Route(self.route.data),
            respond_by=respond_by,
            tier_size=self.tier_size.data,
            tier_hours=self.tier_hours.data,
        )

    def _respond_by(self) -> datetime:
        return moment_of(self.respond_on, self.respond_at)


class HoursNeedForm(NeedForm):
    """The same, bought by the hour."""

    weekly_parts = HoursField("Hours a week", at_most=WEEK)
    total_parts = HoursField("Hours in total, if there is a limit", at_most=TOTAL)


class CountNeedForm(NeedForm):
    """The same, bought by the session or the night."""

    weekly_parts = WholeNumberField("Number a week")
    total_parts = WholeNumberField("Number in total, if there is a limit")


def need_form(unit: Unit, **options: Any) -> NeedForm:
    """The form for what is bought by this unit."""
    if unit is Unit.HOUR:
        return HoursNeedForm(**options)
    form = CountNeedForm(**options)
    noun = "Sessions" if unit is Unit.SESSION else "Nights"
    form.weekly_parts.label.text = f"{noun} a week"
    form.total_parts.label.text = f"{noun} in total, if there is a limit"
    return form


def entered(referral: Referral) -> dict[str, Any]:
    """What the form shows of a draft."""
    respond_on, respond_at = as_entered(referral.respond_by)
    same = (
        "need", "band", "weekly_parts", "total_parts", "starts_on", "expected_ends_on", "area",
        "emergency_because", "communication_needs", "language_needs", "access_needs", "tier_size",
        "tier_hours",
    )  # fmt: skip
    return {
        **{name: getattr(referral, name) for name in same},
        "version": str(referral.version),
        "outcomes": [one for one in referral.outcomes if one in OUTCOMES],
        "other_outcomes": "\n".join(one for one in referral.outcomes if one not in OUTCOMES),
        "age_group": referral.age_group.value,
        "flags": [flag for flag in FLAGS if getattr(referral, flag)],
        "route": referral.route.value,
        "respond_on": respond_on,
        "respond_at": respond_at,
    }


class SendForm(FlaskForm):
    """Who of the eligible is asked, where the council names them."""

    chosen = SelectMultipleField("Who is asked", choices={})

    def offer(self, providers: Sequence[tuple[str, str]]) -> None:
        """Set who can be asked."""
        self.chosen.choices = dict(providers)


class MoreTimeForm(FlaskForm):
    """Until when providers may answer now."""

    respond_on = DateField("Answers by", [InputRequired("Enter the day to answer by")])
    respond_at = TimeField("Time", [InputRequired("Enter the time to answer by")])


class WithdrawForm(FlaskForm):
    """Why nobody is asked any more; only the council reads it."""

    because = LongText("Why", [InputRequired("Say why it is withdrawn")], maximum=500)


def moment_of(day: DateField, clock: TimeField) -> datetime:
    """The moment that two fields name. Raises DomainError where London's clocks have none."""
    assert day.data is not None
    assert clock.data is not None
    try:
        return to_utc(datetime.combine(day.data, clock.data))
    except DomainError as refused:
        clock.errors = [refused.sentence]
        raise
