"""Meetings of an organisation: which are due, to come and held, and what follows from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from portal.agreements.models import Agreement
from portal.delivery.meetings.models import Contribution, Meeting, MeetingAction
from portal.delivery.meetings.rules import MeetingKind, Side, Standing, Turn, standing
from portal.delivery.terms.models import SchoolTerm
from portal.frameworks.models import Framework
from portal.identity.models import Organisation
from portal.kernel.errors import NotFound
from portal.kernel.keyset import Page, page_of
from portal.kernel.wording import say_period
from portal.kernel.years import contract_year

A_YEAR = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Pair:
    """A council and a provider with an agreement under a framework that runs today."""

    council_id: UUID
    provider_id: UUID
    framework_id: UUID
    council: str
    provider: str
    framework: str
    framework_starts: date

    def code(self, *, council: bool) -> str:
        """The other party and the framework, as a form names them."""
        return f"{self.provider_id if council else self.council_id}_{self.framework_id}"

    def other(self, *, council: bool) -> str:
        """The name of the other party."""
        return self.provider if council else self.council


@dataclass(frozen=True, slots=True)
class Due:
    """The meeting of one kind that a pair holds in the turn that runs today."""

    pair: Pair
    kind: MeetingKind
    turn: Turn
    standing: Standing
    on: date | None


def pairs(session: Session, today: date) -> list[Pair]:
    """Everybody whom the organisation works with today, by name and framework. One query."""
    council, provider = aliased(Organisation), aliased(Organisation)
    found = session.execute(
        select(
            Agreement.council_id,
            Agreement.provider_id,
            Agreement.framework_id,
            council.name,
            provider.name,
            Framework.title,
            Framework.starts_on,
        )
        .join(council, council.id == Agreement.council_id)
        .join(provider, provider.id == Agreement.provider_id)
        .join(Framework, Framework.id == Agreement.framework_id)
        .where(
            Agreement.starts_on <= today,
            or_(Agreement.ends_on.is_(None), Agreement.ends_on >= today),
        )
        .distinct()
        .order_by(council.name, provider.name, Framework.title, Agreement.framework_id)
    )
    return [Pair(*row) for row in found]


def due(session: Session, known: Sequence[Pair], today: date) -> list[Due]:
    """What each pair has to hold in this term and this contract year. Two queries."""
    turns = _turns_of_terms(session, {pair.council_id for pair in known}, today)
    days: dict[tuple[UUID, UUID, UUID, MeetingKind], list[date]] = {}
    for council_id, provider_id, framework_id, kind, held_on in session.execute(
        select(
            Meeting.council_id,
            Meeting.provider_id,
            Meeting.framework_id,
            Meeting.kind,
            Meeting.held_on,
        )
        .where(Meeting.held_on >= today - A_YEAR)
        .order_by(Meeting.held_on, Meeting.id)
    ):
        days.setdefault((council_id, provider_id, framework_id, kind), []).append(held_on)
    found = []
    for pair in known:
        own = (pair.council_id, pair.provider_id, pair.framework_id)
        year = contract_year(pair.framework_starts, today)
        review = Turn(f"contract year {say_period(year.first, year.last)}", year.first, year.last)
        for kind, turn in (
            (MeetingKind.KEEP_IN_TOUCH, turns.get(pair.council_id)),
            (MeetingKind.FRAMEWORK_REVIEW, review),
        ):
            if turn is not None:
                stands, on = standing(turn, days.get((*own, kind), ()), today)
                found.append(Due(pair, kind, turn, stands, on))
    return found


def _turns_of_terms(session: Session, council_ids: set[UUID], today: date) -> dict[UUID, Turn]:
    """The term of each council that runs today; between two terms there is none."""
    found = session.scalars(
        select(SchoolTerm)
        .where(
            SchoolTerm.council_id.in_(council_ids),
            SchoolTerm.first_day <= today,
            SchoolTerm.last_day >= today,
        )
        .order_by(SchoolTerm.council_id)
    )
    return {one.council_id: Turn(one.name, one.first_day, one.last_day) for one in found}


def meetings(session: Session, organisation_id: UUID, *, cursor: str | None) -> Page[Meeting]:
    """An organisation's meetings, those to come first, then the latest."""
    statement = select(Meeting).options(
        joinedload(Meeting.council), joinedload(Meeting.provider), joinedload(Meeting.framework)
    )
    return page_of(
        session,
        statement,
        Meeting.held_on,
        Meeting.id,
        cursor=cursor,
        descending=True,
        among=[Meeting.council_id == organisation_id, Meeting.provider_id == organisation_id],
    )


def get_meeting(session: Session, meeting_id: UUID) -> Meeting:
    """A meeting with its parties and what follows from it. Raises NotFound."""
    found = session.scalars(
        select(Meeting)
        .where(Meeting.id == meeting_id)
        .options(
            joinedload(Meeting.council),
            joinedload(Meeting.provider),
            joinedload(Meeting.framework),
            selectinload(Meeting.actions),
        )
    ).first()
    if found is None:
        raise NotFound
    return found


def get_action(meeting: Meeting, todo_id: UUID) -> MeetingAction:
    """Something that follows from this meeting. Raises NotFound."""
    for one in meeting.actions:
        if one.id == todo_id:
            return one
    raise NotFound


def open_actions(
    session: Session, organisation_id: UUID, side: Side, *, limit: int
) -> Sequence[MeetingAction]:
    """What an organisation has still to do after its meetings, the first due first."""
    own = MeetingAction.council_id if side is Side.COUNCIL else MeetingAction.provider_id
    return session.scalars(
        select(MeetingAction)
        .where(own == organisation_id, MeetingAction.side == side, MeetingAction.done_on.is_(None))
        .order_by(MeetingAction.due_on, MeetingAction.id)
        .limit(limit)
    ).all()


def contributions(session: Session, agreement_id: UUID) -> Sequence[Contribution]:
    """What was contributed about the young person of an agreement, the latest first."""
    return session.scalars(
        select(Contribution)
        .where(Contribution.agreement_id == agreement_id)
        .order_by(Contribution.held_on.desc(), Contribution.id)
    ).all()


def get_contribution(session: Session, agreement_id: UUID, contribution_id: UUID) -> Contribution:
    """One of them. Raises NotFound."""
    found = session.scalars(
        select(Contribution).where(
            Contribution.id == contribution_id, Contribution.agreement_id == agreement_id
        )
    ).first()
    if found is None:
        raise NotFound
    return found
