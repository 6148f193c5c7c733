"""What an organisation keeps longer than it must, and legal holds."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.identity.models import Person
from portal.kernel.columns import Instant, one_of
from portal.kernel.ids import new_id
from portal.kernel.tenancy import Base, Rule, Task, named_in
from portal.rights.rules import Category

_ADMINISTERED = Rule(
    named_in("organisation_id"), writers=("organisation_id",), tasks=(Task.RETENTION,)
)


class KeptFor(Base):
    """For how long an organisation keeps one category: a number of its days or years."""

    __tablename__ = "kept_for"
    __seen_by__ = _ADMINISTERED

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    category: Mapped[Category] = mapped_column(one_of(Category, "kept_category"), primary_key=True)
    number: Mapped[int]

    __table_args__ = (CheckConstraint("number > 0", name="kept_for_some_time"),)


class LegalHold(Base):
    """Nothing of an organisation, or of one of its people, is erased while this stands.

    Without a person it holds the whole organisation. It stands through ``until``, without one
    until it is lifted.
    """

    __tablename__ = "legal_hold"
    __seen_by__ = _ADMINISTERED

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(Text())
    until: Mapped[date | None]
    placed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    placed_by_name: Mapped[str] = mapped_column(String(200))
    placed_at: Mapped[datetime] = mapped_column(Instant())
    lifted_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    lifted_by_name: Mapped[str] = mapped_column(String(200), default="")
    lifted_because: Mapped[str] = mapped_column(Text(), default="")
    lifted_at: Mapped[datetime | None] = mapped_column(Instant())

    person: Mapped[Person | None] = relationship(foreign_keys=[person_id], viewonly=True)

    __table_args__ = (
        CheckConstraint(
            "(lifted_at IS NULL) = (lifted_by IS NULL)", name="lifted_by_somebody_sometime"
        ),
        Index("ix_legal_hold_organisation", "organisation_id", "placed_at", "id"),
        Index("ix_legal_hold_person_id", "person_id"),
    )

    def stands_on(self, day: date) -> bool:
        """Whether it keeps things on this London day."""
        return self.lifted_at is None and (self.until is None or day <= self.until)
