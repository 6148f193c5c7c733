"""Drafting a termly report, its files, and submitting it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.actions import Actor, record
from portal.delivery.outcomes.actions import set_scores
from portal.delivery.reports.counting import counts
from portal.delivery.reports.events import Event, subject
from portal.delivery.reports.models import (
    ReportDraft,
    ReportFile,
    ReportSubmission,
    TermlyReport,
)
from portal.delivery.reports.queries import ReportPaper, locked_report
from portal.delivery.reports.rules import (
    TRANSITIONS,
    WITH_THE_PROVIDER,
    NotTheirs,
    ReportState,
    ReportStep,
    Written,
    check_complete,
)
from portal.delivery.reports.telling import tell_council
from portal.kernel.errors import DomainError, Stale
from portal.kernel.files import Examined, forget, keep
from portal.kernel.ids import new_id
from portal.kernel.local_time import local_date
from portal.kernel.transitions import next_state


class AlreadySent(DomainError):
    """The council has seen a file, so it stays."""

    sentence = "The council has this file already, so it cannot be taken out of the report."


def save_draft(
    session: Session,
    actor: Actor,
    paper: ReportPaper,
    written: Written,
    *,
    version: int,
    at: datetime,
) -> int:
    """Keep what is written, complete or not, and give the version of the draft.

    ``version`` is that of the draft the form was opened on, 0 where there was none. Saving what
    is kept already changes nothing. Raises NotTheirs while the council has it, Stale.
    """
    report = _theirs(session, paper)
    draft = session.get(ReportDraft, report.id, populate_existing=True)
    if version != (draft.version if draft else 0):
        raise Stale
    kept = {
        "activity": written.activity,
        "progress": written.progress,
        "plans": written.plans,
        "scores": {indicator.value: score for indicator, score in written.scores.items()},
    }
    if draft is None:
        draft = ReportDraft(report_id=report.id, **_parties(paper), version=1, **kept)
        session.add(draft)
    elif all(getattr(draft, name) == value for name, value in kept.items()):
        return draft.version
    else:
        for name, value in kept.items():
            setattr(draft, name, value)
        draft.version += 1
    draft.saved_by_name, draft.saved_at = actor.name, at
    session.flush()
    record(session, actor, Event.DRAFTED, subject(paper, report), at=at, version=draft.version)
    return draft.version


def add_files(
    session: Session, actor: Actor, paper: ReportPaper, files: Sequence[Examined], *, at: datetime
) -> None:
    """Put files with the report; the council sees them once it is submitted.

    Raises FileRefused, NotTheirs while the council has it.
    """
    report = _theirs(session, paper)
    agreement = paper.agreement
    for one in files:
        stored = keep(
            session,
            one,
            council_id=agreement.council_id,
            provider_id=agreement.provider_id,
            at=at,
        )
        session.add(
            ReportFile(
                report_id=report.id,
                **_parties(paper),
                file_id=stored.id,
                added_by_name=actor.name,
                added_at=at,
            )
        )
        session.flush()
    record(session, actor, Event.FILE_ADDED, subject(paper, report), at=at, files=len(files))


def remove_file(
    session: Session, actor: Actor, paper: ReportPaper, file: ReportFile, *, at: datetime
) -> None:
    """Take a file out again. Raises AlreadySent once the council has it, NotTheirs."""
    report = _theirs(session, paper)
    if file.sent_at is not None:
        raise AlreadySent
    stored = file.file
    session.delete(file)
    session.flush()
    forget(session, stored, at=at)
    record(session, actor, Event.FILE_REMOVED, subject(paper, report), at=at)


def submit(
    session: Session, actor: Actor, paper: ReportPaper, *, version: int, at: datetime
) -> ReportSubmission:
    """Give the report to the council as it is drafted, with its counts as they stand now.

    ``version`` is that of the draft that was read before. Raises NotComplete, TermNotOver,
    NotTheirs while the council has it, Stale.
    """
    report = _theirs(session, paper)
    draft = session.get(ReportDraft, report.id, populate_existing=True)
    if version != (draft.version if draft else 0):
        raise Stale
    written = paper.written
    check_complete(written, paper.term.last_day, local_date(at))
    report.state = next_state(TRANSITIONS, report.state, ReportStep.SUBMIT)
    report.version += 1
    agreement, term = paper.agreement, paper.term
    counted = asdict(counts(session, agreement.id, term.first_day, term.last_day))
    submission = ReportSubmission(
        id=new_id(),
        report_id=report.id,
        **_parties(paper),
        number=len(paper.submissions) + 1,
        activity=written.activity,
        progress=written.progress,
        plans=written.plans,
        scores={indicator.value: score for indicator, score in written.scores.items()},
        **counted,
        submitted_by_name=actor.name,
        submitted_at=at,
    )
    session.add(submission)
    for file in paper.files:
        file.sent_at = file.sent_at or at
    set_scores(session, actor, agreement, term.id, written.scores, at=at)
    record(
        session,
        actor,
        Event.SUBMITTED,
        subject(paper, report),
        at=at,
        number=submission.number,
        files=len(paper.files),
        **counted,
    )
    tell_council(
        session, paper, f"{agreement.reference}: the report for {term.name} is submitted", at=at
    )
    return submission


def _theirs(session: Session, paper: ReportPaper) -> TermlyReport:
    """The report, begun if it was not, as it stands now. Raises NotTheirs."""
    if paper.report is None:
        report = TermlyReport(
            id=new_id(), **_parties(paper), term_id=paper.term.id, state=ReportState.DRAFT
        )
        session.add(report)
        session.flush()
        return report
    report = locked_report(session, paper.report.id)
    if report.state not in WITH_THE_PROVIDER:
        raise NotTheirs
    return report


def _parties(paper: ReportPaper) -> dict[str, UUID]:
    agreement = paper.agreement
    return {
        "agreement_id": agreement.id,
        "council_id": agreement.council_id,
        "provider_id": agreement.provider_id,
    }
