"""What surrounds an invoice: VAT evidence, bank details, insurance, caps."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from portal.budgets.queries import budgets_for
from portal.delivery.reports.outstanding import late
from portal.evidence.models import BankDetails, Evidence, VatStanding
from portal.evidence.rules import EvidenceKind
from portal.invoicing.checks.facts import Facts, LateReport, Term
from portal.invoicing.drafting import VatTreatment
from portal.invoicing.gathering.stream import Stream
from portal.invoicing.vat import VatEvidence
from portal.kernel.database import prepared
from portal.kernel.money import Money
from portal.kernel.months import Month

_VAT = prepared(
    select(VatStanding)
    .where(
        VatStanding.provider_id == bindparam("provider_id"),
        VatStanding.starts_on <= bindparam("on"),
    )
    .order_by(VatStanding.starts_on.desc())
    .limit(1)
)
_BANK = prepared(
    select(BankDetails)
    .where(
        BankDetails.provider_id == bindparam("provider_id"),
        BankDetails.starts_on <= bindparam("on"),
    )
    .order_by(BankDetails.starts_on.desc())
    .limit(1)
)
_EVIDENCE = prepared(
    select(Evidence.kind, Evidence.valid_from, Evidence.valid_until)
    .where(Evidence.provider_id == bindparam("provider_id"), Evidence.refused_at.is_(None))
    .order_by(Evidence.kind, Evidence.valid_from)
)


def vat_evidence(session: Session, provider_id: UUID, on: date) -> VatEvidence | None:
    """The provider's newest VAT evidence that had started by a day."""
    standing = session.scalars(_VAT, {"provider_id": provider_id, "on": on}).first()
    if standing is None:
        return None
    return VatEvidence(
        starts_on=standing.starts_on,
        vat_number=standing.vat_number,
        charity_number=standing.charity_number,
        ofsted_urn=standing.ofsted_urn,
        public_body=standing.public_body,
    )


def bank_details(session: Session, provider_id: UUID, on: date) -> BankDetails | None:
    """Where the provider is paid on a day."""
    return session.scalars(_BANK, {"provider_id": provider_id, "on": on}).first()


def vat_treatment(session: Session, stream: Stream, month: Month) -> VatTreatment | None:
    return VatTreatment.of(vat_evidence(session, stream.provider_id, month.last), month.last)


def with_surroundings(session: Session, facts: Facts, stream: Stream) -> Facts:
    evidence: dict[EvidenceKind, tuple[Term, ...]] = defaultdict(tuple)
    for kind, valid_from, valid_until in session.execute(
        _EVIDENCE, {"provider_id": stream.provider_id}
    ):
        evidence[kind] += (Term(valid_from, valid_until),)
    budgets = budgets_for(session, stream.framework_id, stream.council_id)
    caps: dict[date, tuple[Money, Money]] = {
        year: (budget.cap, budget.approved) for year, budget in budgets.items()
    }
    return replace(
        facts,
        evidence=evidence,
        has_bank_details=bank_details(session, stream.provider_id, facts.today) is not None,
        caps=caps,
        late_reports=tuple(
            LateReport(one.agreement.id, one.term.name, one.due.due)
            for one in late(session, facts.today, agreement_ids=list(facts.agreements))
        ),
    )
