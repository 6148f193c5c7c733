"""What a provider says of a change or a risk, and what a council says came of it."""

from __future__ import annotations

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from portal.agreements.models import Agreement
from portal.delivery.risks.queries import Contract
from portal.delivery.risks.rules import KIND_NAMES, OUTCOME_NAMES, About
from portal.kernel.date_fields import DateField
from portal.kernel.fields import LongText
from portal.kernel.filters import Choice, Filters

LONGEST = 2_000


class RiskFilters(Filters):
    """Notices by whether they are open, the other side, and framework."""

    state = Choice("State", everything="Open", choices=[("closed", "Closed")])
    party = Choice("Provider", everything="All")
    framework = Choice("Framework", everything="All")


class GiveForm(FlaskForm):
    """A notice: of all work on a contract, or of one agreement alone, as a mentor gives it."""

    about = SelectField("What is it about?", [InputRequired("Choose what it is about")])
    kind = RadioField(
        "What changes, or may go wrong?",
        [InputRequired("Choose what changes, or may go wrong")],
        choices=[SelectChoice(one.value, name) for one, name in KIND_NAMES.items()],
    )
    words = LongText("What happens", [InputRequired("Say what happens")], maximum=LONGEST)
    from_day = DateField("From which day", [InputRequired("Enter from which day it matters")])
    doing = LongText(
        "What you are doing about it",
        [InputRequired("Say what you are doing about it")],
        maximum=LONGEST,
    )

    def offer(self, contracts: Sequence[Contract], agreements: Sequence[Agreement]) -> None:
        """Each agreement alone that can be chosen, then the contracts."""
        self._abouts = {
            str(one.id): About(one.council_id, one.framework_id, one.id) for one in agreements
        } | {one.code: About(one.council_id, one.framework_id) for one in contracts}
        self.about.choices = [
            SelectChoice("", "Choose"),
            *(SelectChoice(str(one.id), f"Agreement {one.reference} alone") for one in agreements),
            *(
                SelectChoice(one.code, f"All work for {one.council}: {one.framework}")
                for one in contracts
            ),
        ]

    @property
    def chosen(self) -> About:
        """What was chosen; the form has been validated."""
        return self._abouts[self.about.data]


class CloseForm(FlaskForm):
    """What came of a notice."""

    outcome = RadioField(
        "What came of it?",
        [InputRequired("Choose what came of it")],
        choices=[SelectChoice(one.value, name) for one, name in OUTCOME_NAMES.items()],
    )
    words = LongText("What you tell the provider", maximum=LONGEST)
