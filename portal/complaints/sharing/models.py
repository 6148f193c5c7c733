"""The one row by which a provider learns of a complaint, and a provider's own log."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.complaints.handling.rules import Outcome
from portal.complaints.sharing.rules import Category
from portal.identity.models import Organisation
from portal.kernel.columns import Instant, one_of
from portal.kernel.files import shown_by
from portal.kernel.ids import new_id
from portal.kernel.tenancy import Base, Looker, Rule, Task, another, column, named_in, parties


class SharedComplaint(Base):
    """A complaint as far as a provider may know of it, and what the provider answers.

    ``summary`` is the council's own writing. ``words`` and ``sender_name`` hold what the sender
    said and who they are only where the sender agreed and the council chose to share it.
    ``taken_back_at`` hides it from the provider again.
    """

    __tablename__ = "shared_complaint"
    __seen_by__ = parties("council_id", "provider_id", tasks=(Task.RETENTION,))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    complaint_id: Mapped[UUID]
    council_id: Mapped[UUID]
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    summary: Mapped[str] = mapped_column(Text())
    agreed: Mapped[bool]
    words: Mapped[str | None] = mapped_column(Text())
    sender_name: Mapped[str | None] = mapped_column(String(200))
    shared_at: Mapped[datetime] = mapped_column(Instant())
    answer_by: Mapped[date]
    answer: Mapped[str] = mapped_column(Text(), default="")
    learning: Mapped[str] = mapped_column(Text(), default="")
    answered_at: Mapped[datetime | None] = mapped_column(Instant())
    answered_by_name: Mapped[str] = mapped_column(String(200), default="")
    taken_back_at: Mapped[datetime | None] = mapped_column(Instant())
    version: Mapped[int] = mapped_column(default=1)

    provider: Mapped[Organisation] = relationship(viewonly=True, foreign_keys=[provider_id])
    council: Mapped[Organisation] = relationship(
        viewonly=True,
        primaryjoin="foreign(SharedComplaint.council_id) == Organisation.id",
    )
    files: Mapped[list[SharedFile]] = relationship(order_by="SharedFile.id", viewonly=True)

    __table_args__ = (
        ForeignKeyConstraint(
            ["complaint_id", "council_id"], ["complaint.id", "complaint.council_id"]
        ),
        UniqueConstraint("complaint_id", "provider_id", name="shared_once_with_a_provider"),
        UniqueConstraint("id", "council_id", "provider_id", name="shared_with_its_parties"),
        CheckConstraint(
            "agreed OR (words IS NULL AND sender_name IS NULL)", name="nothing_of_who_unless_agreed"
        ),
        CheckConstraint("(answered_at IS NULL) = (answer = '')", name="an_answer_has_its_moment"),
        Index("ix_shared_complaint_provider_id", "provider_id", "shared_at", "id"),
        Index("ix_shared_complaint_council_id", "council_id", "id"),
    )


class SharedFile(Base):
    """One attachment of a complaint that the council shares with the provider as it is."""

    __tablename__ = "shared_complaint_file"
    __seen_by__ = Rule(
        named_in("council_id", "provider_id"), writers=("council_id",), tasks=(Task.RETENTION,)
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    shared_id: Mapped[UUID]
    council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    stored_file_id: Mapped[UUID]
    label: Mapped[str] = mapped_column(String(100))

    __table_args__ = (
        ForeignKeyConstraint(
            ["shared_id", "council_id", "provider_id"],
            ["shared_complaint.id", "shared_complaint.council_id", "shared_complaint.provider_id"],
        ),
        UniqueConstraint("shared_id", "stored_file_id", name="a_file_is_shared_once"),
        Index("ix_shared_complaint_file_stored_file_id", "stored_file_id"),
    )


@shown_by
def _shared_with_the_provider(entity: Any, looker: Looker) -> ColumnElement[bool]:
    """A file that the council shared, while it is shared."""
    file, shared = another("shared_complaint_file"), another("shared_complaint")
    return (
        select(file.c.id)
        .select_from(file.join(shared, shared.c.id == file.c.shared_id))
        .where(
            file.c.stored_file_id == column(entity, "id"),
            file.c.provider_id == looker.organisation,
            shared.c.taken_back_at.is_(None),
        )
        .exists()
    )


class OwnComplaint(Base):
    """A complaint that came to a provider itself, with action and outcome (rules.md A11).

    Its council is told where the provider says so: it reaches the Virtual School (A12).
    """

    __tablename__ = "own_complaint"
    __seen_by__ = Rule(named_in("provider_id", "council_id"), writers=("provider_id",))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    council_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    received_on: Mapped[date]
    category: Mapped[Category] = mapped_column(one_of(Category, "own_complaint_category"))
    what: Mapped[str] = mapped_column(Text())
    due_on: Mapped[date]
    answered_on: Mapped[date | None]
    looked_into_by: Mapped[str] = mapped_column(String(200), default="")
    outcome: Mapped[Outcome | None] = mapped_column(one_of(Outcome, "own_complaint_outcome"))
    action: Mapped[str] = mapped_column(Text(), default="")
    learning: Mapped[str] = mapped_column(Text(), default="")
    version: Mapped[int] = mapped_column(default=1)

    provider: Mapped[Organisation] = relationship(viewonly=True, foreign_keys=[provider_id])
    council: Mapped[Organisation | None] = relationship(viewonly=True, foreign_keys=[council_id])

    __table_args__ = (
        CheckConstraint("answered_on >= received_on", name="answered_after_it_came"),
        CheckConstraint(
            "(answered_on IS NULL) = (outcome IS NULL)", name="answered_with_an_outcome"
        ),
        Index("ix_own_complaint_provider_id", "provider_id", "received_on", "id"),
        Index("ix_own_complaint_council_id", "council_id", "received_on", "id"),
    )
