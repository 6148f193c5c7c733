"""Changes of the account to which a provider is paid, and how long a council holds them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.evidence.models import BankDetails
from portal.identity.models import Organisation
from portal.invoicing.banking.rules import USUAL_HOLD, ChangeState, KnownFrom
from portal.kernel.columns import Instant, one_of
from portal.kernel.ids import new_id
from portal.kernel.indexes import partial_index
from portal.kernel.tenancy import Base, parties

_WAITING = "state IN ('proposed', 'confirmed')"


class BankChange(Base):
    """A provider's change of account, with everybody who had a hand in it.

    ``phone`` came with the request, so it is never the number that a council calls back.
    ``bank_details_id`` is the account that begins after the hold. Whoever supplies it sees it,
    as they see the account itself.
    """

    __tablename__ = "bank_change"
    __seen_by__ = BankDetails.__seen_by__

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    state: Mapped[ChangeState] = mapped_column(one_of(ChangeState, "bank_change_state"))
    account_name: Mapped[str] = mapped_column(String(100))
    account_number: Mapped[str] = mapped_column(String(8))
    sort_code: Mapped[str] = mapped_column(String(6))
    because: Mapped[str] = mapped_column(String(500))
    phone: Mapped[str] = mapped_column(String(30), default="")
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    proposed_by_name: Mapped[str] = mapped_column(String(200))
    proposed_at: Mapped[datetime] = mapped_column(Instant())
    confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    confirmed_by_name: Mapped[str | None] = mapped_column(String(200))
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant())
    council_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    verified_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    verified_by_name: Mapped[str | None] = mapped_column(String(200))
    verified_at: Mapped[datetime | None] = mapped_column(Instant())
    spoke_to: Mapped[str | None] = mapped_column(String(200))
    called_number: Mapped[str | None] = mapped_column(String(30))
    known_from: Mapped[KnownFrom | None] = mapped_column(one_of(KnownFrom, "number_known_from"))
    note: Mapped[str | None] = mapped_column(String(1000))
    hold_days: Mapped[int | None]
    hold_until: Mapped[date | None]
    bank_details_id: Mapped[UUID | None]
    ended_by_name: Mapped[str | None] = mapped_column(String(200))
    ended_at: Mapped[datetime | None] = mapped_column(Instant())
    ended_because: Mapped[str | None] = mapped_column(String(500))

    provider: Mapped[Organisation] = relationship(foreign_keys=[provider_id], viewonly=True)
    council: Mapped[Organisation | None] = relationship(foreign_keys=[council_id], viewonly=True)

    __table_args__ = (
        CheckConstraint("confirmed_by <> proposed_by", name="bank_change_by_two_people"),
        CheckConstraint(
            "verified_by <> proposed_by AND verified_by <> confirmed_by",
            name="bank_change_verified_by_a_third",
        ),
        CheckConstraint(
            "state NOT IN ('confirmed', 'verified') OR confirmed_by IS NOT NULL",
            name="bank_change_confirmed_by_somebody",
        ),
        CheckConstraint(
            "state <> 'verified' OR (verified_by IS NOT NULL AND hold_until IS NOT NULL "
            "AND called_number <> '' AND note <> '')",
            name="bank_change_called_back",
        ),
        Index("ix_bank_change_provider_id", "provider_id", "proposed_at"),
        Index("ix_bank_change_newest", "proposed_at", "id"),
        partial_index(
            "one_waiting_bank_change",
            "provider_id",
            unique=True,
            where=_WAITING,
        ),
    )


class BankHold(Base):
    """How many working days a council holds a changed account; without a row, five."""

    __tablename__ = "bank_hold"
    __seen_by__ = parties("council_id")

    council_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    days: Mapped[int] = mapped_column(default=USUAL_HOLD)
    set_by_name: Mapped[str] = mapped_column(String(200))
    set_at: Mapped[datetime] = mapped_column(Instant())

    __table_args__ = (CheckConstraint("days BETWEEN 1 AND 30", name="bank_hold_days"),)
