"""Variations of agreements, and what stands around one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Protocol
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.agreements.changing.ledger import ledger
from portal.agreements.changing.queries import endings_of
from portal.agreements.changing.rules import RUNNING, ProposalState
from portal.agreements.models import Agreement, AgreementPrice
from portal.agreements.rules import Authorised, authorised
from portal.agreements.variations.models import Variation
from portal.agreements.variations.rules import Standing, Terms
from portal.frameworks.models import Framework, Place
from portal.frameworks.rules import in_force
from portal.kernel.database import prepared
from portal.kernel.errors import NotFound
from portal.kernel.money import Money


def get_variation(session: Session, variation_id: UUID) -> Variation:
    """A variation with its agreement and the parties. Raises NotFound."""
    found = session.scalars(
        select(Variation)
        .where(Variation.id == variation_id)
        .options(
            joinedload(Variation.agreement).options(
                joinedload(Agreement.council),
                joinedload(Agreement.provider),
                selectinload(Agreement.prices),
            )
        )
    ).first()
    if found is None:
        raise NotFound
    return found


def variations_of(session: Session, agreement_id: UUID) -> Sequence[Variation]:
    """An agreement's variations, the newest first."""
    return session.scalars(
        select(Variation)
        .where(Variation.agreement_id == agreement_id)
        .order_by(Variation.proposed_at.desc(), Variation.id.desc())
    ).all()


def to_apply(session: Session, council_id: UUID, today: date) -> Sequence[Variation]:
    """A council's agreed variations whose first day has come, by that day."""
    return session.scalars(
        select(Variation)
        .join(Agreement, Agreement.id == Variation.agreement_id)
        .where(
            Variation.council_id == council_id,
            Variation.state == ProposalState.AGREED,
            Variation.applied_at.is_(None),
            Variation.starts_on <= today,
            Agreement.state.in_(RUNNING),
        )
        .order_by(Variation.starts_on, Variation.id)
    ).all()


class Authorising(Protocol):
    """An agreement with what it authorised when it began."""

    @property
    def id(self) -> UUID: ...
    @property
    def starts_on(self) -> date: ...
    @property
    def authorised_weekly(self) -> int | None: ...
    @property
    def authorised_total(self) -> int | None: ...


_VARIED = prepared(
    select(
        Variation.agreement_id,
        Variation.starts_on,
        Variation.authorised_weekly,
        Variation.authorised_total,
    )
    .where(
        Variation.agreement_id.in_(bindparam("ids", expanding=True)),
        Variation.state == ProposalState.AGREED,
        func.coalesce(Variation.authorised_weekly, Variation.authorised_total).is_not(None),
    )
    .order_by(Variation.starts_on, Variation.answered_at, Variation.id)
)


def authorised_by(
    session: Session, agreements: Sequence[Authorising], *, varied: Collection[UUID] | None = None
) -> dict[UUID, tuple[Authorised, ...]]:
    """What each of these agreements authorises, from which day on.

    ``varied`` are those that have a variation, where that is known. One query, or none.
    """
    ids = [one.id for one in agreements] if varied is None else list(varied)
    changes: dict[UUID, list[Authorised]] = defaultdict(list)
    for agreement_id, starts_on, weekly, total in (
        session.execute(_VARIED, {"ids": ids}) if ids else ()
    ):
        changes[agreement_id].append(Authorised(starts_on, weekly, total))
    return {
        one.id: authorised(
            Authorised(one.starts_on, one.authorised_weekly, one.authorised_total),
            changes[one.id],
        )
        for one in agreements
    }


def authorised_on(session: Session, agreement: Authorising, day: date) -> Authorised:
    """What an agreement authorises as agreed for a day; before its first, what it begins with."""
    steps = authorised_by(session, [agreement])[agreement.id]
    return in_force(steps, day) or steps[0]


def terms_on(session: Session, agreement: Agreement, day: date) -> Terms:
    """An agreement's terms, with the price and the units of a day."""
    price = in_force(agreement.prices, day)
    units = authorised_on(session, agreement, day)
    return Terms(
        price=price.price if price else None,
        authorised_weekly=units.weekly,
        authorised_total=units.total,
        ends_on=agreement.ends_on,
        cost_code=agreement.cost_code,
        purchase_order=agreement.purchase_order,
    )


def terms_of(variation: Variation) -> Terms:
    """The terms that a variation changes."""
    return Terms(
        price=variation.price,
        authorised_weekly=variation.authorised_weekly,
        authorised_total=variation.authorised_total,
        ends_on=variation.ends_on,
        cost_code=variation.cost_code,
        purchase_order=variation.purchase_order,
    )


def framework_price(session: Session, place_id: UUID, band: str, day: date) -> Money | None:
    """What a provider's place costs on a day in a band."""
    place = session.get(Place, place_id, options=[selectinload(Place.prices)])
    found = in_force([one for one in place.prices if one.band == band], day) if place else None
    return found.price if found else None


def standing_of(session: Session, agreement: Agreement, starts_on: date) -> Standing:
    """What stands around new terms of an agreement from a day on."""
    framework = session.get_one(Framework, agreement.framework_id)
    prices = session.scalars(
        select(AgreementPrice.starts_on).where(AgreementPrice.agreement_id == agreement.id)
    )
    return Standing(
        term=agreement,
        now=terms_on(session, agreement, starts_on),
        price_days=frozenset(prices),
        framework_price=framework_price(session, agreement.place_id, agreement.band, starts_on),
        framework_ends_on=framework.ends_on,
        invoiced_until=ledger().invoiced_until(session, agreement.id),
        recorded=ledger().last_day(session, agreement.id),
        delivered=ledger().delivered(session, agreement),
        end_decided=bool(endings_of(session, agreement.id)),
    )
