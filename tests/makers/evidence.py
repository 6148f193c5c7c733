"""What a provider has shown: evidence, VAT standing, bank details."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy.orm import Session

from portal.evidence.models import (
    BankDetails,
    Evidence,
    EvidenceDocument,
    EvidenceJudgement,
    VatStanding,
)
from portal.evidence.rules import ASKED_OF_EVERYBODY, EvidenceKind
from portal.identity.models import Organisation, Person
from portal.kernel.files import StoredFile
from portal.kernel.money import Money
from tests.makers.files import make_stored_file
from tests.makers.rows import RECORDED_AT, add, numbers


def make_evidence(
    session: Session,
    *,
    provider: Organisation,
    kinds: Iterable[EvidenceKind] = ASKED_OF_EVERYBODY,
    valid_from: date = date(2025, 6, 1),
    valid_until: date | None = date(2028, 5, 31),
) -> list[Evidence]:
    """Every kind of evidence unless fewer are named, in date and verified, cover £10m."""
    return [
        add(
            session,
            Evidence(
                provider_id=provider.id,
                kind=kind,
                valid_from=valid_from,
                valid_until=valid_until,
                cover=Money.pounds("10000000") if kind.value.endswith("liability") else None,
                verified_by_name="Ali Verifier",
                verified_at=RECORDED_AT - timedelta(days=200),
            ),
        )
        for kind in kinds
    ]


def make_document(
    session: Session, *, evidence: Evidence, file: StoredFile | None = None
) -> EvidenceDocument:
    """The file behind a piece of evidence, as it is kept unless another is given."""
    if file is None:
        provider = session.get_one(Organisation, evidence.provider_id)
        file = make_stored_file(session, provider=provider)
    return add(
        session,
        EvidenceDocument(
            evidence_id=evidence.id,
            provider_id=evidence.provider_id,
            file_id=file.id,
            valid_until=evidence.valid_until,
            cover=evidence.cover,
            sent_by_name="Sam Sender",
            sent_at=RECORDED_AT - timedelta(days=201),
        ),
    )


def make_judgement(
    session: Session, *, document: EvidenceDocument, council: Organisation, by: Person
) -> EvidenceJudgement:
    """A council's word that it verified a document."""
    return add(
        session,
        EvidenceJudgement(
            document_id=document.id,
            provider_id=document.provider_id,
            council_id=council.id,
            accepted=True,
            by_person_id=by.id,
            by_name=by.name,
            at=RECORDED_AT - timedelta(days=200),
        ),
    )


def make_vat_standing(
    session: Session,
    *,
    provider: Organisation,
    starts_on: date = date(2025, 1, 1),
    vat_number: str | None = None,
    charity_number: str | None = None,
    ofsted_urn: str | None = None,
    public_body: bool = False,
) -> VatStanding:
    """What is known of a provider's VAT; with no number it is not registered."""
    return add(
        session,
        VatStanding(
            provider_id=provider.id,
            starts_on=starts_on,
            vat_number=vat_number,
            charity_number=charity_number,
            ofsted_urn=ofsted_urn,
            public_body=public_body,
        ),
    )


def make_bank_details(
    session: Session,
    *,
    provider: Organisation,
    starts_on: date = date(2025, 1, 1),
    account_number: str = "",
) -> BankDetails:
    """Where a provider is paid."""
    return add(
        session,
        BankDetails(
            provider_id=provider.id,
            starts_on=starts_on,
            account_name=provider.legal_name[:100],
            account_number=account_number or f"{next(numbers):08}",
            sort_code="000000",
        ),
    )
