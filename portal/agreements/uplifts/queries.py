"""Uplift runs, and the agreements whose prices rise with their places'."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.agreements.models import Agreement
from portal.agreements.rules import AgreementState, Authorised
from portal.agreements.uplifts.models import UpliftCost, UpliftRun
from portal.agreements.variations.queries import authorised_by
from portal.frameworks.models import Place
from portal.frameworks.rules import in_force
from portal.kernel.errors import NotFound
from portal.kernel.money import Money

_GOES_ON = (AgreementState.ACTIVE, AgreementState.SUSPENDED)


@dataclass(frozen=True, slots=True)
class Priced:
    """An agreement with the price that it has until an uplift, and what it authorises from then.

    ``follows``: it has its place's price, and rises with it.
    """

    agreement: Agreement
    price: Money
    follows: bool
    units: Authorised


def runs_of(session: Session, framework_id: UUID) -> Sequence[UpliftRun]:
    """A framework's uplifts, the newest first."""
    return session.scalars(
        select(UpliftRun)
        .where(UpliftRun.framework_id == framework_id)
        .order_by(UpliftRun.starts_on.desc(), UpliftRun.id.desc())
    ).all()


def get_run(session: Session, run_id: UUID) -> UpliftRun:
    """An uplift with its framework and its costs. Raises NotFound."""
    found = session.scalars(
        select(UpliftRun)
        .where(UpliftRun.id == run_id)
        .options(
            joinedload(UpliftRun.framework),
            selectinload(UpliftRun.costs).joinedload(UpliftCost.council),
        )
    ).first()
    if found is None:
        raise NotFound
    return found


def locked_run(session: Session, run_id: UUID) -> UpliftRun:
    """The lead council's run as it stands now, kept from other writers. Raises NotFound."""
    found = session.scalars(
        select(UpliftRun)
        .where(UpliftRun.id == run_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise NotFound
    return found


def waiting_for_agreement(session: Session, council_id: UUID) -> Sequence[UpliftRun]:
    """The uplifts that a lead council's second person has yet to agree, by their first day."""
    return session.scalars(
        select(UpliftRun)
        .where(
            UpliftRun.lead_council_id == council_id,
            UpliftRun.agreed_at.is_(None),
            UpliftRun.refused_at.is_(None),
        )
        .options(joinedload(UpliftRun.framework))
        .order_by(UpliftRun.starts_on, UpliftRun.id)
    ).all()


def priced_agreements(
    session: Session, framework_id: UUID, council_id: UUID, day: date
) -> list[Priced]:
    """A council's agreements that are in force on a day, with their prices of the day before.

    An agreement that has a price from that day or later keeps it, and is left out; one that has
    ended since was in force on it.
    """
    agreements = session.scalars(
        select(Agreement)
        .where(
            Agreement.framework_id == framework_id,
            Agreement.council_id == council_id,
            Agreement.starts_on < day,
            or_(
                Agreement.ends_on >= day,
                and_(Agreement.ends_on.is_(None), Agreement.state.in_(_GOES_ON)),
            ),
        )
        .options(
            selectinload(Agreement.prices),
            joinedload(Agreement.place).selectinload(Place.prices),
        )
        .order_by(Agreement.reference, Agreement.id)
    ).all()
    steps = authorised_by(session, agreements)
    found = []
    for agreement in agreements:
        own = in_force(agreement.prices, date.max)
        if own is None or own.starts_on >= day:
            continue
        banded = [price for price in agreement.place.prices if price.band == agreement.band]
        placed = in_force(banded, day - timedelta(days=1))
        follows = placed is not None and placed.price == own.price
        units = in_force(steps[agreement.id], day)
        assert units is not None, "it began before that day"
        found.append(Priced(agreement, own.price, follows, units))
    return found
