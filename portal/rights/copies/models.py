"""Copies of a person's data that were asked for, and where each lies until it is deleted."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, and_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.identity.models import Person
from portal.kernel.columns import Instant
from portal.kernel.ids import new_id
from portal.kernel.tenancy import Base, Looker, Rule, Task, column


def _whoever_asked(entity: Any, looker: Looker) -> ColumnElement[bool]:
    return and_(
        column(entity, "asked_by") == looker.person,
        column(entity, "organisation_id") == looker.organisation,
    )


class PersonalCopy(Base):
    """One copy of what is kept about a person. Only whoever asked for it can open it.

    ``whole`` is the person's own copy, over all their organisations; otherwise it holds what
    ``organisation_id`` keeps. The file is None until the copy was made; it follows the copy.
    """

    __tablename__ = "personal_copy"
    __seen_by__ = Rule(_whoever_asked, writers=("organisation_id",), tasks=(Task.RETENTION,))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    whole: Mapped[bool]
    asked_at: Mapped[datetime] = mapped_column(Instant())
    made_at: Mapped[datetime | None] = mapped_column(Instant())
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))

    person: Mapped[Person] = relationship(foreign_keys=[person_id], viewonly=True)

    __table_args__ = (
        Index("ix_personal_copy_asked", "asked_by", "organisation_id", "asked_at", "id"),
        Index("ix_personal_copy_person_id", "person_id"),
    )
