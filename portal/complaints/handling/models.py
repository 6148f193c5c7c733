"""What a council does about a complaint: its stages, pauses, people, points and promises.

What the sender is told of it they may read as a follower: the stages and the pauses. All else is
the council's own. No row of these is ever a provider's.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.complaints.handling.rules import (
    NO_DUE_DAY,
    Advocacy,
    Outcome,
    Part,
    PauseReason,
    StageState,
    WorksFor,
)
from portal.complaints.models import Complaint, council_or_follower
from portal.kernel.columns import Instant, one_of
from portal.kernel.ids import new_id
from portal.kernel.tenancy import Base, Task, parties

COUNCILS_OWN = parties("council_id", tasks=(Task.RETENTION,))


def of_a_complaint() -> ForeignKeyConstraint:
    """The complaint and its council, which cannot disagree."""
    return ForeignKeyConstraint(
        ["complaint_id", "council_id"], ["complaint.id", "complaint.council_id"]
    )


class Case(Base):
    """What a council keeps beside a complaint from the first time somebody works on it.

    ``due_on`` is the day of the clock that is due first, NO_DUE_DAY for none, and ``waits_for``
    says whom it waits for. ``happened_on`` lies more than a year back only with ``late_reason``
    (rules.md A7). ``held`` is the legal hold: nothing is removed while it is set.
    """

    __tablename__ = "complaint_case"
    __seen_by__ = COUNCILS_OWN

    complaint_id: Mapped[UUID] = mapped_column(primary_key=True)
    council_id: Mapped[UUID]
    stage: Mapped[int] = mapped_column(default=0)
    due_on: Mapped[date] = mapped_column(default=NO_DUE_DAY)
    paused: Mapped[bool] = mapped_column(default=False)
    triage_reason: Mapped[str] = mapped_column(Text(), default="")
    happened_on: Mapped[date | None]
    late_reason: Mapped[str] = mapped_column(Text(), default="")
    advocacy: Mapped[Advocacy] = mapped_column(
        one_of(Advocacy, "complaint_advocacy"), default=Advocacy.NOT_OFFERED
    )
    advocacy_on: Mapped[date | None]
    advocate: Mapped[str] = mapped_column(String(200), default="")
    ombudsman_on: Mapped[date | None]
    ombudsman_note: Mapped[str] = mapped_column(Text(), default="")
    closed_on: Mapped[date | None]
    held: Mapped[bool] = mapped_column(default=False)
    hold_reason: Mapped[str] = mapped_column(Text(), default="")

    complaint: Mapped[Complaint] = relationship(viewonly=True)

    __table_args__ = (
        of_a_complaint(),
        CheckConstraint("held = (hold_reason <> '')", name="a_hold_says_why"),
        Index("ix_complaint_case_council_id", "council_id", "due_on"),
        Index("ix_complaint_case_closed_on", "closed_on"),
    )


class CaseStage(Base):
    """One stage of a case and the days on which things happened in it."""

    __tablename__ = "complaint_stage"
    __seen_by__ = council_or_follower("complaint_id")

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    complaint_id: Mapped[UUID]
    council_id: Mapped[UUID]
    number: Mapped[int]
    state: Mapped[StageState] = mapped_column(one_of(StageState, "complaint_stage_state"))
    begun_on: Mapped[date]
    agreed_on: Mapped[date | None]
    acknowledged_on: Mapped[date | None]
    extended_to: Mapped[date | None]
    extension_reason: Mapped[str] = mapped_column(Text(), default="")
    met_on: Mapped[date | None]
    reported_on: Mapped[date | None]
    answered_on: Mapped[date | None]
    left_on: Mapped[date | None]
    answer: Mapped[str] = mapped_column(Text(), default="")
    answered_by_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    answered_by_name: Mapped[str] = mapped_column(String(200), default="")

    __table_args__ = (
        of_a_complaint(),
        UniqueConstraint("complaint_id", "number", name="one_stage_of_a_number"),
        CheckConstraint("number BETWEEN 1 AND 3", name="at_most_three_stages"),
        CheckConstraint(
            "(state = 'answered') = (answered_on IS NOT NULL)", name="answered_on_a_day"
        ),
        CheckConstraint(
            "answered_on IS NULL OR answered_by_person_id IS NOT NULL",
            name="answered_by_somebody",
        ),
        CheckConstraint(
            "(extended_to IS NULL) = (extension_reason = '')", name="an_extension_says_why"
        ),
        CheckConstraint("met_on >= begun_on", name="panel_meets_after_it_is_asked_for"),
        CheckConstraint("reported_on >= met_on", name="panel_reports_after_it_met"),
    )


class CasePause(Base):
    """Court or police action during which no clock of the case counts (rules.md A7)."""

    __tablename__ = "complaint_pause"
    __seen_by__ = council_or_follower("complaint_id")

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    complaint_id: Mapped[UUID]
    council_id: Mapped[UUID]
    reason: Mapped[PauseReason] = mapped_column(one_of(PauseReason, "complaint_pause_reason"))
    starts_on: Mapped[date]
    ended_on: Mapped[date | None]

    __table_args__ = (
        of_a_complaint(),
        CheckConstraint("ended_on >= starts_on", name="a_pause_ends_after_it_starts"),
        Index("ix_complaint_pause_complaint_id", "complaint_id", "starts_on"),
    )


class CasePerson(Base):
    """Somebody with a part in a case, also whom it is about. One person has one part, for good.

    That constraint keeps whom it is about from looking into it, and those of stage 2 from the
    panel, also after they have left. ``key`` is the account, or the name and organisation in a
    plain spelling. ``declared_on`` is when they said that nothing stands between them and the
    case; who named a conflict instead has ``left_on``.
    """

    __tablename__ = "complaint_person"
    __seen_by__ = COUNCILS_OWN

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    complaint_id: Mapped[UUID]
    council_id: Mapped[UUID]
    part: Mapped[Part] = mapped_column(one_of(Part, "complaint_part"))
    key: Mapped[str] = mapped_column(String(420))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(200))
    organisation: Mapped[str] = mapped_column(String(200), default="")
    works_for: Mapped[WorksFor] = mapped_column(one_of(WorksFor, "complaint_works_for"))
    added_on: Mapped[date]
    declared_on: Mapped[date | None]
    conflict: Mapped[str] = mapped_column(Text(), default="")
    left_on: Mapped[date | None]

    __table_args__ = (
        of_a_complaint(),
        UniqueConstraint("complaint_id", "key", name="one_person_has_one_part_in_a_case"),
        CheckConstraint(
            "part = 'subject' OR works_for <> 'provider'",
            name="nobody_of_the_provider_looks_into_it",
        ),
        CheckConstraint(
            "part NOT IN ('independent-person', 'panel-member') OR works_for = 'neither'",
            name="independent_of_both_sides",
        ),
        CheckConstraint(
            "conflict = '' OR (declared_on IS NULL AND left_on IS NOT NULL)",
            name="a_conflict_ends_the_part",
        ),
        Index("ix_complaint_person_person_id", "person_id"),
    )


class CasePoint(Base):
    """One point of a complaint, in the council's words, and what was found on it."""

    __tablename__ = "complaint_point"
    __seen_by__ = COUNCILS_OWN

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    complaint_id: Mapped[UUID]
    council_id: Mapped[UUID]
    words: Mapped[str] = mapped_column(Text())
    outcome: Mapped[Outcome | None] = mapped_column(one_of(Outcome, "complaint_outcome"))
    stage: Mapped[int | None]

    __table_args__ = (
        of_a_complaint(),
        CheckConstraint("(outcome IS NULL) = (stage IS NULL)", name="found_at_a_stage"),
        Index("ix_complaint_point_complaint_id", "complaint_id", "id"),
    )


class CasePromise(Base):
    """Something the council will do because of a complaint: who does it, by when, and done when."""

    __tablename__ = "complaint_promise"
    __seen_by__ = COUNCILS_OWN

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    complaint_id: Mapped[UUID]
    council_id: Mapped[UUID]
    what: Mapped[str] = mapped_column(Text())
    owner: Mapped[str] = mapped_column(String(200))
    due_on: Mapped[date]
    done_on: Mapped[date | None]

    __table_args__ = (
        of_a_complaint(),
        Index("ix_complaint_promise_complaint_id", "complaint_id", "due_on"),
    )


class AlertTaken(Base):
    """The designated lead took a safeguarding alert: who, when, and what is being done."""

    __tablename__ = "complaint_alert_taken"
    __seen_by__ = COUNCILS_OWN

    complaint_id: Mapped[UUID] = mapped_column(primary_key=True)
    council_id: Mapped[UUID]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    person_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(Instant())
    doing: Mapped[str] = mapped_column(Text())

    __table_args__ = (of_a_complaint(),)
