"""Notices, and how often each person wants which kind by e-mail."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    and_,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.columns import Instant, one_of
from portal.kernel.ids import new_id
from portal.kernel.indexes import partial_index
from portal.kernel.tenancy import Base, Looker, Rule, Task, column
from portal.notices.rules import Frequency


def _ones_own(entity: Any, looker: Looker) -> ColumnElement[bool]:
    """The person's, while they work as that organisation."""
    return and_(
        column(entity, "person_id") == looker.person,
        column(entity, "organisation_id") == looker.organisation,
    )


class Notice(Base):
    """One thing told to one person of one organisation, with the page that it is about.

    ``waits_for`` is the digest that will mention it, if one will. Of the same ``key`` a person
    has one. ``kind`` is a NoticeKind; as plain text, so that a new kind needs no migration.
    """

    __tablename__ = "notice"
    __seen_by__ = Rule(_ones_own, writers=("organisation_id",), tasks=(Task.POST, Task.RETENTION))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[str] = mapped_column(String(40))
    sentence: Mapped[str] = mapped_column(String(300))
    endpoint: Mapped[str] = mapped_column(String(100))
    values: Mapped[dict[str, Any]] = mapped_column(JSON())
    key: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(Instant())
    read_at: Mapped[datetime | None] = mapped_column(Instant())
    waits_for: Mapped[Frequency | None] = mapped_column(one_of(Frequency, "notice_waits_for"))

    __table_args__ = (
        UniqueConstraint("person_id", "organisation_id", "key", name="one_notice_of_a_key"),
        Index("ix_notice_newest", "person_id", "organisation_id", "at", "id"),
        partial_index(
            "ix_notice_unread",
            "person_id",
            "organisation_id",
            "at",
            "id",
            where="read_at IS NULL",
        ),
        partial_index(
            "ix_notice_waiting",
            "waits_for",
            "person_id",
            "organisation_id",
            where="waits_for IS NOT NULL",
        ),
    )


class Preference(Base):
    """How often a person wants one kind of notice by e-mail, for one organisation."""

    __tablename__ = "notice_preference"
    __seen_by__ = Rule(
        _ones_own, writers=("organisation_id",), tasks=(Task.RETENTION,), readers=(Task.POST,)
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    frequency: Mapped[Frequency] = mapped_column(one_of(Frequency, "notice_frequency"))
