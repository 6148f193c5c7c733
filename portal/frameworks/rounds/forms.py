"""What is asked of a round, and what the lists of rounds are narrowed by."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from portal.frameworks.models import Framework
from portal.frameworks.rounds.models import Round
from portal.frameworks.rounds.rules import Plan, RoundState
from portal.identity.people.forms import VersionedForm
from portal.kernel.date_fields import DateField, TimeField
from portal.kernel.fields import LongText, TextLine
from portal.kernel.filters import Choice, Filters
from portal.kernel.local_time import AmbiguousTime, NoSuchTime, to_local, to_utc

GROUPS = {
    "to-come": ("Not open yet", (RoundState.ANNOUNCED,)),
    "open": ("Open for applications", (RoundState.OPEN,)),
    "draft": ("Draft", (RoundState.DRAFT,)),
    "closed": ("Closed, bids sealed", (RoundState.CLOSED,)),
    "running": (
        "Opened, not concluded",
        (
            RoundState.OPENED,
            RoundState.EVALUATING,
            RoundState.MODERATED,
            RoundState.DECIDED,
            RoundState.STANDSTILL,
        ),
    ),
    "over": ("Concluded or cancelled", (RoundState.CONCLUDED, RoundState.CANCELLED)),
}


COMES_TWICE = (
    "That time comes twice: the clocks go back from 2am to 1am that night. Choose a time before "
    "1am, or 2am or later"
)


class RoundFilters(Filters):
    """A council's rounds by where they stand and by framework."""

    state = Choice(
        "Stage", everything="All", choices=[(code, words) for code, (words, _) in GROUPS.items()]
    )
    framework = Choice("Framework", everything="All")

    @property
    def states(self) -> tuple[RoundState, ...]:
        """The states that were chosen; none for all."""
        return GROUPS[self.state.chosen][1] if self.state.chosen else ()


def moment(day: DateField, time: TimeField) -> datetime | None:
    """The UTC of a date and a time of day, or None with its error at the time's field.

    A deadline is never within the hour that comes twice: nobody should have to ask which.
    """
    if day.data is None or time.data is None:
        return None
    try:
        return to_utc(datetime.combine(day.data, time.data))
    except NoSuchTime as refused:
        time.errors = [refused.sentence]
    except AmbiguousTime:
        time.errors = [COMES_TWICE]
    return None


class RoundForm(VersionedForm):
    """All that is decided of a round before it is announced."""

    title = TextLine(
        "Title", [InputRequired("Enter a title"), Length(max=200, message="Shorten the title")]
    )
    guidance = LongText("Guidance for applicants", maximum=4000)
    opens_on = DateField("Opens on", [InputRequired("Enter the day on which the round opens")])
    opens_time = TimeField("Opens at", [InputRequired("Enter when it opens, like 9am")])
    questions_on = DateField(
        "Questions until", [InputRequired("Enter the last day for applicants' questions")]
    )
    questions_time = TimeField(
        "Time of the last questions", [InputRequired("Enter until when, like midday")]
    )
    closes_on = DateField("Closes on", [InputRequired("Enter the day on which the round closes")])
    closes_time = TimeField("Closes at", [InputRequired("Enter when it closes, like midday")])
    categories = SelectMultipleField(
        "Categories to take bids for", [InputRequired("Choose at least one category")]
    )

    def offer(self, framework: Framework) -> None:
        """Let the framework's categories be chosen."""
        self.categories.choices = [
            SelectChoice(str(category.id), f"{category.code} {category.title}")
            for lot in framework.lots
            for category in lot.categories
        ]

    def plan(self) -> Plan | None:
        """What was entered; None where a time cannot be, with its error at the field."""
        opens_at = moment(self.opens_on, self.opens_time)
        questions_until = moment(self.questions_on, self.questions_time)
        closes_at = moment(self.closes_on, self.closes_time)
        if opens_at is None or questions_until is None or closes_at is None:
            return None
        return Plan(
            title=self.title.data or "",
            guidance=self.guidance.data or "",
            opens_at=opens_at,
            questions_until=questions_until,
            closes_at=closes_at,
            category_ids=[UUID(one) for one in self.categories.data or ()],
        )

    def refuse(self, wrong: dict[str, str]) -> None:
        """Show what is wrong with the dates, each at its field."""
        fields = {
            "opens_at": self.opens_on,
            "questions_until": self.questions_on,
            "closes_at": self.closes_on,
        }
        for name, sentence in wrong.items():
            fields[name].errors = [sentence]


def filled_in(round_: Round) -> dict[str, object]:
    """A round as the data of its form."""
    opens, questions, closes = (
        to_local(at) for at in (round_.opens_at, round_.questions_until, round_.closes_at)
    )
    return {
        "title": round_.title,
        "guidance": round_.guidance,
        "opens_on": opens.date(),
        "opens_time": opens.time(),
        "questions_on": questions.date(),
        "questions_time": questions.time(),
        "closes_on": closes.date(),
        "closes_time": closes.time(),
        "categories": [str(one.category_id) for one in round_.categories],
        "version": str(round_.version),
    }


class AnnounceForm(VersionedForm):
    """Nothing but the version: everything else stands on the page."""


class CancelForm(VersionedForm):
    """Why a round ends without places."""

    reason = LongText("Reason", [InputRequired("Say why the round is cancelled")], maximum=500)


class NoticeForm(FlaskForm):
    """What everybody is told of a round."""

    sentence = LongText("Notice", [InputRequired("Write the notice")], maximum=1000)
