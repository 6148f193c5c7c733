"""School terms, scores, termly reports, meetings and contributions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.agreements.models import Agreement
from portal.delivery.meetings.models import Contribution, Meeting, MeetingAction
from portal.delivery.meetings.rules import ContributionKind, Manner, MeetingKind, Side
from portal.delivery.outcomes.models import OutcomeScore, Scoring
from portal.delivery.outcomes.rules import Indicator
from portal.delivery.reports.models import (
    ReportDraft,
    ReportFile,
    ReportSubmission,
    TermlyReport,
)
from portal.delivery.reports.rules import ReportState
from portal.delivery.terms.models import ReportSetting, SchoolTerm
from portal.identity.models import Organisation
from portal.kernel.ids import new_id
from tests.makers.files import make_stored_file
from tests.makers.rows import add

AT = datetime(2026, 4, 20, 9, tzinfo=UTC)
SCORES = {Indicator.RESILIENCE: 3, Indicator.EDUCATION: 4}


def make_term(
    session: Session,
    *,
    council: Organisation,
    name: str = "Spring term 2026",
    first_day: date = date(2026, 1, 5),
    last_day: date = date(2026, 3, 27),
) -> SchoolTerm:
    """A school term of a council."""
    return add(
        session,
        SchoolTerm(council_id=council.id, name=name, first_day=first_day, last_day=last_day),
    )


def make_scoring(
    session: Session,
    *,
    agreement: Agreement,
    term: SchoolTerm | None = None,
    scores: Mapping[Indicator, int] = SCORES,
    at: datetime = AT,
) -> Scoring:
    """Scores at the start, or of a term."""
    parties = _parties(agreement)
    scoring = add(
        session,
        Scoring(
            **parties,
            term_id=term.id if term else None,
            scored_by_name="Mo Mentor",
            scored_at=at,
        ),
    )
    for indicator, score in scores.items():
        row = OutcomeScore(scoring_id=scoring.id, indicator=indicator, score=score, **parties)
        add(session, row)
    return scoring


def make_report(
    session: Session,
    *,
    agreement: Agreement,
    term: SchoolTerm,
    state: ReportState = ReportState.DRAFT,
    returned_on: date | None = None,
    activity: str = "We met each week.",
) -> TermlyReport:
    """A report with its draft; with its submission where the state says that it was submitted."""
    parties = _parties(agreement)
    report = add(
        session,
        TermlyReport(id=new_id(), **parties, term_id=term.id, state=state, returned_on=returned_on),
    )
    add(
        session,
        ReportDraft(
            report_id=report.id,
            **parties,
            activity=activity,
            progress="More at ease.",
            plans="",
            scores={indicator.value: score for indicator, score in SCORES.items()},
            saved_by_name="Mo Mentor",
            saved_at=AT,
        ),
    )
    if state is not ReportState.DRAFT:
        accepted = {ReportState.ACCEPTED: True, ReportState.RETURNED: False}.get(state)
        add(
            session,
            ReportSubmission(
                report_id=report.id,
                **parties,
                number=1,
                activity=activity,
                progress="More at ease.",
                plans="",
                scores={indicator.value: score for indicator, score in SCORES.items()},
                sessions=5,
                interactions=5,
                minutes=600,
                not_attended=1,
                cancelled=0,
                nights=0,
                nights_absent=0,
                submitted_by_name="Mo Mentor",
                submitted_at=AT,
                accepted=accepted,
                because="Say more of school." if accepted is False else "",
                decided_by_name=None if accepted is None else "Vic School",
                decided_at=None if accepted is None else AT,
            ),
        )
    return report


def make_report_file(
    session: Session, *, report: TermlyReport, sent_at: datetime | None = None
) -> ReportFile:
    """A file of a report, seen by the council once it was sent."""
    council, provider = report.agreement.council, report.agreement.provider
    stored = make_stored_file(session, council=council, provider=provider, name="Letter.pdf")
    return add(
        session,
        ReportFile(
            report_id=report.id,
            agreement_id=report.agreement_id,
            council_id=report.council_id,
            provider_id=report.provider_id,
            file_id=stored.id,
            added_by_name="Mo Mentor",
            added_at=AT,
            sent_at=sent_at,
        ),
    )


def make_meeting(
    session: Session,
    *,
    agreement: Agreement,
    kind: MeetingKind = MeetingKind.KEEP_IN_TOUCH,
    held_on: date = date(2026, 2, 10),
    notes: str = "All is well.",
) -> Meeting:
    """A meeting of an agreement's council and provider."""
    return add(
        session,
        Meeting(
            id=new_id(),
            council_id=agreement.council_id,
            provider_id=agreement.provider_id,
            framework_id=agreement.framework_id,
            kind=kind,
            held_on=held_on,
            present="Vic School, Ada Admin",
            notes=notes,
            kept_by_name="Vic School",
            kept_at=AT,
        ),
    )


def make_meeting_action(
    session: Session, *, meeting: Meeting, side: Side = Side.PROVIDER
) -> MeetingAction:
    """Something still to be done after a meeting."""
    return add(
        session,
        MeetingAction(
            meeting_id=meeting.id,
            council_id=meeting.council_id,
            provider_id=meeting.provider_id,
            words="Send the training list",
            side=side,
            due_on=date(2026, 3, 2),
        ),
    )


def make_contribution(session: Session, *, agreement: Agreement) -> Contribution:
    """What was contributed to an education plan."""
    return add(
        session,
        Contribution(
            **_parties(agreement),
            kind=ContributionKind.PEP,
            manner=Manner.ATTENDED,
            held_on=date(2026, 2, 12),
            words="Spoke of attendance.",
            kept_by_name="Mo Mentor",
            kept_at=AT,
        ),
    )


@dataclass(frozen=True)
class TermWork:
    """What a council and a provider have of a term: a report, a meeting, a contribution."""

    term: SchoolTerm
    report: TermlyReport
    file: ReportFile
    meeting: Meeting
    todo: MeetingAction
    contribution: Contribution


def make_term_work(session: Session, *, agreement: Agreement, council: Organisation) -> TermWork:
    """All of it; the council's term is made once, however many providers it has."""
    term = session.query(SchoolTerm).filter_by(council_id=council.id).first()
    if term is None:
        term = make_term(session, council=council)
        add(session, ReportSetting(council_id=council.id))
    make_scoring(session, agreement=agreement)
    report = make_report(session, agreement=agreement, term=term, state=ReportState.SUBMITTED)
    meeting = make_meeting(session, agreement=agreement)
    return TermWork(
        term,
        report,
        make_report_file(session, report=report, sent_at=AT),
        meeting,
        make_meeting_action(session, meeting=meeting),
        make_contribution(session, agreement=agreement),
    )


def _parties(agreement: Agreement) -> dict[str, UUID]:
    return {
        "agreement_id": agreement.id,
        "council_id": agreement.council_id,
        "provider_id": agreement.provider_id,
    }
