"""Reviews of who has access, and whom each has confirmed."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    JSON,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.kernel.columns import Instant
from portal.kernel.ids import new_id
from portal.kernel.indexes import partial_index
from portal.kernel.tenancy import Base, Task, parties

_OPEN = "finished_at IS NULL"


class AccessReview(Base):
    """One review: everybody's roles confirmed by a day. The next opens when this one is done."""

    __tablename__ = "access_review"
    __seen_by__ = parties("organisation_id", tasks=(Task.SIGN_IN,))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    due_on: Mapped[date]
    reminded_on: Mapped[date | None]
    finished_at: Mapped[datetime | None] = mapped_column(Instant())

    confirmations: Mapped[list[Confirmation]] = relationship(
        order_by="Confirmation.person_name", viewonly=True
    )

    __table_args__ = (
        UniqueConstraint("id", "organisation_id", name="access_review_of_its_organisation"),
        partial_index(
            "one_open_access_review",
            "organisation_id",
            unique=True,
            where=_OPEN,
        ),
        Index("ix_access_review_organisation", "organisation_id", "due_on", "id"),
    )


class Confirmation(Base):
    """An administrator confirmed in a review that a person still needs these roles."""

    __tablename__ = "access_confirmation"
    __seen_by__ = parties("organisation_id", tasks=(Task.SIGN_IN,))

    review_id: Mapped[UUID] = mapped_column(primary_key=True)
    membership_id: Mapped[UUID] = mapped_column(ForeignKey("membership.id"), primary_key=True)
    organisation_id: Mapped[UUID]
    person_name: Mapped[str] = mapped_column(String(200))
    roles: Mapped[list[str]] = mapped_column(JSON())
    by_person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    by_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(Instant())

    __table_args__ = (
        ForeignKeyConstraint(
            ["review_id", "organisation_id"],
            ["access_review.id", "access_review.organisation_id"],
        ),
        Index("ix_access_confirmation_membership_id", "membership_id"),
    )
