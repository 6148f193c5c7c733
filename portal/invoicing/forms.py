"""What the month end asks of the provider, and what its list is narrowed by."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from flask_wtf import FlaskForm
from wtforms import Field, Form, HiddenField, SelectField
from wtforms.validators import InputRequired, ValidationError

from portal.identity.models import Organisation
from portal.invoicing.list_queries import Wanted
from portal.invoicing.rules import INVOICE_STATE_NAMES, InvoiceState
from portal.kernel.fields import TextLine
from portal.kernel.filters import Choice, Filters
from portal.kernel.months import Month

LONGEST_NUMBER = 40
EVERYTHING = "all"


class Order(StrEnum):
    """What a list begins with."""

    DUE = "due"
    NEWEST = "newest"


# Nothing of a paid or refused invoice is due, so these always come newest first.
WITH_DUE_DATES = frozenset({InvoiceState.TO_DECIDE, InvoiceState.QUERIED, InvoiceState.APPROVED})


def from_the_list(_form: Form, field: Choice) -> None:
    """Refuse a code, typed into the address, that is not on the list."""
    if field.data and field.chosen is None:
        raise ValidationError(f"Choose a {field.label.text.lower()} from the list")


class InvoiceFilters(Filters):
    """What the list of invoices is narrowed by; wrong values count as not given."""

    state = SelectField(
        "State",
        choices={
            **{state.value: name for state, name in INVOICE_STATE_NAMES.items()},
            EVERYTHING: "Every state",
        },
        invalid_choice_message="Choose a state from the list",
    )
    month = Choice("Month", everything="Every month", validators=[from_the_list])
    party = Choice("Council", everything="All", validators=[from_the_list])
    search = TextLine("Number or agreement")
    sort = SelectField(
        "Order",
        choices={Order.DUE.value: "Due first", Order.NEWEST.value: "Newest first"},
        invalid_choice_message="Choose an order from the list",
    )

    def offer(
        self, months: Sequence[Month], parties: Sequence[Organisation], *, council: bool
    ) -> None:
        """Fill the lists that the database holds, and check what was chosen from all of them."""
        self.month.offer([(month.code, str(month)) for month in months])
        self.party.label.text = "Provider" if council else "Council"
        self.party.offer([(str(party.id), party.name) for party in parties])
        self.validate()

    @property
    def wanted(self) -> Wanted:
        """What the list shows."""
        states = {state.value: state for state in InvoiceState}
        state = states.get(self.state.data or "")
        return Wanted(
            state=state,
            month=Month.parse(self.month.chosen) if self.month.chosen else None,
            other_party=self.party.chosen_id,
            words=self.search.data or "",
            by_due=self.sort.data == Order.DUE and state in WITH_DUE_DATES,
        )


def number_of_an_invoice(_form: Form, field: Field) -> None:
    """A provider's invoice number: 1 to 40 letters, figures, spaces and - / . characters."""
    number = field.data or ""
    if len(number) > LONGEST_NUMBER:
        raise ValidationError(f"Your invoice number must be {LONGEST_NUMBER} characters or less")
    if not re.fullmatch(r"[A-Za-z0-9 ./-]+", number):
        raise ValidationError(
            "Your invoice number can have letters, figures, spaces, hyphens, full stops and "
            "slashes, like INV-0012"
        )
    if not re.search(r"[A-Za-z0-9]", number):
        raise ValidationError("Your invoice number must have a letter or a figure, like INV-0012")


class SubmitForm(FlaskForm):
    """The provider's own number, and the fingerprint of the draft that the page showed."""

    number = TextLine(
        "Your own invoice number",
        [InputRequired("Enter your own number for this invoice"), number_of_an_invoice],
    )
    seen = HiddenField()
