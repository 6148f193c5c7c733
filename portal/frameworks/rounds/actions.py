"""Making a round, announcing it, telling everybody of it, cancelling it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.actions import Actor, record
from portal.frameworks.leading import led
from portal.frameworks.lots.queries import terms_of
from portal.frameworks.models import Category
from portal.frameworks.opening.queries import ready_to_announce
from portal.frameworks.questions.queries import lacking
from portal.frameworks.rounds.events import Event, about
from portal.frameworks.rounds.models import Round, RoundCategory
from portal.frameworks.rounds.queries import locked_round
from portal.frameworks.rounds.rules import Plan, Step, require, wrong_dates
from portal.frameworks.rounds.telling import publish_notice, tell_suppliers
from portal.frameworks.sealing.actions import make_round_key
from portal.kernel.errors import DomainError, NotFound, Stale
from portal.kernel.wording import say_datetime


class NotReady(DomainError):
    """The round cannot be announced yet; ``missing`` are sentences of what to do first."""

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(" ".join(missing))
        self.missing = missing


class WrongDates(DomainError):
    """A date of the round cannot be; ``wrong`` has a sentence under the name of each."""

    status = 422

    def __init__(self, wrong: dict[str, str]) -> None:
        super().__init__(". ".join(wrong.values()))
        self.wrong = wrong


class TitleTaken(DomainError):
    """The framework has another round of this title."""

    status = 422
    sentence = "This framework has a round of that title already. Choose another title"


def make_round(
    session: Session, actor: Actor, framework_id: UUID, plan: Plan, *, at: datetime
) -> Round:
    """Begin a round of a framework that the actor's council leads; nobody else sees it yet.

    Raises NotFound, NotTheLead, WrongDates, TitleTaken.
    """
    framework = led(session, actor, framework_id)
    if actor.person_id is None:
        raise NotFound
    _check(session, framework.id, plan, at=at)
    round_ = Round(
        framework_id=framework.id,
        lead_council_id=framework.lead_council_id,
        made_by_id=actor.person_id,
        title=plan.title,
        guidance=plan.guidance,
        opens_at=plan.opens_at,
        questions_until=plan.questions_until,
        advertised_closes_at=plan.closes_at,
        closes_at=plan.closes_at,
    )
    session.add(round_)
    session.flush()
    _take_bids_for(session, round_, plan.category_ids)
    record(session, actor, Event.MADE, about(round_), at=at)
    return round_


def change_round(
    session: Session, actor: Actor, round_id: UUID, plan: Plan, *, version: int, at: datetime
) -> Round:
    """Change a round that is not announced.

    Raises NotFound, IllegalStep, Stale, WrongDates, TitleTaken.
    """
    round_ = _unchanged(session, actor, round_id, version)
    require(round_, Step.EDIT, at)
    _check(session, round_.framework_id, plan, at=at, besides=round_.id)
    round_.title, round_.guidance = plan.title, plan.guidance
    round_.opens_at, round_.questions_until = plan.opens_at, plan.questions_until
    round_.advertised_closes_at = round_.closes_at = plan.closes_at
    _take_bids_for(session, round_, plan.category_ids)
    record(session, actor, Event.CHANGED, about(round_), at=at)
    return round_


def _unchanged(session: Session, actor: Actor, round_id: UUID, version: int) -> Round:
    """The round, if it is as it was when the actor's page was opened. Raises NotFound, Stale."""
    round_ = locked_round(session, round_id, actor.organisation_id)
    if round_.version != version:
        raise Stale
    return round_


def _check(
    session: Session,
    framework_id: UUID,
    plan: Plan,
    *,
    at: datetime,
    besides: UUID | None = None,
) -> None:
    wrong = wrong_dates(
        opens_at=plan.opens_at,
        questions_until=plan.questions_until,
        closes_at=plan.closes_at,
        at=at,
    )
    if wrong:
        raise WrongDates(wrong)
    others = select(Round.id).where(Round.framework_id == framework_id, Round.title == plan.title)
    if besides is not None:
        others = others.where(Round.id != besides)
    if session.scalars(others).first() is not None:
        raise TitleTaken


def _take_bids_for(session: Session, round_: Round, category_ids: Collection[UUID]) -> None:
    """Take bids for these categories of the framework, and for no others."""
    wanted = set(
        session.scalars(
            select(Category.id).where(
                Category.framework_id == round_.framework_id, Category.id.in_(category_ids)
            )
        )
    )
    kept = session.scalars(select(RoundCategory).where(RoundCategory.round_id == round_.id)).all()
    for one in kept:
        if one.category_id not in wanted:
            session.delete(one)
    for category_id in sorted(wanted - {one.category_id for one in kept}):
        session.add(
            RoundCategory(
                round_id=round_.id,
                category_id=category_id,
                framework_id=round_.framework_id,
                lead_council_id=round_.lead_council_id,
            )
        )
    session.flush()


def lacks(session: Session, round_: Round, *, at: datetime) -> list[str]:
    """What has to be done before a round can be announced, as sentences; nothing when ready."""
    missing = []
    try:
        terms = terms_of(session, round_.framework_id)
    except NotFound:
        terms = None
    if terms is None or terms.published_at is None:
        missing.append("Publish the framework, which fixes what applicants rely on.")
    lots = set(
        session.scalars(
            select(Category.lot_id)
            .join(RoundCategory, RoundCategory.category_id == Category.id)
            .where(RoundCategory.round_id == round_.id)
        )
    )
    if not lots:
        missing.append("Choose at least one category to take bids for.")
    if round_.opens_at < at:
        missing.append("Choose when the round opens: the moment that stands has passed.")
    if terms is not None:
        missing += lacking(session, round_)
    return [*missing, *ready_to_announce(session, round_)]


def announce(
    session: Session, actor: Actor, round_id: UUID, *, version: int, at: datetime
) -> Round:
    """Publish a round; its key is made and split, so that bids can be sealed from now on.

    Raises NotFound, IllegalStep, Stale, and NotReady with what has to be done first.
    """
    round_ = _unchanged(session, actor, round_id, version)
    require(round_, Step.ANNOUNCE, at)
    if missing := lacks(session, round_, at=at):
        raise NotReady(missing)
    round_.public_key = make_round_key(session, round_)
    round_.announced_at = at
    session.flush()
    record(session, actor, Event.ANNOUNCED, about(round_), at=at)
    tell_suppliers(
        session,
        round_,
        f"{round_.full_title} opens on {say_datetime(round_.opens_at)} and closes on "
        f"{say_datetime(round_.closes_at)}",
        at=at,
    )
    return round_


def cancel(
    session: Session, actor: Actor, round_id: UUID, *, reason: str, version: int, at: datetime
) -> Round:
    """End a round without places; once announced, everybody is told why.

    Raises NotFound, IllegalStep, Stale.
    """
    round_ = _unchanged(session, actor, round_id, version)
    require(round_, Step.CANCEL, at)
    round_.cancelled_at, round_.cancelled_because = at, reason
    session.flush()
    record(session, actor, Event.CANCELLED, about(round_), at=at)
    if round_.announced_at is not None:
        publish_notice(session, actor, round_, f"This round is cancelled. {reason}", at=at)
    return round_
