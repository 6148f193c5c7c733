"""What is asked of a framework: what it is, who buys from it, how it is awarded."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from wtforms import BooleanField, Field, RadioField, SelectMultipleField
from wtforms.validators import InputRequired, Length, Optional

from portal.frameworks.lots.plans import Award, Details, Wrong, as_entered, say_percent
from portal.frameworks.models import FrameworkCouncil
from portal.frameworks.rules import REGIME_NAMES, Regime
from portal.identity.models import Organisation
from portal.identity.people.forms import VersionedForm
from portal.kernel.date_fields import DateField
from portal.kernel.fields import LongText, PoundsField, TextLine, TypedField, WholeNumberField

SAVED_MEANWHILE = (
    "Somebody else changed the framework while your page was open. Check what you chose, then "
    "save it again"
)


class PercentField(TypedField):
    """Per cent with at most two decimals; its data are whole hundredths of one, or None."""

    def read(self, text: str) -> int:
        """Read "1.5", "3 %"."""
        typed = re.fullmatch(r"([0-9]{1,2})(?:\.([0-9]{1,2}))?\s*%?", text)
        if typed is None:
            raise ValueError(f"Enter {self.named} like 1.5, with at most two decimals")
        return int(typed[1]) * 100 + int((typed[2] or "").ljust(2, "0"))

    def shown(self, value: int) -> str:
        """Without the sign, 1.5."""
        return say_percent(value).removesuffix(" %")


class ChangeForm(VersionedForm):
    """A form about a framework; once that is published, a change comes with its reason."""

    because = LongText("Why this is changed", maximum=500)

    def __init__(self, *, published: bool, version: int = 0, **options: Any) -> None:
        options["data"] = {"version": str(version), **options.get("data", {})}
        super().__init__(**options)
        if published:
            needed = InputRequired("Say why this is changed: everybody who applies will read it")
            self.because.validators = [needed]
            self.because.flags.required = True
        else:
            del self.because

    @property
    def reason(self) -> str:
        """Why; empty before publishing."""
        return (self.because.data or "") if "because" in self else ""

    def refuse(self, wrong: Wrong) -> bool:
        """Put each sentence at its field; whether there was none."""
        for name, sentence in wrong.items():
            self[name].errors = [sentence]
        return not wrong


class DetailsForm(ChangeForm):
    """What a framework is. A published one keeps its term."""

    title = TextLine("Title", [InputRequired("Enter the title"), Length(max=200)])
    reference = TextLine("Reference", [InputRequired("Enter the reference"), Length(max=40)])
    summary = LongText("What is bought, in a few sentences", maximum=2000)
    regime = RadioField(
        "Bought under",
        [InputRequired("Choose the law it is bought under")],
        choices={regime.value: name for regime, name in REGIME_NAMES.items()},
    )
    light_touch = BooleanField("Light touch")
    open_framework = BooleanField("An open framework")
    starts_on = DateField("First day", [InputRequired("Enter the first day")])
    ends_on = DateField("Last day", [InputRequired("Enter the last day")])
    extension_months = WholeNumberField("May be extended by, in months", [Optional()])
    payment_days = WholeNumberField(
        "Days to pay an invoice", [InputRequired("Enter the days to pay an invoice")]
    )
    cap_in_total = PoundsField("Cap in total, without VAT", [Optional()])

    TERM = ("starts_on", "ends_on", "extension_months")

    def __init__(self, stands: Details | None = None, *, published: bool, version: int = 0) -> None:
        given = as_entered(stands) if stands else {"light_touch": True, "payment_days": 30}
        super().__init__(published=published, version=version, data=given)
        self.stands = stands if published else None
        if published:
            for name in self.TERM:
                del self[name]

    def validate(self, extra_validators: Any = None) -> bool:
        """Say everything at once that the fields and the law want otherwise."""
        fits = bool(super().validate(extra_validators))
        return fits and self.refuse(self.details.wrong)

    @property
    def details(self) -> Details:
        """What was entered, of a form that is right."""
        given = self.data
        term = {
            name: getattr(self.stands, name) if self.stands else given[name] for name in self.TERM
        }
        return Details(
            reference=given["reference"],
            title=given["title"],
            summary=given["summary"],
            regime=Regime(given["regime"]),
            light_touch=given["light_touch"],
            open_framework=given["open_framework"],
            starts_on=term["starts_on"],
            ends_on=term["ends_on"],
            extension_months=term["extension_months"] or 0,
            payment_days=given["payment_days"],
            cap_in_total=given["cap_in_total"],
        )


class AwardForm(ChangeForm):
    """How bids are weighed, and how prices rise each year."""

    quality_points = WholeNumberField(
        "Points for quality", [InputRequired("Enter the points for quality")]
    )
    price_points = WholeNumberField(
        "Points for price", [InputRequired("Enter the points for price")]
    )
    least_evaluators = WholeNumberField(
        "Evaluators of each answer", [InputRequired("Enter how many people score each answer")]
    )
    standstill_days = WholeNumberField(
        "Standstill, in working days", [InputRequired("Enter the working days, or 0 for none")]
    )
    uplift_cap = PercentField(
        "Yearly uplift at most", [InputRequired("Enter the most that prices rise in a year")]
    )
    uplift_review_above = PercentField(
        "Reviewed where CPI is above", [InputRequired("Enter from which CPI on it is reviewed")]
    )

    def __init__(self, stands: Award, *, published: bool, version: int = 0) -> None:
        super().__init__(published=published, version=version, data=as_entered(stands))

    def validate(self, extra_validators: Any = None) -> bool:
        """Say everything at once that the fields and the rules want otherwise."""
        return bool(super().validate(extra_validators)) and self.refuse(self.award.wrong)

    @property
    def award(self) -> Award:
        """What was entered, of a form that is right."""
        return Award(**{name: self.data[name] for name in Award.__dataclass_fields__})


class CouncilsForm(ChangeForm):
    """The councils that buy from a framework beside its lead."""

    partners = SelectMultipleField("Partner councils", validate_choice=False)

    def __init__(
        self,
        offered: list[Organisation],
        partners: list[FrameworkCouncil],
        *,
        published: bool,
        version: int = 0,
    ) -> None:
        chosen = [str(one.council_id) for one in partners]
        super().__init__(published=published, version=version, data={"partners": chosen})
        self.partners.choices = {str(council.id): council.name for council in offered}

    def validate_partners(self, field: Field) -> None:
        """Only what was offered can be chosen."""
        field.data = [code for code in field.data or [] if code in field.choices]

    @property
    def partner_ids(self) -> list[UUID]:
        """Which were chosen."""
        return [UUID(code) for code in self.partners.data or []]


class ExtendForm(ChangeForm):
    """A later last day."""

    ends_on = DateField("New last day", [InputRequired("Enter the new last day")])
