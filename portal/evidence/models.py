"""A provider's evidence, submitted once and reused everywhere."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.evidence.rules import EvidenceKind
from portal.identity.models import Organisation
from portal.kernel.columns import Instant, Pence, one_of
from portal.kernel.files import StoredFile, shown_by
from portal.kernel.ids import new_id
from portal.kernel.money import Money
from portal.kernel.tenancy import Base, Looker, Rule, another, column


def _own_or_supplied(entity: Any, looker: Looker) -> ColumnElement[bool]:
    """The provider itself, and the councils of the frameworks it has a place on."""
    return or_(column(entity, "provider_id") == looker.organisation, _supplies(entity, looker))


def _own_supplied_or_judged(entity: Any, looker: Looker) -> ColumnElement[bool]:
    """These, and the councils that have opened an application of the provider's."""
    application = another("application")
    opened = another("round")
    framework_council = another("framework_council")
    return or_(
        _own_or_supplied(entity, looker),
        select(application.c.id)
        .select_from(
            application.join(opened, opened.c.id == application.c.round_id).join(
                framework_council,
                framework_council.c.framework_id == application.c.framework_id,
            )
        )
        .where(
            application.c.provider_id == column(entity, "provider_id"),
            opened.c.opened_at.is_not(None),
            framework_council.c.council_id == looker.organisation,
        )
        .exists(),
    )


def _supplies(entity: Any, looker: Looker) -> ColumnElement[bool]:
    place = another("place")
    framework_council = another("framework_council")
    return (
        select(place.c.id)
        .select_from(
            place.join(framework_council, framework_council.c.framework_id == place.c.framework_id)
        )
        .where(
            place.c.provider_id == column(entity, "provider_id"),
            framework_council.c.council_id == looker.organisation,
        )
        .exists()
    )


class Evidence(Base):
    """One piece of evidence: the days it covers, and who verified or refused it last.

    What was refused counts for nothing until it is sent again.
    """

    __tablename__ = "evidence"
    __seen_by__ = Rule(_own_supplied_or_judged, writers=("provider_id",))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[EvidenceKind] = mapped_column(one_of(EvidenceKind, "evidence_kind"))
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    cover: Mapped[Money | None] = mapped_column(Pence())
    verified_by_name: Mapped[str | None] = mapped_column(String(200))
    verified_at: Mapped[datetime | None] = mapped_column(Instant())
    refused_by_name: Mapped[str | None] = mapped_column(String(200))
    refused_at: Mapped[datetime | None] = mapped_column(Instant())
    refused_because: Mapped[str | None] = mapped_column(String(500))

    documents: Mapped[list[EvidenceDocument]] = relationship(
        order_by="EvidenceDocument.sent_at.desc()", viewonly=True
    )

    __table_args__ = (
        UniqueConstraint("provider_id", "kind", "valid_from", name="one_evidence_from_a_day"),
        CheckConstraint("valid_until >= valid_from", name="evidence_ends_after_it_starts"),
        Index("ix_evidence_with_its_provider", "id", "provider_id", unique=True),
    )


def _of_its_provider() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["evidence_id", "provider_id"], ["evidence.id", "evidence.provider_id"]
    )


class EvidenceDocument(Base):
    """The file that shows a piece of evidence; sent again, it is another one beside the first."""

    __tablename__ = "evidence_document"
    __seen_by__ = Rule(_own_supplied_or_judged, writers=("provider_id",))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    evidence_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    file_id: Mapped[UUID]
    valid_until: Mapped[date | None]
    cover: Mapped[Money | None] = mapped_column(Pence())
    sent_by_name: Mapped[str] = mapped_column(String(200))
    sent_at: Mapped[datetime] = mapped_column(Instant())

    file: Mapped[StoredFile] = relationship(viewonly=True)
    evidence: Mapped[Evidence] = relationship(viewonly=True)

    __table_args__ = (
        _of_its_provider(),
        ForeignKeyConstraint(
            ["file_id", "provider_id"], ["stored_file.id", "stored_file.provider_id"]
        ),
        UniqueConstraint("id", "provider_id", name="document_with_its_provider"),
        UniqueConstraint("file_id", name="a_file_shows_one_piece_of_evidence"),
        Index("ix_evidence_document_evidence_id", "evidence_id"),
    )


class EvidenceJudgement(Base):
    """A council's word on one document, with the reason when it does not accept it."""

    __tablename__ = "evidence_judgement"
    __seen_by__ = Rule(_own_supplied_or_judged, writers=("council_id",))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    document_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    council_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    accepted: Mapped[bool]
    reason: Mapped[str | None] = mapped_column(String(500))
    by_person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    by_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(Instant())

    council: Mapped[Organisation] = relationship(viewonly=True)
    document: Mapped[EvidenceDocument] = relationship(viewonly=True)

    __table_args__ = (
        ForeignKeyConstraint(
            ["document_id", "provider_id"],
            ["evidence_document.id", "evidence_document.provider_id"],
        ),
        CheckConstraint("accepted = (reason IS NULL)", name="refused_with_a_reason"),
        Index("ix_evidence_judgement_document_id", "document_id"),
    )


@shown_by
def _to_the_councils_it_supplies(entity: Any, looker: Looker) -> ColumnElement[bool]:
    """A document's file, to the councils that the evidence is for."""
    document = another("evidence_document")
    return (
        select(document.c.id)
        .where(
            document.c.file_id == column(entity, "id"), _own_supplied_or_judged(document, looker)
        )
        .exists()
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
