"""Applications, opened for their own provider: what they hold, and what is missing from them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from portal.evidence.queries import held_among, pieces_by_kind
from portal.evidence.rules import EvidenceKind
from portal.frameworks.applications import completeness, rules
from portal.frameworks.applications.draft import Draft
from portal.frameworks.applications.drafts import all_opened
from portal.frameworks.applications.models import (
    Application,
    ApplicationFile,
    DraftPart,
    Submission,
)
from portal.frameworks.evaluation.queries import passed_parts
from portal.frameworks.lots.models import Demand
from portal.frameworks.lots.queries import category_asks, changes_since, demands_for
from portal.frameworks.questions.queries import asked
from portal.frameworks.rounds.models import LateDoor, Round, RoundCategory
from portal.frameworks.rounds.queries import late_door
from portal.kernel.errors import NotFound
from portal.kernel.keyset import Page, page_of
from portal.kernel.money import ZERO


def content_of(session: Session, application: Application) -> dict[str, Any]:
    """What would be submitted now: {"categories", "answers" by version, "prices" in pence}."""
    return draft_of(session, application, date.min).content()


def missing(session: Session, application: Application, today: date) -> list[rules.Missing]:
    """Everything that keeps an application from being complete today; empty when it is."""
    return completeness.missing(draft_of(session, application, today), today)


def get_application(session: Session, provider_id: UUID, application_id: UUID) -> Application:
    """A provider's own application with its round and framework. Raises NotFound."""
    found = session.scalars(
        select(Application)
        .where(Application.id == application_id, Application.provider_id == provider_id)
        .options(joinedload(Application.round).joinedload(Round.framework))
    ).first()
    if found is None:
        raise NotFound
    return found


def application_to(session: Session, provider_id: UUID, round_id: UUID) -> Application | None:
    """A provider's application to a round, if it has begun one."""
    return session.scalars(
        select(Application).where(
            Application.round_id == round_id, Application.provider_id == provider_id
        )
    ).first()


def draft_of(session: Session, application: Application, today: date) -> Draft:
    """An application with everything that its pages follow from, however much that is.

    The number of statements does not grow with it.
    """
    round_ = application.round
    parts = all_opened(
        session.scalars(
            select(DraftPart)
            .where(DraftPart.application_id == application.id)
            .order_by(DraftPart.part)
        )
    )
    taken = set(
        session.scalars(
            select(RoundCategory.category_id).where(RoundCategory.round_id == round_.id)
        )
    )
    asks = [ask for ask in category_asks(session, round_.framework_id) if ask.category.id in taken]
    chosen = [ask for ask in asks if _bid_for(parts, ask.category.code)]
    lot_ids = {ask.category.lot_id for ask in chosen}
    demands = _strictest(demands_for(session, round_.framework_id, lot_ids))
    lent_by = _lent_by(session, application)
    pieces = pieces_by_kind(session, application.provider_id)
    return Draft(
        application=application,
        round=round_,
        framework=round_.framework,
        parts=parts,
        asks=asks,
        asked=asked(session, round_.id, lot_ids),
        demands=demands,
        held=held_among(pieces, {demand.kind for demand in demands}, today),
        pieces=pieces,
        files=_files(session, application.id),
        changes=changes_since(session, round_.framework_id, None),
        submitted=last_submission(session, application.id),
        late_until=late_until(session, round_.id, application.provider_id),
        lent_by=lent_by,
        passed=_passed(session, lent_by),
    )


def last_submission(session: Session, application_id: UUID) -> Submission | None:
    """The submission that counts: the newest."""
    return session.scalars(
        select(Submission)
        .where(Submission.application_id == application_id)
        .order_by(Submission.number.desc())
        .limit(1)
    ).first()


def submissions(session: Session, application_id: UUID) -> list[Submission]:
    """Everything that was received of an application, the newest first."""
    return list(
        session.scalars(
            select(Submission)
            .where(Submission.application_id == application_id)
            .order_by(Submission.number.desc())
        )
    )


def late_until(session: Session, round_id: UUID, provider_id: UUID) -> datetime | None:
    """Until when a provider's own late door is open, if two people have agreed to one."""
    door = late_door(session, round_id, provider_id)
    return None if door is None else door.until


