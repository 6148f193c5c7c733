"""What the record is narrowed by."""

from __future__ import annotations

from uuid import UUID

from wtforms import HiddenField, StringField, ValidationError
from wtforms.validators import Length, Optional

from portal.audit.queries import Wanted
from portal.kernel.date_fields import DateField
from portal.kernel.filters import Choice, Filters
from portal.reporting.record.sentences import GROUPS, KINDS, SENTENCES

OURS, OTHERS = "ours", "others"


class RecordFilters(Filters):
    """The record by person, side, event, thing, and London days."""

    person = Choice("Person", everything="Everybody")
    side = Choice(
        "Done by",
        everything="Anybody",
        choices=[(OURS, "Our own people"), (OTHERS, "Other organisations")],
    )
    group = Choice("What", everything="Everything", choices=list(GROUPS.items()))
    event = Choice("Exactly", everything="Anything of that kind", choices=list(SENTENCES.items()))
    about = Choice("Kind of thing", everything="Any", choices=list(KINDS.items()))
    words = StringField("Thing, by reference or name", [Length(max=100)])
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

    @property
    def wanted(self) -> Wanted:
        """What was chosen."""
        side = self.side.chosen
        return Wanted(
            person_id=self.person.chosen_id,
            own=None if side is None else side == OURS,
            group=self.group.chosen,
            event=self.event.chosen,
            kind=self.about.chosen,
            subject_id=self.thing_id,
            words=self.words.data or "",
            first=self.first.data,
            last=self.last.data,
        )
