"""Safeguarding concerns, what is noted about each, and who a council has named to take them."""

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
    String,
    Text,
    UniqueConstraint,
    and_,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.agreements.models import Agreement, with_parties
from portal.delivery.concerns.rules import ConcernState, Outcome, Safety
from portal.identity.models import Organisation
from portal.identity.rules import Role
from portal.kernel.columns import Instant, one_of
from portal.kernel.ids import new_id
from portal.kernel.tenancy import Base, Looker, Rule, Task, another, column, named_in

PARTIES = ("council_id", "provider_id")


def _council_raiser_or_administrator(entity: Any, looker: Looker) -> ColumnElement[bool]:
    """The council; whoever raised it; the provider's administrators unless it is kept from them."""
    membership, held = another("membership"), another("membership_role")
    administers = (
        select(membership.c.id)
        .select_from(membership.join(held, held.c.membership_id == membership.c.id))
        .where(
            membership.c.person_id == looker.person,
            membership.c.organisation_id == column(entity, "provider_id"),
            held.c.role == Role.PROVIDER_ADMINISTRATOR,
        )
        .exists()
    )
    return or_(
        column(entity, "council_id") == looker.organisation,
        and_(
            column(entity, "provider_id") == looker.organisation,
            or_(
                column(entity, "by_person_id") == looker.person,
                and_(column(entity, "shown_to_provider"), administers),
            ),
        ),
    )


class Concern(Base):
    """A worry that a young person is harmed or may be, as it was raised, and where it stands.

    ``shown_to_provider`` says whether the provider's administrators may read it: never where the
    council raised it, nor where whoever raised it asked for that. ``told`` and ``closed_told`` are
    what the council tells whoever raised it; its own notes are ``ConcernNote``.
    """

    __tablename__ = "concern"
    __seen_by__ = Rule(_council_raiser_or_administrator, writers=PARTIES, tasks=(Task.RETENTION,))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    agreement_id: Mapped[UUID]
    council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    state: Mapped[ConcernState] = mapped_column(one_of(ConcernState, "concern_state"))
    safety: Mapped[Safety] = mapped_column(one_of(Safety, "concern_safety"))
    words: Mapped[str] = mapped_column(Text())
    done: Mapped[str] = mapped_column(Text())
    from_council: Mapped[bool]
    shown_to_provider: Mapped[bool]
    by_person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    by_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(Instant())
    acknowledged_by_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    acknowledged_by_name: Mapped[str | None] = mapped_column(String(200))
    acknowledged_at: Mapped[datetime | None] = mapped_column(Instant())
    told: Mapped[str] = mapped_column(Text(), default="")
    closed_by_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    closed_by_name: Mapped[str | None] = mapped_column(String(200))
    closed_at: Mapped[datetime | None] = mapped_column(Instant())
    outcome: Mapped[Outcome | None] = mapped_column(one_of(Outcome, "concern_outcome"))
    closed_told: Mapped[str] = mapped_column(Text(), default="")

    agreement: Mapped[Agreement] = relationship(viewonly=True)

    __table_args__ = (
        with_parties(),
        UniqueConstraint("id", "council_id", "provider_id", name="concern_with_its_parties"),
        CheckConstraint(
            "NOT (from_council AND shown_to_provider)", name="concern_of_the_council_is_its_own"
        ),
        CheckConstraint(
            "(state = 'raised') = (acknowledged_at IS NULL)",
            name="concern_acknowledged_by_somebody",
        ),
        CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)", name="concern_closed_by_somebody"
        ),
        CheckConstraint(
            "(state = 'closed') = (outcome IS NOT NULL)", name="concern_closed_with_an_outcome"
        ),
        Index("ix_concern_council_id", "council_id", "at", "id"),
        Index("ix_concern_provider_id", "provider_id", "at", "id"),
        Index("ix_concern_agreement_id", "agreement_id"),
    )


def _council_or_its_own_side(entity: Any, looker: Looker) -> ColumnElement[bool]:
    """The council; of what came from a provider, also whoever sees the concern there."""
    concern = another("concern")
    return or_(
        column(entity, "council_id") == looker.organisation,
        and_(
            column(entity, "from_provider"),
            select(concern.c.id)
            .where(
                concern.c.id == column(entity, "concern_id"),
                _council_raiser_or_administrator(concern, looker),
            )
            .exists(),
        ),
    )


class ConcernNote(Base):
    """Something more about a concern: the council's own note, or what the provider adds."""

    __tablename__ = "concern_note"
    __seen_by__ = Rule(_council_or_its_own_side, writers=PARTIES, tasks=(Task.RETENTION,))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    concern_id: Mapped[UUID]
    council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    from_provider: Mapped[bool]
    words: Mapped[str] = mapped_column(Text())
    by_person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    by_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(Instant())

    __table_args__ = (
        ForeignKeyConstraint(
            ["concern_id", "council_id", "provider_id"],
            ["concern.id", "concern.council_id", "concern.provider_id"],
        ),
        Index("ix_concern_note_concern_id", "concern_id", "at"),
    )


class SafeguardingLead(Base):
    """Somebody whom a council named to take concerns; without any, all who may are told."""

    __tablename__ = "safeguarding_lead"
    __seen_by__ = Rule(named_in("council_id"), writers=("council_id",))

    council_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    named_at: Mapped[datetime] = mapped_column(Instant())

    council: Mapped[Organisation] = relationship(viewonly=True)
