"""One report: what is counted, what is drafted, what was submitted and decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.agreements.models import Agreement
from portal.agreements.queries import get_agreement
from portal.delivery.outcomes.rules import Indicator
from portal.delivery.reports.models import (
    ReportDraft,
    ReportFile,
    ReportSubmission,
    TermlyReport,
)
from portal.delivery.reports.rules import (
    WITH_THE_PROVIDER,
    Counts,
    ReportState,
    Written,
    owes,
)
from portal.delivery.terms.models import SchoolTerm
from portal.delivery.terms.queries import get_term, within_of
from portal.delivery.terms.rules import report_due
from portal.kernel.errors import NotFound
from portal.kernel.working_days import Deadline


@dataclass(frozen=True, slots=True)
class ReportPaper:
    """An agreement's report for a term with all that belongs to it.

    ``report`` and ``draft`` are None before somebody began it; a council never has the draft.
    """

    agreement: Agreement
    term: SchoolTerm
    due: Deadline
    report: TermlyReport | None
    draft: ReportDraft | None
    submissions: Sequence[ReportSubmission]
    files: Sequence[ReportFile]

    @property
    def state(self) -> ReportState | None:
        """Where it stands; None before somebody began it."""
        return self.report.state if self.report else None

    @property
    def latest(self) -> ReportSubmission | None:
        """What was submitted last."""
        return self.submissions[0] if self.submissions else None

    @property
    def with_provider(self) -> bool:
        """Whether the provider has it to write."""
        return self.state is None or self.state in WITH_THE_PROVIDER

    @property
    def written(self) -> Written:
        """The draft as the rules ask it."""
        return written_in(self.draft) if self.draft else Written()

    def is_late(self, today: date) -> bool:
        """Whether the provider has it and should have submitted it."""
        return self.with_provider and self.due.due < today


def written_in(kept: ReportDraft | ReportSubmission) -> Written:
    """What a draft or a submission says, as the rules ask it."""
    scores = {Indicator(code): score for code, score in kept.scores.items()}
    return Written(kept.activity, kept.progress, kept.plans, scores)


def counts_in(kept: ReportSubmission) -> Counts:
    """What a submission counted."""
    return Counts(
        kept.sessions,
        kept.interactions,
        kept.minutes,
        kept.not_attended,
        kept.cancelled,
        kept.nights,
        kept.nights_absent,
    )


def get_paper(session: Session, agreement_id: UUID, term_id: UUID) -> ReportPaper:
    """Everything about a report. Raises NotFound where no report is owed."""
    agreement = get_agreement(session, agreement_id)
    term = get_term(session, term_id, agreement.council_id)
    if not owes(agreement.starts_on, agreement.ends_on, term.first_day, term.last_day):
        raise NotFound
    report = session.scalars(
        select(TermlyReport).where(
            TermlyReport.agreement_id == agreement_id, TermlyReport.term_id == term_id
        )
    ).first()
    within = within_of(session, [agreement.council_id])[agreement.council_id]
    return ReportPaper(
        agreement,
        term,
        report_due(term.last_day, within, returned_on=report.returned_on if report else None),
        report,
        session.get(ReportDraft, report.id) if report else None,
        _submissions(session, report.id) if report else (),
        _files(session, report.id) if report else (),
    )


def _submissions(session: Session, report_id: UUID) -> Sequence[ReportSubmission]:
    return session.scalars(
        select(ReportSubmission)
        .where(ReportSubmission.report_id == report_id)
        .order_by(ReportSubmission.number.desc())
    ).all()


def _files(session: Session, report_id: UUID) -> Sequence[ReportFile]:
    return session.scalars(
        select(ReportFile)
        .where(ReportFile.report_id == report_id)
        .options(joinedload(ReportFile.file))
        .order_by(ReportFile.added_at, ReportFile.id)
    ).all()


def get_file(paper: ReportPaper, report_file_id: UUID) -> ReportFile:
    """A file of this report. Raises NotFound."""
    for one in paper.files:
        if one.id == report_file_id:
            return one
    raise NotFound


def locked_report(session: Session, report_id: UUID) -> TermlyReport:
    """A report as it stands now, kept from other writers until the end."""
    return session.scalars(
        select(TermlyReport)
        .where(TermlyReport.id == report_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
