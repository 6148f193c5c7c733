"""Deciding on a termly report, and taking it out as a file."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.audit.actions import Actor, record
from portal.delivery.reports.events import Event, subject
from portal.delivery.reports.queries import ReportPaper, locked_report
from portal.delivery.reports.rules import TRANSITIONS, ReportStep
from portal.delivery.reports.telling import tell_provider
from portal.kernel.errors import NotFound, Stale
from portal.kernel.local_time import local_date
from portal.kernel.transitions import next_state

SAID = {ReportStep.ACCEPT: "is accepted", ReportStep.RETURN: "is given back to be put right"}
EVENTS = {ReportStep.ACCEPT: Event.ACCEPTED, ReportStep.RETURN: Event.RETURNED}


def decide(
    session: Session,
    actor: Actor,
    paper: ReportPaper,
    step: ReportStep,
    *,
    because: str,
    number: int,
    at: datetime,
) -> None:
    """Accept a report, or give it back with reasons; the provider's people are told.

    ``number`` is that of the submission that was read. Raises NotFound for a report that was
    never submitted, Stale when another submission came, IllegalStep when it is decided.
    """
    if paper.report is None or paper.latest is None:
        raise NotFound
    report = locked_report(session, paper.report.id)
    submission = paper.latest
    if submission.number != number:
        raise Stale
    report.state = next_state(TRANSITIONS, report.state, step)
    report.version += 1
    if step is ReportStep.RETURN:
        report.returned_on = local_date(at)
    submission.accepted = step is ReportStep.ACCEPT
    submission.because = because
    submission.decided_by_name, submission.decided_at = actor.name, at
    session.flush()
    record(session, actor, EVENTS[step], subject(paper, report), at=at, number=number)
    agreement, term = paper.agreement, paper.term
    tell_provider(
        session, paper, f"{agreement.reference}: the report for {term.name} {SAID[step]}", at=at
    )


def exported(session: Session, actor: Actor, paper: ReportPaper, *, at: datetime) -> None:
    """Record that the report was taken out as a PDF (rules.md C8). Raises NotFound."""
    if paper.report is None or paper.latest is None:
        raise NotFound
    record(
        session,
        actor,
        Event.EXPORTED,
        subject(paper, paper.report),
        at=at,
        number=paper.latest.number,
    )
