"""Changes of bank accounts: one, a list, who is not paid because of one, and who checked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from portal.evidence.models import BankDetails
from portal.frameworks.models import FrameworkCouncil, Place
from portal.invoicing.banking.models import BankChange, BankHold
from portal.invoicing.banking.rules import USUAL_HOLD, WAITING, ChangeState, why_unpaid
from portal.invoicing.models import Decision, InvoiceLine
from portal.invoicing.rules import LineState, LineStep
from portal.kernel.errors import NotFound
from portal.kernel.keyset import Page, page_of
from portal.kernel.local_time import local_date


@dataclass(frozen=True, slots=True)
class Hands:
    """Who raised and who approved what a council is about to pay a provider."""

    raised: frozenset[UUID]
    approved: frozenset[UUID]


def get_change(session: Session, change_id: UUID) -> BankChange:
    """One change with its parties. Raises NotFound."""
    found = session.scalars(
        select(BankChange)
        .where(BankChange.id == change_id)
        .options(joinedload(BankChange.provider), joinedload(BankChange.council))
    ).first()
    if found is None:
        raise NotFound
    return found


def locked_change(session: Session, change_id: UUID) -> BankChange:
    """The change as it stands now, kept from others; in the provider's scope. Raises NotFound."""
    found = session.scalars(
        select(BankChange)
        .where(BankChange.id == change_id)
        .with_for_update(of=BankChange)
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise NotFound
    return found


def changes_page(
    session: Session, *, provider_id: UUID | None, cursor: str | None
) -> Page[BankChange]:
    """The changes that the scope sees, of one provider or of all, the newest first."""
    statement = select(BankChange).options(joinedload(BankChange.provider))
    if provider_id is not None:
        statement = statement.where(BankChange.provider_id == provider_id)
    return page_of(
        session,
        statement,
        BankChange.proposed_at,
        BankChange.id,
        cursor=cursor,
        descending=True,
    )


def going_on(session: Session, provider_id: UUID, today: date) -> BankChange | None:
    """The provider's change that waits for somebody, or is in its hold."""
    return session.scalars(
        select(BankChange)
        .where(
            BankChange.provider_id == provider_id,
            or_(
                BankChange.state.in_(WAITING),
                (BankChange.state == ChangeState.VERIFIED) & (BankChange.hold_until >= today),
            ),
        )
        .order_by(BankChange.proposed_at.desc(), BankChange.id)
        .limit(1)
    ).first()


def waiting_changes(session: Session, state: ChangeState, *, limit: int) -> Sequence[BankChange]:
    """The changes that the scope sees in this state, the longest waiting first."""
    return session.scalars(
        select(BankChange)
        .where(BankChange.state == state)
        .options(joinedload(BankChange.provider))
        .order_by(BankChange.proposed_at, BankChange.id)
        .limit(limit)
    ).all()


def unpaid_because(
    session: Session, provider_ids: Collection[UUID], today: date
) -> dict[UUID, str]:
    """Why each provider whose account is being changed is not paid today; others are not in it."""
    reasons: dict[UUID, str] = {}
    for change in session.scalars(
        select(BankChange)
        .where(
            BankChange.provider_id.in_(provider_ids),
            BankChange.state.in_({ChangeState.CONFIRMED, ChangeState.VERIFIED}),
        )
        .order_by(BankChange.proposed_at, BankChange.id)
    ):
        why = why_unpaid(
            change.state,
            confirmed_on=local_date(change.confirmed_at) if change.confirmed_at else None,
            hold_until=change.hold_until,
            today=today,
        )
        if why is not None:
            reasons[change.provider_id] = why
    return reasons


def accounts_on(
    session: Session, provider_ids: Collection[UUID], on: date
) -> dict[UUID, BankDetails]:
    """The account to which each provider is paid on a day; without one, it is not in it."""
    found = session.scalars(
        select(BankDetails)
        .where(BankDetails.provider_id.in_(provider_ids), BankDetails.starts_on <= on)
        .order_by(BankDetails.provider_id, BankDetails.starts_on)
    )
    return {one.provider_id: one for one in found}


def verifiers_of(session: Session, provider_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Who verified each provider's newest account by a call back, by provider."""
    found = session.execute(
        select(BankChange.provider_id, BankChange.verified_by)
        .where(BankChange.provider_id.in_(provider_ids), BankChange.state == ChangeState.VERIFIED)
        .order_by(BankChange.provider_id, BankChange.verified_at)
    )
    return {provider_id: by for provider_id, by in found if by is not None}


def changers_of(session: Session, provider_ids: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """Who asked for, confirmed or verified each provider's newest account, by provider."""
    found = session.execute(
        select(
            BankChange.provider_id,
            BankChange.proposed_by,
            BankChange.confirmed_by,
            BankChange.verified_by,
        )
        .where(BankChange.provider_id.in_(provider_ids), BankChange.state == ChangeState.VERIFIED)
        .order_by(BankChange.provider_id, BankChange.verified_at)
    )
    return {provider_id: {by for by in hands if by} for provider_id, *hands in found}


def hands_on_the_unpaid(session: Session, provider_id: UUID) -> Hands:
    """Who raised and who approved the provider's approved lines that the scope sees."""
    raised: set[UUID] = set()
    approved: set[UUID] = set()
    for hands, by in session.execute(
        select(InvoiceLine.hands, Decision.decided_by)
        .join(Decision, Decision.line_id == InvoiceLine.id)
        .where(
            InvoiceLine.provider_id == provider_id,
            InvoiceLine.state == LineState.APPROVED,
            Decision.step == LineStep.APPROVE,
        )
    ):
        raised.update(UUID(hand) for hand in hands)
        approved.add(by)
    return Hands(frozenset(raised), frozenset(approved))


def hold_of(session: Session, council_id: UUID) -> int:
    """For how many working days the council holds a changed account."""
    kept = session.get(BankHold, council_id)
    return kept.days if kept else USUAL_HOLD


def councils_of(session: Session, provider_id: UUID) -> Sequence[UUID]:
    """The councils of the frameworks that the provider has a place on."""
    return session.scalars(
        select(FrameworkCouncil.council_id)
        .join(Place, Place.framework_id == FrameworkCouncil.framework_id)
        .where(Place.provider_id == provider_id)
        .distinct()
        .order_by(FrameworkCouncil.council_id)
    ).all()
