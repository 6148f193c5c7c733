"""What is asked of a price, of a band, and of taking one away."""

from __future__ import annotations

from typing import Any

from wtforms.validators import InputRequired, Length, Optional

from portal.frameworks.lots.forms import ChangeForm
from portal.frameworks.lots.plans import BandLimits, PriceFigures, as_entered
from portal.frameworks.lots.rules import PriceMethod
from portal.kernel.fields import PoundsField, TextLine, WholeNumberField


class PriceForm(ChangeForm):
    """The figures of one price that is asked for."""

    band = TextLine("For", [Optional(), Length(max=40)])
    optimum = PoundsField("Optimum price", [Optional()])
    maximum = PoundsField("Maximum", [Optional()])
    floor = PoundsField("Lowest price accepted", [Optional()])
    yearly_units = WholeNumberField("Expected a year", [Optional()])

    def __init__(
        self,
        method: PriceMethod,
        stands: PriceFigures | None = None,
        *,
        published: bool,
        version: int,
    ) -> None:
        given = as_entered(stands) if stands else {}
        super().__init__(published=published, version=version, data=given)
        self.method = method

    def validate(self, extra_validators: Any = None) -> bool:
        """Say everything at once that the fields and the method want otherwise."""
        fits = bool(super().validate(extra_validators))
        return fits and self.refuse(self.figures.wrong(self.method))

    @property
    def figures(self) -> PriceFigures:
        """What was entered, of a form that is right."""
        given = self.data
        return PriceFigures(
            band=given["band"] or "",
            optimum=given["optimum"],
            maximum=given["maximum"],
            floor=given["floor"],
            yearly_units=given["yearly_units"],
        )


class BandForm(ChangeForm):
    """A band's name and its upper end."""

    name = TextLine("Name", [InputRequired("Enter the band's name"), Length(max=40)])
    up_to = PoundsField("Up to", [Optional()], description="Leave it empty for the last band")

    def __init__(
        self, stands: BandLimits | None = None, *, published: bool, version: int = 0
    ) -> None:
        given = as_entered(stands) if stands else {}
        super().__init__(published=published, version=version, data=given)

    def validate(self, extra_validators: Any = None) -> bool:
        """Say everything at once that the fields want otherwise."""
        return bool(super().validate(extra_validators)) and self.refuse(self.limits.wrong)

    @property
    def limits(self) -> BandLimits:
        """What was entered, of a form that is right."""
        return BandLimits(self.data["name"], self.data["up_to"])
