"""Who is told of a safeguarding concern, and again each hour until somebody acknowledges it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.delivery.concerns.models import Concern
from portal.delivery.concerns.queries import leads, waiting
from portal.delivery.concerns.rules import ASKED_AGAIN_AFTER
from portal.identity.permissions import Permission
from portal.kernel.jobs import Work, enqueue, job
from portal.kernel.wording import say_datetime
from portal.notices.actions import tell
from portal.notices.rules import NoticeKind

REACH = "delivery:concern:reach"


@job(REACH)
def reach(work: Work, *, concern_id: str) -> None:
    """Tell the designated leads; from the second time on, everybody who may handle concerns."""
    session, concern = work.session, waiting(work.session, UUID(concern_id))
    if concern is None:
        return
    hours = (work.at - concern.at) // ASKED_AGAIN_AFTER
    about = f"agreement {concern.agreement.reference}"
    if hours:
        since = say_datetime(concern.at)
        tell_handlers(
            session,
            concern,
            f"Nobody has acknowledged the safeguarding concern on {about} since {since}.",
            key=f"concern {concern.id.hex} waits {hours}",
            at=work.at,
        )
    else:
        for lead in leads(session, concern.council_id):
            _tell(
                session,
                concern,
                f"A safeguarding concern was raised on {about}.",
                council=True,
                person_id=lead.person_id,
                key=f"concern {concern.id.hex} raised",
                at=work.at,
            )
    enqueue(
        session,
        REACH,
        at=work.at,
        run_at=work.at + ASKED_AGAIN_AFTER,
        arguments={"concern_id": concern_id},
    )


def tell_handlers(
    session: Session, concern: Concern, sentence: str, *, at: datetime, key: str | None = None
) -> None:
    """Tell everybody of the council who may handle concerns."""
    _tell(
        session,
        concern,
        sentence,
        council=True,
        permission=Permission.CONCERN_HANDLE,
        key=key,
        at=at,
    )


def tell_raiser(session: Session, concern: Concern, sentence: str, *, at: datetime) -> None:
    """Tell whoever raised it, as whom they raised it."""
    council = concern.from_council
    _tell(session, concern, sentence, council=council, person_id=concern.by_person_id, at=at)


def _tell(
    session: Session,
    concern: Concern,
    sentence: str,
    *,
    council: bool,
    person_id: UUID | None = None,
    permission: Permission | None = None,
    key: str | None = None,
    at: datetime,
) -> None:
    tell(
        session,
        NoticeKind.CONCERN,
        sentence=sentence,
        endpoint="concerns.show",
        values={"concern_id": concern.id},
        organisation_id=concern.council_id if council else concern.provider_id,
        person_id=person_id,
        permission=permission,
        key=key,
        at=at,
    )
