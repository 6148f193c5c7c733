"""What is asked of a safeguarding concern, at each of its steps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from portal.agreements.models import Agreement
from portal.delivery.concerns.rules import OUTCOME_NAMES, SAFETY_NAMES, ConcernState
from portal.identity.models import Membership
from portal.kernel.fields import LongText
from portal.kernel.filters import Choice, Filters

LONGEST = 4_000


class ConcernFilters(Filters):
    """Concerns by where they stand."""

    state = Choice(
        "State",
        everything="Open",
        choices=[
            (ConcernState.RAISED.value, "Nobody has acknowledged yet"),
            (ConcernState.ACKNOWLEDGED.value, "Acknowledged"),
            (ConcernState.CLOSED.value, "Closed"),
        ],
    )


class RaiseForm(FlaskForm):
    """A concern; whoever works for a council is not asked to keep it from a provider."""

    agreement = SelectField("Young person", [InputRequired("Choose the young person")])
    safety = RadioField(
        "Is the young person safe now?",
        [InputRequired("Say whether the young person is safe now")],
        choices=[SelectChoice(one.value, name) for one, name in SAFETY_NAMES.items()],
    )
    words = LongText(
        "What you saw, heard or were told",
        [InputRequired("Write what you saw, heard or were told")],
        maximum=LONGEST,
    )
    done = LongText("What you have done already", maximum=LONGEST)
    kept = BooleanField("Do not show this to my organisation")

    def offer(self, agreements: Iterable[Agreement], *, for_council: bool) -> None:
        """The agreements that can be chosen, by reference and the other side."""
        choices = [
            SelectChoice(
                str(one.id),
                f"{one.young_person}, agreement {one.reference}, "
                f"{one.provider.name if for_council else one.council.name}",
            )
            for one in agreements
        ]
        self.agreement.choices = [SelectChoice("", "Choose"), *choices]
        if for_council:
            del self.kept


class AcknowledgeForm(FlaskForm):
    """What whoever raised it should know now."""

    told = LongText(
        "What you tell whoever raised it",
        [InputRequired("Say what happens now")],
        maximum=LONGEST,
    )


class NoteForm(FlaskForm):
    """Something more."""

    words = LongText("Write it down", [InputRequired("Write something")], maximum=LONGEST)


class CloseForm(FlaskForm):
    """What came of it."""

    outcome = RadioField(
        "What came of it?",
        [InputRequired("Choose what came of it")],
        choices=[SelectChoice(one.value, name) for one, name in OUTCOME_NAMES.items()],
    )
    told = LongText("What you tell whoever raised it", maximum=LONGEST)


class LeadsForm(FlaskForm):
    """Who takes concerns."""

    leads = SelectMultipleField("Who takes safeguarding concerns")

    def offer(self, members: Sequence[Membership]) -> None:
        """Everybody who may handle concerns."""
        self.leads.choices = [
            SelectChoice(str(member.person_id), member.person.name) for member in members
        ]
