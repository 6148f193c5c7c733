"""Reports, scores and contributions of agreements that were kept long enough (rules.md C2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from portal.delivery.meetings.models import Contribution
from portal.delivery.outcomes.models import Scoring
from portal.delivery.reports.models import ReportDraft, ReportFile, ReportSubmission
from portal.kernel.files import forget


def erase_reports(
    session: Session, agreement_ids: Sequence[UUID], *, words: str, name: str, at: datetime
) -> None:
    """Put these in the place of what was written and by whom; the files go, the figures stay.

    For the provider's session; the agreements' own erasure is the record of it.
    """
    written = {"activity": words, "progress": words, "plans": words}
    _set(session, ReportDraft, agreement_ids, **written, saved_by_name=name)
    _set(
        session,
        ReportSubmission,
        agreement_ids,
        **written,
        because=words,
        submitted_by_name=name,
        decided_by_name=name,
    )
    _set(session, Scoring, agreement_ids, scored_by_name=name)
    _set(session, Contribution, agreement_ids, words=words, kept_by_name=name)
    files = session.scalars(
        select(ReportFile)
        .where(ReportFile.agreement_id.in_(agreement_ids))
        .options(joinedload(ReportFile.file))
        .order_by(ReportFile.id)
    ).all()
    for one in files:
        session.delete(one)
    session.flush()
    for one in files:
        forget(session, one.file, at=at)


def _set(session: Session, model: Any, agreement_ids: Sequence[UUID], **values: Any) -> None:
    session.execute(
        update(model)
        .where(model.agreement_id.in_(agreement_ids))
        .values(values)
        .execution_options(synchronize_session=False)
    )
