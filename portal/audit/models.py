"""The record of who did what: appended in the transaction of each change, never altered."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ColumnElement,
    Index,
    SmallInteger,
    String,
    UniqueConstraint,
    and_,
    or_,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.columns import Instant
from portal.kernel.ids import new_id
from portal.kernel.tenancy import Base, Looker, Rule, Task, column, named_in

PARTIES = ("organisation_id", "council_id", "provider_id")


def _parties_or_self(entity: Any, looker: Looker) -> ColumnElement[bool]:
    """The parties; of these, a mentor sees only what they did themselves."""
    return and_(
        named_in(*PARTIES)(entity, looker),
        or_(looker.assigned.is_(None), column(entity, "person_id") == looker.person),
    )


class AuditEvent(Base):
    """One happening: who, working as whom, did what to which thing, when (UTC).

    ``details`` holds figures and codes only: never a young person's name or free text about one.
    """

    __tablename__ = "audit_event"
    __seen_by__ = Rule(
        _parties_or_self,
        writers=PARTIES,
        tasks=(
            Task.SIGN_IN,
            Task.JOBS,
            Task.POST,
            Task.PUBLIC_DESK,
            Task.ROUNDS,
            Task.RETENTION,
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    at: Mapped[datetime] = mapped_column(Instant())
    event: Mapped[str] = mapped_column(String(80))
    person_id: Mapped[UUID | None]
    person_name: Mapped[str] = mapped_column(String(200))
    organisation_id: Mapped[UUID | None]
    council_id: Mapped[UUID | None]
    provider_id: Mapped[UUID | None]
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[UUID | None]
    subject_label: Mapped[str] = mapped_column(String(200))
    details: Mapped[dict[str, Any]] = mapped_column(JSON())

    __table_args__ = (
        Index("ix_audit_event_organisation", "organisation_id", "at", "id"),
        Index("ix_audit_event_council", "council_id", "at", "id"),
        Index("ix_audit_event_provider", "provider_id", "at", "id"),
        Index("ix_audit_event_subject", "subject_id", "at"),
    )


class AuditLink(Base):
    """One event's place in the chain of whoever acted, added when its transaction commits.

    ``digest`` covers the event, the seals of its words and the ``previous`` digest. A salt is
    None once the words it was for have been erased.
    """

    __tablename__ = "audit_link"
    __seen_by__ = Rule(named_in("chain_id"), tasks=(Task.RECORD, Task.RETENTION))

    chain_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    event_id: Mapped[UUID]
    version: Mapped[int] = mapped_column(SmallInteger)
    previous: Mapped[bytes]
    digest: Mapped[bytes]
    person_name_seal: Mapped[bytes]
    subject_label_seal: Mapped[bytes]
    details_seal: Mapped[bytes]
    person_name_salt: Mapped[bytes | None]
    subject_label_salt: Mapped[bytes | None]
    details_salt: Mapped[bytes | None]

    __table_args__ = (
        UniqueConstraint("event_id", name="one_link_an_event"),
        CheckConstraint("position > 0", name="link_position_from_one"),
    )


class AuditChain(Base):
    """Where a chain ends: locked for the moment in which its next links are added."""

    __tablename__ = "audit_chain"
    __seen_by__ = Rule(named_in("chain_id"), tasks=(Task.RECORD,), readers=(Task.JOBS,))

    chain_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[bytes]
