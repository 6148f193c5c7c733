"""A provider's evidence, submitted once and reused everywhere."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.evidence.rules import EvidenceKind
from portal.kernel.columns import Instant, Pence, one_of
from portal.kernel.ids import new_id
from portal.kernel.money import Money
from portal.kernel.tenancy import Base, Looker, Rule, another, column


def _own_or_supplied(entity: Any, looker: Looker) -> ColumnElement[bool]:
    """The provider itself, and the councils of the frameworks it has a place on."""
    place = another("place")
    framework_council = another("framework_council")
    provider = column(entity, "provider_id")
    return or_(
        provider == looker.organisation,
        select(place.c.id)
        .join(framework_council, framework_council.c.framework_id == place.c.framework_id)
        .where(
            place.c.provider_id == provider,
            framework_council.c.council_id == looker.organisation,
        )
        .exists(),
    )


class Evidence(Base):
    """One piece of evidence with the days it covers and who verified it."""

    __tablename__ = "evidence"
    __seen_by__ = Rule(_own_or_supplied, writers=("provider_id",))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[EvidenceKind] = mapped_column(one_of(EvidenceKind, "evidence_kind"))
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    cover: Mapped[Money | None] = mapped_column(Pence())
    verified_by_name: Mapped[str | None] = mapped_column(String(200))
    verified_at: Mapped[datetime | None] = mapped_column(Instant())

    __table_args__ = (
        UniqueConstraint("provider_id", "kind", "valid_from", name="one_evidence_from_a_day"),
        CheckConstraint("valid_until >= valid_from", name="evidence_ends_after_it_starts"),
    )


class VatStanding(Base):
    """What the provider's evidence says of its VAT from a day on (rules.md B13 and B14)."""

    __tablename__ = "vat_standing"
    __seen_by__ = Rule(_own_or_supplied, writers=("provider_id",))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    starts_on: Mapped[date]
    vat_number: Mapped[str | None] = mapped_column(String(20))
    charity_number: Mapped[str | None] = mapped_column(String(20))
    ofsted_urn: Mapped[str | None] = mapped_column(String(20))
    public_body: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        UniqueConstraint("provider_id", "starts_on", name="one_vat_standing_from_a_day"),
    )


class BankDetails(Base):
    """Where a provider is paid, from a day on."""

    __tablename__ = "bank_details"
    __seen_by__ = Rule(_own_or_supplied, writers=("provider_id",))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    starts_on: Mapped[date]
    account_name: Mapped[str] = mapped_column(String(100))
    account_number: Mapped[str] = mapped_column(String(8))
    sort_code: Mapped[str] = mapped_column(String(6))

    __table_args__ = (
        UniqueConstraint("provider_id", "starts_on", name="one_bank_account_from_a_day"),
        Index("ix_bank_details_provider_id", "provider_id"),
    )