def may_begin(session: Session, provider_id: UUID, round_: Round, *, at: datetime) -> bool:
    """Whether a provider may begin an application to a round at this time."""
    return rules.is_open(round_, late_until(session, round_.id, provider_id), at)


def locked_part(session: Session, application_id: UUID, part: str) -> DraftPart | None:
    """A part of a draft as it is now, held until the transaction ends."""
    return session.scalars(
        select(DraftPart)
        .where(DraftPart.application_id == application_id, DraftPart.part == part)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()


@dataclass(frozen=True, slots=True)
class Begun:
    """An application in a list, with how it stands."""

    application: Application
    standing: rules.Standing
    submitted: Submission | None
    until: datetime


def applications_of(
    session: Session, provider_id: UUID, *, at: datetime, cursor: str | None
) -> Page[Begun]:
    """A provider's applications, the round that closes last first."""
    page = page_of(
        session,
        select(Application)
        .join(Application.round)
        .where(Application.provider_id == provider_id)
        .options(contains_eager(Application.round).joinedload(Round.framework)),
        Round.closes_at,
        Application.id,
        cursor=cursor,
        descending=True,
    )
    return Page(begun(session, page.rows, at=at), page.before, page.after)


def begun(session: Session, applications: Iterable[Application], *, at: datetime) -> list[Begun]:
    """How applications stand, in three statements for all of them."""
    listed = list(applications)
    ids = [one.id for one in listed]
    submitted = {
        one.application_id: one
        for one in session.scalars(
            select(Submission).where(Submission.application_id.in_(ids)).order_by(Submission.number)
        )
    }
    changed = dict(
        session.execute(
            select(DraftPart.application_id, func.max(DraftPart.at))
            .where(DraftPart.application_id.in_(ids))
            .group_by(DraftPart.application_id)
        ).all()
    )
    doors = dict(
        session.execute(
            select(LateDoor.round_id, LateDoor.until).where(
                LateDoor.round_id.in_([one.round_id for one in listed]),
                LateDoor.provider_id.in_({one.provider_id for one in listed}),
                LateDoor.agreed_at.is_not(None),
            )
        ).all()
    )
    return [
        _begun(one, submitted.get(one.id), changed.get(one.id), doors.get(one.round_id), at)
        for one in listed
    ]


def _begun(
    application: Application,
    submitted: Submission | None,
    changed_at: datetime | None,
    late: datetime | None,
    at: datetime,
) -> Begun:
    return Begun(
        application,
        rules.standing(
            submitted_at=None if submitted is None else submitted.received_at,
            changed_at=changed_at,
            withdrawn=application.withdrawn_at is not None,
            cancelled=application.round.cancelled_at is not None,
            open_=rules.is_open(application.round, late, at),
        ),
        submitted,
        rules.writable_until(application.round, late),
    )


def _bid_for(parts: Any, code: str) -> bool:
    part = parts.get(rules.category_part(code))
    return part is not None and part.value is True


def _lent_by(session: Session, application: Application) -> Application | None:
    return session.scalars(
        select(Application)
        .where(Application.id == application.prefilled_from_id)
        .options(joinedload(Application.round))
    ).first()


def _passed(session: Session, lent_by: Application | None) -> frozenset[str] | None:
    """What need not be sent again, once the provider has been told what came of it."""
    if lent_by is None or lent_by.round.standstill_until is None:
        return None
    return passed_parts(session, lent_by.provider_id, lent_by.framework_id)


def _strictest(demands: Iterable[Demand]) -> list[Demand]:
    """Of demands for the same kind of evidence, the one for the highest cover."""
    strictest: dict[EvidenceKind, Demand] = {}
    for demand in demands:
        other = strictest.get(demand.kind)
        if other is None or (demand.least_cover or ZERO) > (other.least_cover or ZERO):
            strictest[demand.kind] = demand
    return list(strictest.values())


def _files(session: Session, application_id: UUID) -> dict[str, ApplicationFile]:
    found = session.scalars(
        select(ApplicationFile)
        .where(ApplicationFile.application_id == application_id)
        .options(joinedload(ApplicationFile.file))
        .order_by(ApplicationFile.id)
    )
    return {str(one.file_id): one for one in found}
