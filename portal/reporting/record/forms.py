"""What the record is narrowed by."""

from __future__ import annotations

from uuid import UUID

from wtforms import HiddenField, ValidationError
from wtforms.validators import Optional

from portal.kernel.fields import DateField
from portal.kernel.filters import Choice, Filters
from portal.reporting.record.sentences import GROUPS


class RecordFilters(Filters):
    """The record by person, kind of event, thing, and London days."""

    person = Choice("Person", everything="Everybody")
    group = Choice("What", everything="Everything", choices=list(GROUPS.items()))
    first = DateField("From", [Optional()])
    last = DateField("To", [Optional()])
    thing = HiddenField()

    def validate_last(self, field: DateField) -> None:
        """The last day is not before the first."""
        if field.data and self.first.data and field.data < self.first.data:
            raise ValidationError("To must be the same day as From or later")

    @property
    def thing_id(self) -> UUID | None:
        """The thing that a link asked about; none for what is not an id."""
        try:
            return UUID(self.thing.data or "")
        except ValueError:
            return None
