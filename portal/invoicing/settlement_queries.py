"""What a council's whole history under a framework holds, read at once for settling it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.agreements.models import Agreement, AgreementPrice
from portal.audit.actions import Actor
from portal.delivery.models import DeliverySession, Stay
from portal.delivery.rules import SessionState
from portal.evidence.models import VatStanding
from portal.frameworks.lots.models import CategoryTerms
from portal.frameworks.models import Category, Framework
from portal.identity.models import Membership, MembershipRole, Person
from portal.identity.rules import Role
from portal.invoicing.mechanisms import AgreedPrice, Delivered, Terms
from portal.invoicing.models import Invoice
from portal.invoicing.vat import VatEvidence
from portal.kernel.months import Month

Deliveries = dict[tuple[UUID, Month], dict[UUID, list[Delivered]]]


def deliveries(session: Session, framework_id: UUID, council_id: UUID, through: date) -> Deliveries:
    """What was delivered and not invoiced, by provider and month, then by agreement."""
    found: Deliveries = defaultdict(lambda: defaultdict(list))
    for row in session.execute(
        select(
            DeliverySession.id,
            DeliverySession.agreement_id,
            DeliverySession.provider_id,
            DeliverySession.service_date,
            DeliverySession.minutes,
            DeliverySession.hands,
        )
        .join(Agreement, Agreement.id == DeliverySession.agreement_id)
        .where(
            Agreement.framework_id == framework_id,
            DeliverySession.council_id == council_id,
            DeliverySession.locked_at.is_(None),
            DeliverySession.state == SessionState.DELIVERED,
            DeliverySession.service_date <= through,
        )
        .order_by(DeliverySession.starts_at, DeliverySession.id)
    ):
        day = row.service_date
        found[row.provider_id, Month.of(day)][row.agreement_id].append(
            Delivered(day, day, row.minutes, tuple(row.hands), session_id=row.id)
        )
    for stay in session.execute(
        select(
            Stay.id,
            Stay.agreement_id,
            Stay.provider_id,
            Stay.first_night,
            Stay.last_night,
            Stay.hands,
        )
        .join(Agreement, Agreement.id == Stay.agreement_id)
        .where(
            Agreement.framework_id == framework_id,
            Stay.council_id == council_id,
            Stay.locked_at.is_(None),
            Stay.present,
            Stay.first_night <= through,
        )
        .order_by(Stay.first_night, Stay.id)
    ):
        first, last = stay.first_night, stay.last_night
        nights = (last - first).days + 1
        found[stay.provider_id, Month.of(first)][stay.agreement_id].append(
            Delivered(first, last, nights, tuple(stay.hands), stay_id=stay.id)
        )
    return found


def invoiced_months(
    session: Session, framework_id: UUID, council_id: UUID
) -> set[tuple[UUID, Month]]:
    """The providers and months that have their invoice."""
    rows = session.execute(
        select(Invoice.provider_id, Invoice.month).where(
            Invoice.framework_id == framework_id, Invoice.council_id == council_id
        )
    )
    return {(provider_id, month) for provider_id, month in rows}


def terms_of(session: Session, framework_id: UUID, council_id: UUID) -> dict[UUID, Terms]:
    """How each agreement of the council under the framework is charged, by agreement."""
    of_council = (Agreement.framework_id == framework_id, Agreement.council_id == council_id)
    prices: dict[UUID, list[AgreedPrice]] = defaultdict(list)
    for agreement_id, starts_on, price in session.execute(
        select(AgreementPrice.agreement_id, AgreementPrice.starts_on, AgreementPrice.price)
        .join(Agreement, Agreement.id == AgreementPrice.agreement_id)
        .where(*of_council)
        .order_by(AgreementPrice.agreement_id, AgreementPrice.starts_on)
    ):
        prices[agreement_id].append(AgreedPrice(starts_on, price))
    return {
        row.id: Terms(
            row.id,
            row.reference,
            row.title,
            row.mechanism,
            row.unit,
            row.starts_on,
            tuple(prices[row.id]),
            row.cost_code,
            row.purchase_order,
            row.taxed,
        )
        for row in session.execute(
            select(
                Agreement.id,
                Agreement.reference,
                Category.title,
                Agreement.mechanism,
                Agreement.unit,
                Framework.starts_on,
                Agreement.cost_code,
                Agreement.purchase_order,
                func.coalesce(CategoryTerms.taxed, False).label("taxed"),
            )
            .join(Category, Category.id == Agreement.category_id)
            .outerjoin(CategoryTerms, CategoryTerms.category_id == Category.id)
            .join(Framework, Framework.id == Agreement.framework_id)
            .where(*of_council)
            .order_by(Agreement.reference)
        )
    }


def vat_evidence_of(session: Session, providers: Iterable[UUID]) -> dict[UUID, list[VatEvidence]]:
    """What each provider's evidence says of its VAT, from each day on."""
    wanted = set(providers)
    found: dict[UUID, list[VatEvidence]] = defaultdict(list)
    for standing in session.scalars(
        select(VatStanding).order_by(VatStanding.provider_id, VatStanding.starts_on)
    ):
        if standing.provider_id in wanted:
            found[standing.provider_id].append(
                VatEvidence(
                    standing.starts_on,
                    standing.vat_number,
                    standing.charity_number,
                    standing.ofsted_urn,
                    standing.public_body,
                )
            )
    return found


def finance_people(session: Session) -> dict[UUID, list[Actor]]:
    """Who has the role finance, by organisation and in the order of their e-mail addresses."""
    found: dict[UUID, list[Actor]] = defaultdict(list)
    for person_id, name, organisation_id in session.execute(
        select(Person.id, Person.name, Membership.organisation_id)
        .join(Membership, Membership.person_id == Person.id)
        .join(MembershipRole, MembershipRole.membership_id == Membership.id)
        .where(MembershipRole.role == Role.FINANCE)
        .order_by(Person.email)
    ):
        found[organisation_id].append(Actor(person_id, name, organisation_id))
    return found


def numbers_in_use(session: Session) -> dict[UUID, set[str]]:
    """The keys of the invoice numbers that each provider has used."""
    found: dict[UUID, set[str]] = defaultdict(set)
    for provider_id, number in session.execute(
        select(Invoice.provider_id, Invoice.provider_number_key)
    ):
        found[provider_id].add(number)
    return found
