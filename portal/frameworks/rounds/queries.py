"""Rounds, and what was asked, answered and changed while they ran."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.frameworks.models import Category, Framework, FrameworkCouncil
from portal.frameworks.rounds.clarifications.models import PublishedAnswer
from portal.frameworks.rounds.models import (
    LateDoor,
    Round,
    RoundCategory,
    RoundExtension,
    RoundNotice,
)
from portal.frameworks.rounds.reopening import Reopening, is_checked, reopening
from portal.frameworks.rounds.rules import RoundState, openable_from
from portal.kernel.errors import NotFound
from portal.kernel.keyset import Page, page_of
from portal.kernel.local_time import local_date

_WHOLE = (
    joinedload(Round.framework).options(
        selectinload(Framework.councils).joinedload(FrameworkCouncil.council)
    ),
    selectinload(Round.categories).joinedload(RoundCategory.category).joinedload(Category.lot),
)


def get_round(session: Session, round_id: UUID) -> Round:
    """A round with its framework, councils and categories. Raises NotFound."""
    found = session.scalars(select(Round).where(Round.id == round_id).options(*_WHOLE)).first()
    if found is None:
        raise NotFound
    return found


def led_round(session: Session, round_id: UUID, council_id: UUID) -> Round:
    """A round of a framework that this council leads, whole. Raises NotFound."""
    found = get_round(session, round_id)
    if found.lead_council_id != council_id:
        raise NotFound
    return found


def locked_round(session: Session, round_id: UUID, lead_council_id: UUID | None) -> Round:
    """A lead council's round as it stands now, kept from other writers. Raises NotFound."""
    found = session.scalars(
        select(Round)
        .where(Round.id == round_id, Round.lead_council_id == lead_council_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise NotFound
    return found


def standing_as(state: RoundState, at: datetime) -> ColumnElement[bool]:
    """The rounds that are in a state at a moment: ``rules.state`` said in SQL."""
    recorded = (
        (Round.cancelled_at, RoundState.CANCELLED),
        (Round.concluded_at, RoundState.CONCLUDED),
        (Round.standstill_until, RoundState.STANDSTILL),
        (Round.decided_at, RoundState.DECIDED),
        (Round.moderated_at, RoundState.MODERATED),
        (Round.evaluating_at, RoundState.EVALUATING),
        (Round.opened_at, RoundState.OPENED),
    )
    later: list[ColumnElement[bool]] = []
    for column, led_to in recorded:
        if led_to is state:
            return and_(column.is_not(None), *later)
        later.append(column.is_(None))
    by_the_clock = {
        RoundState.DRAFT: Round.announced_at.is_(None),
        RoundState.ANNOUNCED: and_(Round.announced_at.is_not(None), Round.opens_at > at),
        RoundState.OPEN: and_(
            Round.announced_at.is_not(None), Round.opens_at <= at, Round.closes_at > at
        ),
        RoundState.CLOSED: and_(Round.announced_at.is_not(None), Round.closes_at <= at),
    }
    return and_(by_the_clock[state], *later)


def rounds_of(
    session: Session,
    council_id: UUID,
    *,
    states: Sequence[RoundState],
    framework_id: UUID | None,
    at: datetime,
    cursor: str | None,
) -> Page[Round]:
    """The rounds of the frameworks that a council takes part in, the last to close first."""
    own = select(FrameworkCouncil.framework_id).where(FrameworkCouncil.council_id == council_id)
    statement = _listed(states, at).where(Round.framework_id.in_(own))
    if framework_id is not None:
        statement = statement.where(Round.framework_id == framework_id)
    return page_of(session, statement, Round.closes_at, Round.id, cursor=cursor, descending=True)


def announced_rounds(
    session: Session,
    *,
    states: Sequence[RoundState],
    council_id: UUID | None,
    at: datetime,
    cursor: str | None,
) -> Page[Round]:
    """Every council's announced rounds in these states, the first to close first."""
    statement = _listed(states, at).where(Round.announced_at.is_not(None))
    if council_id is not None:
        buys = select(FrameworkCouncil.framework_id).where(
            FrameworkCouncil.council_id == council_id
        )
        statement = statement.where(Round.framework_id.in_(buys))
    return page_of(session, statement, Round.closes_at, Round.id, cursor=cursor)


def _listed(states: Sequence[RoundState], at: datetime) -> Select[Round]:
    statement = select(Round).options(*_WHOLE)
    if states:
        statement = statement.where(or_(*(standing_as(state, at) for state in states)))
    return statement


def notices(session: Session, round_id: UUID) -> Sequence[RoundNotice]:
    """What everybody was told of a round, the newest first."""
    return session.scalars(
        select(RoundNotice)
        .where(RoundNotice.round_id == round_id)
        .order_by(RoundNotice.at.desc(), RoundNotice.id.desc())
    ).all()


def answers(session: Session, round_id: UUID) -> Sequence[PublishedAnswer]:
    """The questions about a round that were answered for everybody, the newest first."""
    return session.scalars(
        select(PublishedAnswer)
        .where(PublishedAnswer.round_id == round_id)
        .order_by(PublishedAnswer.published_at.desc(), PublishedAnswer.id.desc())
    ).all()


def extensions(session: Session, round_id: UUID) -> Sequence[RoundExtension]:
    """The later closings asked for, agreed or refused, the newest first."""
    return session.scalars(
        select(RoundExtension)
        .where(RoundExtension.round_id == round_id)
        .order_by(RoundExtension.asked_at.desc(), RoundExtension.id.desc())
    ).all()


def waiting_extension(session: Session, round_id: UUID) -> RoundExtension | None:
    """The later closing that waits for a second person."""
    return session.scalars(
        select(RoundExtension)
        .where(
            RoundExtension.round_id == round_id,
            RoundExtension.agreed_at.is_(None),
            RoundExtension.refused_at.is_(None),
        )
        .execution_options(populate_existing=True)
    ).first()


def late_doors(session: Session, round_id: UUID) -> Sequence[LateDoor]:
    """Every provider that somebody asked to let in late; a provider sees its own alone."""
    return session.scalars(
        select(LateDoor)
        .where(LateDoor.round_id == round_id)
        .order_by(LateDoor.asked_at.desc(), LateDoor.id.desc())
    ).all()


def late_door(session: Session, round_id: UUID, provider_id: UUID) -> LateDoor | None:
    """The late door that two people agreed for a provider; it may be used before ``until``."""
    return session.scalars(
        select(LateDoor).where(
            LateDoor.round_id == round_id,
            LateDoor.provider_id == provider_id,
            LateDoor.agreed_at.is_not(None),
        )
    ).first()


def bids_openable_from(session: Session, round_: Round) -> datetime:
    """From when a round's bids may be opened: after closing and its last agreed late door."""
    until = session.scalars(
        select(LateDoor.until).where(
            LateDoor.round_id == round_.id, LateDoor.agreed_at.is_not(None)
        )
    ).all()
    return openable_from(round_.closes_at, until)


def reopenings(session: Session, council_id: UUID) -> list[tuple[Framework, Reopening]]:
    """When the law wants the next award of each open framework that a council leads, by title.

    A round counts as a reopening when it opened after the framework began; the one that awarded
    the framework opened before. What is light touch, or bought before the Act, is left out.
    """
    frameworks = session.scalars(
        select(Framework)
        .where(Framework.lead_council_id == council_id, Framework.open_framework)
        .order_by(Framework.title, Framework.id)
    ).all()
    checked = [
        one
        for one in frameworks
        if is_checked(one.regime, open_framework=True, light_touch=one.light_touch)
    ]
    if not checked:
        return []
    concluded = session.execute(
        select(Round.framework_id, Round.opens_at, Round.concluded_at)
        .where(Round.lead_council_id == council_id, Round.concluded_at.is_not(None))
        .order_by(Round.concluded_at, Round.id)
    ).all()
    return [
        (
            framework,
            reopening(
                framework.starts_on,
                [
                    local_date(ended)
                    for framework_id, opened, ended in concluded
                    if framework_id == framework.id
                    and ended is not None
                    and local_date(opened) > framework.starts_on
                ],
            ),
        )
        for framework in checked
    ]
