"""Reports over many agreements: a list of them, and those that wait or are late.

A report that nobody began has no row: it follows from the agreement and the council's terms.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from portal.agreements.models import Agreement
from portal.delivery.reports.models import TermlyReport
from portal.delivery.reports.rules import WITH_THE_PROVIDER, ReportState
from portal.delivery.terms.models import SchoolTerm
from portal.delivery.terms.queries import within_of
from portal.delivery.terms.rules import report_due
from portal.kernel.keyset import Page, page_of
from portal.kernel.working_days import Deadline


@dataclass(frozen=True, slots=True)
class Owed:
    """One report that an agreement owes for a term; no state before somebody began it."""

    agreement: Agreement
    term: SchoolTerm
    state: ReportState | None
    due: Deadline

    @property
    def with_provider(self) -> bool:
        """Whether the provider has it to write."""
        return self.state is None or self.state in WITH_THE_PROVIDER


def _owed() -> Select[*tuple[Any, ...]]:
    """(agreement, term, report or None) for every term in which an agreement ran on some day."""
    return (
        select(Agreement, SchoolTerm, TermlyReport)
        .join(
            SchoolTerm,
            and_(
                SchoolTerm.council_id == Agreement.council_id,
                SchoolTerm.last_day >= Agreement.starts_on,
                or_(Agreement.ends_on.is_(None), SchoolTerm.first_day <= Agreement.ends_on),
            ),
        )
        .outerjoin(
            TermlyReport,
            and_(TermlyReport.agreement_id == Agreement.id, TermlyReport.term_id == SchoolTerm.id),
        )
    )


_TO_WRITE = or_(TermlyReport.id.is_(None), TermlyReport.state.in_(WITH_THE_PROVIDER))


def _with_due(session: Session, rows: Sequence[tuple[Any, ...]]) -> list[Owed]:
    if not rows:
        return []
    within = within_of(session, {agreement.council_id for agreement, _, _ in rows})
    return [
        Owed(
            agreement,
            term,
            report.state if report else None,
            report_due(
                term.last_day,
                within[agreement.council_id],
                returned_on=report.returned_on if report else None,
            ),
        )
        for agreement, term, report in rows
    ]


def page_of_reports(
    session: Session,
    organisation_id: UUID,
    *,
    council: bool,
    state: str | None,
    term_id: UUID | None,
    today: date,
    cursor: str | None,
) -> Page[Owed]:
    """A page of an organisation's reports of terms that have begun, the oldest term first.

    ``state`` is a state of a report, "to-write" for all that the provider has, None for every
    one. Three queries.
    """
    own = Agreement.council_id if council else Agreement.provider_id
    statement = (
        _owed()
        .where(
            own == organisation_id,
            SchoolTerm.first_day <= today,
        )
        .options(joinedload(Agreement.council), joinedload(Agreement.provider))
    )
    if state == "to-write":
        statement = statement.where(_TO_WRITE)
    elif state is not None:
        statement = statement.where(TermlyReport.state == ReportState(state))
    if term_id is not None:
        statement = statement.where(SchoolTerm.id == term_id)
    page: Page[Any] = page_of(
        session,
        statement,
        SchoolTerm.last_day,
        Agreement.reference,
        Agreement.id,
        cursor=cursor,
    )
    return Page(_with_due(session, page.rows), page.before, page.after)


def terms_with_reports(session: Session, today: date) -> Sequence[SchoolTerm]:
    """The terms that have begun, of the council itself or of those a provider works for."""
    return session.scalars(
        select(SchoolTerm)
        .where(SchoolTerm.first_day <= today)
        .options(joinedload(SchoolTerm.council))
        .order_by(SchoolTerm.first_day.desc(), SchoolTerm.id)
    ).all()


def to_write(
    session: Session, provider_id: UUID, today: date, *, limit: int | None = None
) -> list[Owed]:
    """The reports of ended terms that a provider has to write, the oldest first. Two queries."""
    rows = session.execute(
        _owed()
        .where(Agreement.provider_id == provider_id, SchoolTerm.last_day <= today, _TO_WRITE)
        .order_by(SchoolTerm.last_day, Agreement.reference, Agreement.id)
        .limit(limit)
    ).all()
    return _with_due(session, [tuple(row) for row in rows])


def to_decide(session: Session, council_id: UUID, *, limit: int | None = None) -> list[Owed]:
    """The reports that wait for a council, the oldest first. Two queries."""
    rows = session.execute(
        _owed()
        .where(Agreement.council_id == council_id, TermlyReport.state == ReportState.SUBMITTED)
        .order_by(SchoolTerm.last_day, Agreement.reference, Agreement.id)
        .limit(limit)
    ).all()
    return _with_due(session, [tuple(row) for row in rows])


def late(
    session: Session,
    today: date,
    *,
    council_id: UUID | None = None,
    agreement_ids: Collection[UUID] | None = None,
) -> list[Owed]:
    """The reports that should have been submitted, of a council or of these agreements."""
    statement = _owed().where(SchoolTerm.last_day < today, _TO_WRITE)
    if council_id is not None:
        statement = statement.where(Agreement.council_id == council_id)
    if agreement_ids is not None:
        statement = statement.where(Agreement.id.in_(agreement_ids))
    rows = session.execute(
        statement.order_by(SchoolTerm.last_day, Agreement.reference, Agreement.id)
    ).all()
    owed = _with_due(session, [tuple(row) for row in rows])
    return [one for one in owed if one.due.due < today]


def reports_of(session: Session, agreement: Agreement, today: date) -> list[Owed]:
    """One agreement's reports of terms that have begun, the latest first. Two queries."""
    rows = session.execute(
        _owed()
        .where(Agreement.id == agreement.id, SchoolTerm.first_day <= today)
        .order_by(SchoolTerm.last_day.desc(), SchoolTerm.id)
    ).all()
    return _with_due(session, [tuple(row) for row in rows])
