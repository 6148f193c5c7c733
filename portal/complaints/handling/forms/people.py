"""Who has a part in a case, and what stands between them and it; points and the advocate."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from portal.complaints.handling.forms.case import LONGEST_REASON, StepForm, choices
from portal.complaints.handling.queries import Whole
from portal.complaints.handling.rules import (
    ADVOCACY_NAMES,
    OUTCOME_NAMES,
    PART_NAMES,
    WORKS_FOR_NAMES,
    Advocacy,
    Outcome,
    Part,
    WorksFor,
)
from portal.kernel.fields import LongText, TextLine


class AdvocateForm(StepForm):
    """Whether an advocate was offered, and who it is."""

    advocacy = RadioField(
        "Advocate",
        [InputRequired("Choose what became of it")],
        choices=choices({a: n for a, n in ADVOCACY_NAMES.items() if a is not Advocacy.NOT_OFFERED}),
    )
    advocate = TextLine("Name and service of the advocate", [Length(max=200)])

    @property
    def said(self) -> dict[str, Any]:
        """What the action is told."""
        return {"advocacy": Advocacy(self.advocacy.data), "advocate": self.advocate.data}


class PointForm(StepForm):
    """One more point."""

    words = LongText("The point", [InputRequired("Write the point")], maximum=LONGEST_REASON)

    @property
    def said(self) -> dict[str, Any]:
        """What the action is told."""
        return {"words": self.words.data}


class FindingForm(StepForm):
    """What was found on one point."""

    point = RadioField("Point", [InputRequired("Choose the point")])
    outcome = RadioField(
        "What was found",
        [InputRequired("Choose what was found")],
        choices=choices(OUTCOME_NAMES),
    )

    def offer(self, whole: Whole) -> None:
        """The points of this complaint, those not decided at this stage first."""
        number = whole.stage.number if whole.stage else 0
        points = sorted(whole.points, key=lambda point: point.stage == number)
        self.point.choices = [SelectChoice(str(point.id), point.words) for point in points]

    @property
    def said(self) -> dict[str, Any]:
        """What the action is told."""
        return {"point_id": UUID(self.point.data), "outcome": Outcome(self.outcome.data)}


class PersonForm(StepForm):
    """Somebody with a part in the case; with an account, or by name and organisation."""

    part = RadioField("Part", [InputRequired("Choose the part")], choices=choices(PART_NAMES))
    account = SelectField("Person with an account", [Optional()])
    name = TextLine("Or their name", [Length(max=200)])
    organisation = TextLine("Their organisation", [Length(max=200)])
    works_for = RadioField(
        "Works for",
        [InputRequired("Say for whom they work")],
        choices=choices(WORKS_FOR_NAMES),
    )

    provider_name: str | None = None

    def offer_accounts(self, people: list[tuple[str, str]]) -> None:
        """The people of the council who can be chosen."""
        self.account.choices = [
            SelectChoice("", "Nobody with an account"),
            *(SelectChoice(person_id, name) for person_id, name in people),
        ]

    def validate_name(self, field: TextLine) -> None:
        """One of the two is given."""
        if bool(field.data) == bool(self.account.data):
            raise ValueError("Choose a person with an account or enter a name, one of the two")

    @property
    def said(self) -> dict[str, Any]:
        """What the action is told."""
        account = self.account.data
        names = {choice.value: str(choice.label) for choice in self.account.choices}
        return {
            "part": Part(self.part.data),
            "name": names[account] if account else self.name.data,
            "organisation": self.organisation.data,
            "works_for": WorksFor(self.works_for.data),
            "person_id": UUID(account) if account else None,
            "provider_name": self.provider_name,
        }


class OneOfThePeopleForm(StepForm):
    """One person of the case."""

    person = RadioField("Person", [InputRequired("Choose the person")])

    def offer(self, whole: Whole) -> None:
        """Those who have a part now."""
        self.person.choices = [
            SelectChoice(str(one.id), f"{one.name}, {PART_NAMES[one.part].lower()}")
            for one in whole.people
            if one.left_on is None and one.part is not Part.SUBJECT
        ]

    @property
    def said(self) -> dict[str, Any]:
        """What the action is told."""
        return {"case_person_id": UUID(self.person.data)}


class DeclareForm(OneOfThePeopleForm):
    """What somebody without an account said of conflicts."""

    conflict = LongText(
        "What stands between them and the case", [Optional()], maximum=LONGEST_REASON
    )

    def offer(self, whole: Whole) -> None:
        """Those without an account who have not said it yet."""
        self.person.choices = [
            SelectChoice(str(one.id), f"{one.name}, {PART_NAMES[one.part].lower()}")
            for one in whole.people
            if not (one.left_on or one.declared_on or one.person_id)
            and one.part is not Part.SUBJECT
        ]

    @property
    def said(self) -> dict[str, Any]:
        """What the action is told."""
        return {**super().said, "conflict": self.conflict.data or ""}
