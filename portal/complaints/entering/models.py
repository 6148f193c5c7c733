"""That a complaint was entered by the council, and by whom."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.complaints.entering.rules import Channel
from portal.complaints.handling.models import COUNCILS_OWN, of_a_complaint
from portal.kernel.columns import Instant, one_of
from portal.kernel.tenancy import Base


class Entry(Base):
    """How a complaint came that was not sent on the public pages, and who took it down.

    ``code_given_at`` is when its sender was last given a code and four words to follow it with.
    """

    __tablename__ = "complaint_entry"
    __seen_by__ = COUNCILS_OWN

    complaint_id: Mapped[UUID] = mapped_column(primary_key=True)
    council_id: Mapped[UUID]
    channel: Mapped[Channel] = mapped_column(one_of(Channel, "complaint_channel"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    person_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(Instant())
    code_given_at: Mapped[datetime | None] = mapped_column(Instant())

    __table_args__ = (of_a_complaint(),)
