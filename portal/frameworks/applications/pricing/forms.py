"""A category's prices, one for each that it asks for."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm

from portal.frameworks.applications.draft import Draft
from portal.frameworks.lots.models import PriceAsked
from portal.frameworks.lots.queries import CategoryAsk
from portal.frameworks.lots.rules import check_price
from portal.kernel.errors import DomainError
from portal.kernel.fields import PoundsField
from portal.kernel.money import Money


class PricesForm(FlaskForm):
    """The prices of one category; ``rows`` pairs each field with what it is asked for."""

    rows: list[tuple[PriceAsked, Any]]

    def __init__(self, ask: CategoryAsk, **options: Any) -> None:
        super().__init__(**options)
        self.ask = ask
        self.rows = [(asked, self[field_name(place)]) for place, asked in enumerate(ask.prices)]

    def validate(self, extra_validators: Any = None) -> bool:
        """Each price can be read and is accepted by the published rules; none is none yet."""
        fits = bool(super().validate(extra_validators))
        for asked, field in self.rows:
            if field.data is None or field.errors:
                continue
            try:
                check_price(self.ask.terms, asked, field.data)
            except DomainError as unfit:
                field.errors = [unfit.sentence]
                fits = False
        return fits

    @property
    def prices(self) -> dict[str, Money | None]:
        """What was entered, by band."""
        return {asked.band: field.data for asked, field in self.rows}

    @property
    def readable(self) -> dict[str, Money | None]:
        """The same without what cannot be read or is not accepted."""
        return {asked.band: field.data for asked, field in self.rows if not field.errors}


def prices_form(draft: Draft, ask: CategoryAsk) -> PricesForm:
    """The form of a category's prices; not sent, it shows those that are kept."""
    fields = {
        field_name(place): PoundsField(_label(ask, asked)) for place, asked in enumerate(ask.prices)
    }
    form: type[PricesForm] = type("CategoryPricesForm", (PricesForm,), fields)
    kept = {
        field_name(place): draft.price(ask.category.code, asked.band)
        for place, asked in enumerate(ask.prices)
    }
    return form(ask, data=kept)


def field_name(place: int) -> str:
    """The name of the field of the price that stands in this place, from 0."""
    return f"price_{place + 1}"


def _label(ask: CategoryAsk, asked: PriceAsked) -> str:
    unit = f"Price {ask.category.unit.price_name}"
    if not asked.band:
        return unit
    varies = ask.terms.varies_by
    return f"{unit}, {varies} {asked.band}" if varies else f"{unit}, {asked.band}"
