"""Contacts with a young person, and the clocks of agreements kept so that they are found."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.agreements.clocks.rules import Clock, ClockKind, ContactKind, How, Pause
from portal.agreements.models import Agreement, assigned_on, with_parties
from portal.kernel.columns import Instant, one_of
from portal.kernel.ids import new_id
from portal.kernel.indexes import partial_index
from portal.kernel.tenancy import Base, Rule

_OPEN = "done_on IS NULL AND stopped_on IS NULL"
_OF_THE_ORDER = "kind <> 'substitute'"


class ContactRecord(Base):
    """One attempt, contact or meeting; what was recorded wrongly is withdrawn, never removed."""

    __tablename__ = "contact_record"
    __seen_by__ = Rule(assigned_on("agreement_id"), writers=("provider_id",))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    agreement_id: Mapped[UUID]
    council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    kind: Mapped[ContactKind] = mapped_column(one_of(ContactKind, "contact_kind"))
    how: Mapped[How] = mapped_column(one_of(How, "contact_how"))
    day: Mapped[date]
    words: Mapped[str] = mapped_column(Text(), default="")
    recorded_by_name: Mapped[str] = mapped_column(String(200))
    recorded_at: Mapped[datetime] = mapped_column(Instant())
    withdrawn_by_name: Mapped[str | None] = mapped_column(String(200))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant())
    withdrawn_because: Mapped[str] = mapped_column(String(500), default="")

    agreement: Mapped[Agreement] = relationship(viewonly=True)

    __table_args__ = (
        with_parties(),
        Index("ix_contact_record_agreement_id", "agreement_id", "day"),
    )


def pauses_of(agreement: Agreement) -> tuple[Pause, ...]:
    """The days on which the clocks of an agreement stand still."""
    return tuple(Pause(one.starts_on, one.ends_on) for one in agreement.suspensions)


class KeptClock(Base):
    """A clock of an agreement as the rules work it out, kept so that open ones are found at once.

    It is written by whatever changes what it rests on: the order, a contact, a mentor, a
    suspension.
    """

    __tablename__ = "agreement_clock"
    __seen_by__ = Rule(assigned_on("agreement_id"), writers=("council_id", "provider_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    agreement_id: Mapped[UUID]
    council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    kind: Mapped[ClockKind] = mapped_column(one_of(ClockKind, "clock_kind"))
    starts_on: Mapped[date]
    due_on: Mapped[date]
    done_on: Mapped[date | None]
    stopped_on: Mapped[date | None]

    agreement: Mapped[Agreement] = relationship(viewonly=True)

    @property
    def is_open(self) -> bool:
        """Whether it still waits."""
        return self.done_on is None and self.stopped_on is None

    @property
    def clock(self) -> Clock:
        """The clock as the rules know it, with the suspensions of its agreement."""
        pauses = pauses_of(self.agreement)
        return Clock(self.kind, self.starts_on, self.done_on, self.stopped_on, pauses)

    __table_args__ = (
        with_parties(),
        UniqueConstraint("id", "council_id", "provider_id", name="clock_with_its_parties"),
        CheckConstraint("due_on > starts_on", name="clock_due_after_it_starts"),
        CheckConstraint("done_on IS NULL OR stopped_on IS NULL", name="clock_done_or_stopped"),
        Index("ix_agreement_clock_agreement_id", "agreement_id", "starts_on"),
        partial_index(
            "one_clock_of_a_kind",
            "agreement_id",
            "kind",
            unique=True,
            where=_OF_THE_ORDER,
        ),
        *(
            partial_index(
                name,
                *columns,
                unique=name.startswith("one"),
                where=_OPEN,
            )
            for name, columns in (
                ("one_open_clock_of_a_kind", ("agreement_id", "kind")),
                ("ix_agreement_clock_open_council", ("council_id", "due_on", "id")),
                ("ix_agreement_clock_open_provider", ("provider_id", "due_on", "id")),
            )
        ),
    )
