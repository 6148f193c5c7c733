"""A provider is reminded 60, 30 and 7 days before its evidence lapses (design.md, Evidence)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from portal.evidence.models import Evidence
from portal.evidence.queries import COUNTS_UNTIL
from portal.evidence.rules import EVIDENCE_NAMES
from portal.identity.permissions import Permission
from portal.identity.rules import OrganisationKind
from portal.kernel.jobs import Work
from portal.kernel.local_time import local_date
from portal.kernel.wording import say_date
from portal.notices.actions import tell
from portal.notices.reminding import reminder
from portal.notices.rules import LAPSE_STEPS, NoticeKind, lapse_step


@reminder("evidence:remind", daily="06:30", of=OrganisationKind.PROVIDER)
def remind(work: Work) -> None:
    """Tell the administrators and the bids team of each kind that lapses soon, once a step."""
    today, provider_id = local_date(work.at), work.scope.organisation_id
    assert provider_id is not None
    until = func.max(COUNTS_UNTIL)
    with work.reading() as session:
        lapsing = session.execute(
            select(Evidence.kind, until)
            .where(Evidence.provider_id == provider_id)
            .group_by(Evidence.kind)
            .having(until >= today, until <= today + timedelta(days=max(LAPSE_STEPS)))
            .order_by(until, Evidence.kind)
        ).all()
    for kind, last in lapsing:
        tell(
            work.session,
            NoticeKind.EVIDENCE_EXPIRING,
            sentence=f"{EVIDENCE_NAMES[kind]} lapses after {say_date(last)}",
            endpoint="evidence.index",
            organisation_id=provider_id,
            permission=Permission.EVIDENCE_SEND,
            at=work.at,
            key=f"{kind.value} {last} {lapse_step((last - today).days)}",
        )
