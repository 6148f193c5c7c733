"""Telling everybody of a round, and the providers that it concerns, without the council learning
who they are.

A job finds them and works for no organisation; the council's session only asks for it.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from portal.audit.actions import Actor, record
from portal.frameworks.applications.models import Application
from portal.frameworks.models import Place
from portal.frameworks.rounds.clarifications.models import Clarification
from portal.frameworks.rounds.events import Event, about
from portal.frameworks.rounds.models import LateDoor, Round, RoundNotice
from portal.frameworks.rounds.rules import Step, require
from portal.frameworks.rules import PlaceState
from portal.identity.permissions import Permission
from portal.kernel.jobs import Work, enqueue, job
from portal.kernel.tenancy import Task
from portal.notices.actions import tell
from portal.notices.rules import NoticeKind


def give_notice(
    session: Session, actor: Actor, round_: Round, sentence: str, *, at: datetime
) -> RoundNotice:
    """Publish a dated notice on the round's page, and tell every applicant of it.

    Raises IllegalStep before the round is announced, and after it is over.
    """
    require(round_, Step.TELL, at)
    notice = publish_notice(session, actor, round_, sentence, at=at)
    record(session, actor, Event.NOTICE_GIVEN, about(round_), at=at)
    return notice


def publish_notice(
    session: Session, actor: Actor, round_: Round, sentence: str, *, at: datetime
) -> RoundNotice:
    """The same as part of something that is recorded itself, in whatever state the round is."""
    notice = RoundNotice(
        round_id=round_.id,
        framework_id=round_.framework_id,
        lead_council_id=round_.lead_council_id,
        sentence=sentence,
        by_name=actor.name,
        at=at,
    )
    session.add(notice)
    session.flush()
    tell_applicants(session, round_, f"{round_.full_title}: {sentence}", at=at)
    return notice


def tell_applicants(session: Session, round_: Round, sentence: str, *, at: datetime) -> None:
    """Tell every provider that applies to a round, asked about it or may come late.

    ``sentence`` names no provider.
    """
    _enqueue(session, "rounds:tell-applicants", round_, sentence, at=at)


def tell_suppliers(session: Session, round_: Round, sentence: str, *, at: datetime) -> None:
    """Tell every provider with a place on the round's framework."""
    _enqueue(session, "rounds:tell-suppliers", round_, sentence, at=at)


def _enqueue(session: Session, job: str, round_: Round, sentence: str, *, at: datetime) -> None:
    enqueue(session, job, at=at, arguments={"round_id": round_.id.hex, "sentence": sentence})


@job("rounds:tell-applicants", scope=Task.ROUNDS)
def tell_each_applicant(work: Work, *, round_id: str, sentence: str) -> None:
    """Find the providers, and put the sentence before those of their people who write bids."""
    own = UUID(round_id)
    concerned = union(
        select(Application.provider_id).where(
            Application.round_id == own, Application.withdrawn_at.is_(None)
        ),
        select(Clarification.provider_id).where(Clarification.round_id == own),
        select(LateDoor.provider_id).where(
            LateDoor.round_id == own, LateDoor.agreed_at.is_not(None)
        ),
    ).subquery()
    providers = select(concerned.c.provider_id).order_by(concerned.c.provider_id)
    _tell_all(work, own, list(work.session.scalars(providers)), sentence)


@job("rounds:tell-suppliers", scope=Task.ROUNDS)
def tell_each_supplier(work: Work, *, round_id: str, sentence: str) -> None:
    """Find the providers with a place that has not ended, and tell them the same way."""
    round_ = work.session.get_one(Round, UUID(round_id))
    providers = (
        select(Place.provider_id)
        .where(Place.framework_id == round_.framework_id, Place.state != PlaceState.ENDED)
        .distinct()
        .order_by(Place.provider_id)
    )
    _tell_all(work, round_.id, list(work.session.scalars(providers)), sentence)


def _tell_all(work: Work, round_id: UUID, providers: list[UUID], sentence: str) -> None:
    for provider_id in providers:
        tell(
            work.session,
            NoticeKind.ROUND,
            sentence=sentence,
            endpoint="rounds.show",
            values={"round_id": round_id},
            organisation_id=provider_id,
            permission=Permission.APPLICATION_MAKE,
            at=work.at,
            key=f"{work.job.id.hex}",
        )


def tell_runners(
    session: Session,
    round_: Round,
    sentence: str,
    *,
    at: datetime,
    endpoint: str = "rounds.show",
    key: str | None = None,
) -> None:
    """Tell the lead council's people who run rounds; ``endpoint`` is a page of the round."""
    tell(
        session,
        NoticeKind.ROUND_RUN,
        sentence=sentence,
        endpoint=endpoint,
        values={"round_id": round_.id},
        organisation_id=round_.lead_council_id,
        permission=Permission.ROUND_RUN,
        at=at,
        key=key,
    )
