"""The outbox: letters that wait, and that one was sent, without what it said."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.columns import Instant
from portal.kernel.ids import new_id
from portal.kernel.tenancy import Base, Rule, Task, nobody


class Letter(Base):
    """One e-mail in plain text. Its body, which may hold a secret link, is erased at its end.

    Whoever's change wrote it stands on the row; nobody but the portal's post may read it.
    """

    __tablename__ = "letter"
    __seen_by__ = Rule(
        nobody,
        writers=("organisation_id",),
        tasks=(Task.SIGN_IN, Task.POST, Task.PUBLIC_DESK, Task.JOBS, Task.RETENTION),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID | None]
    person_id: Mapped[UUID | None]
    address: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str | None] = mapped_column(Text())
    written_at: Mapped[datetime] = mapped_column(Instant())
    sent_at: Mapped[datetime | None] = mapped_column(Instant())
    given_up_at: Mapped[datetime | None] = mapped_column(Instant())

    __table_args__ = (
        CheckConstraint(
            "(body IS NULL) = (sent_at IS NOT NULL OR given_up_at IS NOT NULL)",
            name="letter_erased_at_its_end",
        ),
        Index("ix_letter_written", "written_at"),
        Index("ix_letter_person", "person_id"),
        Index("ix_letter_given_up", "given_up_at"),
    )
