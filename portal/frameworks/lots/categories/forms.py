"""What is asked of a lot and of a category."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, RadioField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from portal.frameworks.lots.forms import ChangeForm
from portal.frameworks.lots.plans import CategoryPlan, as_entered
from portal.frameworks.lots.rules import LIMIT_NAMES, METHOD_NAMES, Limit, PriceMethod
from portal.frameworks.rules import Unit
from portal.kernel.fields import TextLine, WholeNumberField

CHARGED = {
    Unit.HOUR.value: "A unit price, by the hour",
    Unit.SESSION.value: "A unit price, by the session",
    Unit.NIGHT.value: "A weekly price, charged by the night",
}


class LotForm(ChangeForm):
    """A lot's number and title."""

    number = WholeNumberField(
        "Number",
        [
            InputRequired("Enter the lot's number"),
            NumberRange(min=1, max=999, message="Enter a number from 1 to 999"),
        ],
    )
    title = TextLine("Title", [InputRequired("Enter the lot's title"), Length(max=200)])


class CategoryForm(ChangeForm):
    """What is bought, how it is charged, how bids earn their points, how many places there are."""

    code = TextLine(
        "Code", [InputRequired("Enter the category's code"), Length(max=10)],
        description="As people say it, like 2a",
    )  # fmt: skip
    title = TextLine("Title", [InputRequired("Enter the category's title"), Length(max=200)])
    unit = RadioField(
        "How it is charged", [InputRequired("Choose how it is charged")], choices=CHARGED
    )
    price_method = RadioField(
        "How a price earns its points",
        [InputRequired("Choose how a price earns its points")],
        choices={method.value: name for method, name in METHOD_NAMES.items()},
    )
    limit = RadioField(
        "Where there is a maximum, a price must be",
        [InputRequired("Choose how a price stands to the maximum")],
        choices={limit.value: name for limit, name in LIMIT_NAMES.items()},
    )
    varies_by = TextLine(
        "Prices vary by", [Optional(), Length(max=100)],
        description="Like age of the child. Leave it empty where there is one price",
    )  # fmt: skip
    self_select = BooleanField("Providers select it themselves, as something they also offer")
    places = WholeNumberField(
        "Places", [Optional()], description="Leave it empty for as many as qualify"
    )
    reserves = WholeNumberField("Places on reserve", [Optional()])
    taxed = BooleanField("It is not a welfare service, so it is taxed")

    def __init__(
        self, stands: CategoryPlan | None = None, *, published: bool, version: int = 0
    ) -> None:
        usual = {"price_method": PriceMethod.OPTIMUM, "limit": Limit.AT_MOST}
        super().__init__(
            published=published, version=version, data=as_entered(stands) if stands else usual
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """Say everything at once that the fields and the rules want otherwise."""
        return bool(super().validate(extra_validators)) and self.refuse(self.plan.wrong)

    @property
    def plan(self) -> CategoryPlan:
        """What was entered, of a form that is right."""
        given = self.data
        return CategoryPlan(
            code=given["code"],
            title=given["title"],
            unit=Unit(given["unit"]),
            price_method=PriceMethod(given["price_method"]),
            limit=Limit(given["limit"]),
            varies_by=given["varies_by"] or "",
            self_select=given["self_select"],
            places=given["places"],
            reserves=given["reserves"] or 0,
            taxed=given["taxed"],
        )
