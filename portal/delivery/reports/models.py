"""Termly reports: the provider's draft, each submission with the council's decision, files."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    and_,
    or_,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.agreements.models import Agreement, assigned_on, with_parties
from portal.delivery.reports.rules import ReportState
from portal.delivery.terms.models import SchoolTerm
from portal.kernel.columns import Instant, one_of
from portal.kernel.files import StoredFile
from portal.kernel.ids import new_id
from portal.kernel.tenancy import Base, Looker, Rule, column

_OF_AGREEMENT = assigned_on("agreement_id")


def _own_draft(entity: Any, looker: Looker) -> ColumnElement[bool]:
    """The provider, a mentor for their own agreements: a council reads what was submitted."""
    return and_(column(entity, "provider_id") == looker.organisation, _OF_AGREEMENT(entity, looker))


def _own_or_sent(entity: Any, looker: Looker) -> ColumnElement[bool]:
    """The provider; the council once it was submitted."""
    return and_(
        _OF_AGREEMENT(entity, looker),
        or_(
            column(entity, "provider_id") == looker.organisation,
            column(entity, "sent_at").is_not(None),
        ),
    )


class TermlyReport(Base):
    """An agreement's report for one term: where it stands, and nothing of what it says.

    ``returned_on`` is the London day on which the council last gave it back.
    """

    __tablename__ = "termly_report"
    __seen_by__ = Rule(_OF_AGREEMENT, writers=("council_id", "provider_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    agreement_id: Mapped[UUID]
    council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    term_id: Mapped[UUID]
    state: Mapped[ReportState] = mapped_column(one_of(ReportState, "report_state"))
    returned_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    agreement: Mapped[Agreement] = relationship(viewonly=True)
    term: Mapped[SchoolTerm] = relationship(viewonly=True)

    __table_args__ = (
        with_parties(),
        ForeignKeyConstraint(
            ["term_id", "council_id"], ["school_term.id", "school_term.council_id"]
        ),
        UniqueConstraint("agreement_id", "term_id", name="one_report_of_a_term"),
        UniqueConstraint(
            "id", "agreement_id", "council_id", "provider_id", name="report_with_its_parties"
        ),
        Index("ix_termly_report_council_id", "council_id", "state"),
        Index("ix_termly_report_provider_id", "provider_id", "state"),
    )


def _of_its_report() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["report_id", "agreement_id", "council_id", "provider_id"],
        [
            "termly_report.id",
            "termly_report.agreement_id",
            "termly_report.council_id",
            "termly_report.provider_id",
        ],
    )


class ReportDraft(Base):
    """What is written of a report and not submitted yet; ``scores`` are by indicator."""

    __tablename__ = "report_draft"
    __seen_by__ = Rule(_own_draft, writers=("provider_id",))

    report_id: Mapped[UUID] = mapped_column(primary_key=True)
    agreement_id: Mapped[UUID]
    council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    activity: Mapped[str] = mapped_column(Text(), default="")
    progress: Mapped[str] = mapped_column(Text(), default="")
    plans: Mapped[str] = mapped_column(Text(), default="")
    scores: Mapped[dict[str, int]] = mapped_column(JSON(), default=dict)
    saved_by_name: Mapped[str] = mapped_column(String(200))
    saved_at: Mapped[datetime] = mapped_column(Instant())
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (_of_its_report(),)


class ReportSubmission(Base):
    """A report as it was submitted, with its counts as they stood, and what the council decided.

    One that was given back stays beside the next.
    """

    __tablename__ = "report_submission"
    __seen_by__ = Rule(_OF_AGREEMENT, writers=("council_id", "provider_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    report_id: Mapped[UUID]
    agreement_id: Mapped[UUID]
    council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    number: Mapped[int]
    activity: Mapped[str] = mapped_column(Text())
    progress: Mapped[str] = mapped_column(Text())
    plans: Mapped[str] = mapped_column(Text())
    scores: Mapped[dict[str, int]] = mapped_column(JSON())
    sessions: Mapped[int]
    interactions: Mapped[int]
    minutes: Mapped[int]
    not_attended: Mapped[int]
    cancelled: Mapped[int]
    nights: Mapped[int]
    nights_absent: Mapped[int]
    submitted_by_name: Mapped[str] = mapped_column(String(200))
    submitted_at: Mapped[datetime] = mapped_column(Instant())
    accepted: Mapped[bool | None]
    because: Mapped[str] = mapped_column(Text(), default="")
    decided_by_name: Mapped[str | None] = mapped_column(String(200))
    decided_at: Mapped[datetime | None] = mapped_column(Instant())

    __table_args__ = (
        _of_its_report(),
        UniqueConstraint("report_id", "number", name="one_report_submission_of_a_number"),
        CheckConstraint(
            "(accepted IS NULL) = (decided_at IS NULL)", name="report_decided_at_a_time"
        ),
        CheckConstraint(
            "accepted IS NULL OR accepted OR because <> ''", name="report_returned_with_reasons"
        ),
    )


class ReportFile(Base):
    """A file that shows what a report says; the council sees it once it was submitted."""

    __tablename__ = "report_file"
    __seen_by__ = Rule(_own_or_sent, writers=("provider_id",))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    report_id: Mapped[UUID]
    agreement_id: Mapped[UUID]
    council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    file_id: Mapped[UUID]
    added_by_name: Mapped[str] = mapped_column(String(200))
    added_at: Mapped[datetime] = mapped_column(Instant())
    sent_at: Mapped[datetime | None] = mapped_column(Instant())

    file: Mapped[StoredFile] = relationship(viewonly=True)

    __table_args__ = (
        _of_its_report(),
        ForeignKeyConstraint(
            ["file_id", "provider_id"], ["stored_file.id", "stored_file.provider_id"]
        ),
        UniqueConstraint("file_id", name="a_file_of_one_report"),
        Index("ix_report_file_report_id", "report_id"),
    )
