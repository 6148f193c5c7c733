"""Applications: drafts for the provider's eyes, sealed submissions, and bids once opened."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    and_,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.frameworks.rounds.models import Round, its_round
from portal.frameworks.visibility import its_councils
from portal.identity.models import Organisation
from portal.kernel.columns import Instant
from portal.kernel.files import StoredFile, shown_by
from portal.kernel.ids import new_id
from portal.kernel.tenancy import Base, Looker, Rule, Task, another, column, parties


def after_opening(entity: Any, looker: Looker) -> ColumnElement[bool]:
    """The applicant; and, once two people have opened the round, its framework's councils."""
    round_ = another("round")
    opened = (
        select(round_.c.id)
        .where(round_.c.id == column(entity, "round_id"), round_.c.opened_at.is_not(None))
        .exists()
    )
    return or_(
        column(entity, "provider_id") == looker.organisation,
        and_(its_councils(column(entity, "framework_id"), looker), opened),
    )


class Application(Base):
    """One provider's answer to one round. Nobody else learns that it exists before opening."""

    __tablename__ = "application"
    __seen_by__ = Rule(after_opening, writers=("provider_id",), readers=(Task.ROUNDS,))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[UUID]
    framework_id: Mapped[UUID]
    lead_council_id: Mapped[UUID]
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    started_at: Mapped[datetime] = mapped_column(Instant())
    started_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    prefilled_from_id: Mapped[UUID | None] = mapped_column(ForeignKey("application.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant())
    version: Mapped[int] = mapped_column(default=1)

    round: Mapped[Round] = relationship(viewonly=True)
    provider: Mapped[Organisation] = relationship(viewonly=True)

    __table_args__ = (
        its_round(),
        UniqueConstraint("round_id", "provider_id", name="one_application_of_a_provider"),
        UniqueConstraint(
            "id",
            "round_id",
            "framework_id",
            "lead_council_id",
            "provider_id",
            name="application_with_its_parties",
        ),
        Index("ix_application_provider_id", "provider_id"),
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


def its_application() -> ForeignKeyConstraint:
    """The key by which a row of an application names it, with all its parties."""
    names = ["round_id", "framework_id", "lead_council_id", "provider_id"]
    return ForeignKeyConstraint(
        ["application_id", *names], ["application.id", *(f"application.{name}" for name in names)]
    )


class DraftPart(Base):
    """One part of a draft: an answer, a price, a category chosen. Encrypted under the provider's
    key; each part has its own version, so that two people edit different parts in peace.

    ``part`` is "category:2a", "answer:safeguarding" or "price:2a:0-10"; ``sealed`` opens to JSON;
    for an answer ``question_version_id`` is the version that was answered.
    """

    __tablename__ = "draft_part"
    __seen_by__ = parties("provider_id")

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    application_id: Mapped[UUID]
    round_id: Mapped[UUID]
    framework_id: Mapped[UUID]
    lead_council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    part: Mapped[str] = mapped_column(String(120))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    question_version_id: Mapped[UUID | None] = mapped_column(ForeignKey("question_version.id"))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    by_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(Instant())
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        its_application(),
        UniqueConstraint("application_id", "part", name="one_draft_of_a_part"),
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Submission(Base):
    """What was received, sealed to the round's key. The newest of an application counts.

    ``received_at`` is the database's clock, inside the write. ``digest`` is SHA-256 of what was
    sealed, ``signature`` the portal's over reference, time and digest: the receipt.
    """

    __tablename__ = "submission"
    __seen_by__ = Rule(after_opening, writers=("provider_id",), readers=(Task.ROUNDS,))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    application_id: Mapped[UUID]
    round_id: Mapped[UUID]
    framework_id: Mapped[UUID]
    lead_council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    number: Mapped[int]
    reference: Mapped[str] = mapped_column(String(40))
    received_at: Mapped[datetime] = mapped_column(Instant())
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[str] = mapped_column(String(64))
    signature: Mapped[str] = mapped_column(String(200))
    late_door_id: Mapped[UUID | None] = mapped_column(ForeignKey("late_door.id"))
    declared_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    declared_by_name: Mapped[str] = mapped_column(String(200))
    declared_as: Mapped[str] = mapped_column(String(100))

    application: Mapped[Application] = relationship(viewonly=True)

    __table_args__ = (
        its_application(),
        UniqueConstraint("application_id", "number", name="one_submission_of_a_number"),
        UniqueConstraint("reference", name="one_submission_of_a_reference"),
        UniqueConstraint(
            "id",
            "application_id",
            "round_id",
            "framework_id",
            "lead_council_id",
            "provider_id",
            name="submission_with_its_parties",
        ),
        CheckConstraint("number > 0", name="submissions_count_from_one"),
        Index("ix_submission_round_id", "round_id"),
    )


def _own_or_opened(entity: Any, looker: Looker) -> ColumnElement[bool]:
    """The applicant; and the framework's councils where an answer that was opened names it."""
    answered = another("opened_answer")
    opened = select(answered.c.id).where(answered.c.file_id == column(entity, "file_id")).exists()
    return or_(
        column(entity, "provider_id") == looker.organisation,
        and_(its_councils(column(entity, "framework_id"), looker), opened),
    )


class ApplicationFile(Base):
    """A file that answers a question. The councils see those of the answers that were opened,
    never one that was sent and left out of what was submitted."""

    __tablename__ = "application_file"
    __seen_by__ = Rule(_own_or_opened, writers=("provider_id",))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    application_id: Mapped[UUID]
    round_id: Mapped[UUID]
    framework_id: Mapped[UUID]
    lead_council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    file_id: Mapped[UUID]
    question_id: Mapped[UUID] = mapped_column(ForeignKey("question.id"))

    file: Mapped[StoredFile] = relationship(viewonly=True)

    __table_args__ = (
        its_application(),
        ForeignKeyConstraint(
            ["file_id", "provider_id"], ["stored_file.id", "stored_file.provider_id"]
        ),
        UniqueConstraint("file_id", name="a_file_answers_one_question"),
        Index("ix_application_file_application_id", "application_id"),
    )


@shown_by
def _once_opened(entity: Any, looker: Looker) -> ColumnElement[bool]:
    """The file of an answer, to whoever sees the answer."""
    answer = another("application_file")
    return (
        select(answer.c.id)
        .where(answer.c.file_id == column(entity, "id"), _own_or_opened(answer, looker))
        .exists()
    )
