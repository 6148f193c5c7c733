"""Telling those whom an opening concerns: the other opener, the councils, and who applied."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.frameworks.models import FrameworkCouncil
from portal.frameworks.rounds.models import Round, RoundOpener
from portal.frameworks.rounds.telling import tell_applicants
from portal.identity.permissions import Permission
from portal.kernel.wording import say_datetime
from portal.notices.actions import tell
from portal.notices.rules import NoticeKind


def tell_second(
    session: Session, round_: Round, given: str, waited_for: Sequence[RoundOpener], *, at: datetime
) -> None:
    """Tell the other person that the first, whose name is ``given``, gave their share."""
    for one in waited_for:
        tell(
            session,
            NoticeKind.ROUND_RUN,
            sentence=f"{given} gave their share to open {round_.title}. It opens with yours",
            endpoint="opening.show",
            values={"round_id": round_.id},
            organisation_id=one.council_id,
            person_id=one.person_id,
            at=at,
        )


def tell_opened(session: Session, round_: Round, *, at: datetime) -> None:
    """Tell the framework's councils, and every provider that applied."""
    sentence = f"The bids of {round_.title} were opened on {say_datetime(at)}"
    councils = session.scalars(
        select(FrameworkCouncil.council_id)
        .where(FrameworkCouncil.framework_id == round_.framework_id)
        .order_by(FrameworkCouncil.council_id)
    )
    for council_id in councils.all():
        tell(
            session,
            NoticeKind.ROUND_RUN,
            sentence=sentence,
            endpoint="rounds.show",
            values={"round_id": round_.id},
            organisation_id=council_id,
            permission=Permission.ROUND_RUN,
            at=at,
        )
    tell_applicants(session, round_, sentence, at=at)
