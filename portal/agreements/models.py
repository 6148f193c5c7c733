"""Individual Agreements with their own prices; mentors, their clearances and assignments."""

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
    UniqueConstraint,
    and_,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.agreements.rules import AgreementState
from portal.frameworks.models import Category, Framework, Place
from portal.frameworks.rules import Mechanism, PriceSource, Unit
from portal.identity.models import Organisation
from portal.kernel.columns import Instant, Pence, one_of
from portal.kernel.ids import new_id
from portal.kernel.money import Money
from portal.kernel.tenancy import (
    Base,
    Looker,
    Rule,
    Task,
    another,
    column,
    named_in,
    parties,
)


def assigned_on(agreement_column: str) -> Any:
    """The parties; of these, a mentor sees only the agreements they are assigned to.

    Whoever was replaced or rejected sees nothing of it any more; the last mentor of an agreement
    that ended sees it on, to write the last report.
    """

    def sees(entity: Any, looker: Looker) -> ColumnElement[bool]:
        assignment = another("assignment")
        mentor = another("mentor")
        is_assigned = (
            select(assignment.c.id)
            .select_from(assignment.join(mentor, mentor.c.id == assignment.c.mentor_id))
            .where(
                assignment.c.agreement_id == column(entity, agreement_column),
                assignment.c.over_at.is_(None),
                mentor.c.person_id == looker.assigned,
            )
            .exists()
        )
        return and_(
            named_in("council_id", "provider_id")(entity, looker),
            or_(looker.assigned.is_(None), is_assigned),
        )

    return sees


class Agreement(Base):
    """The contract for one young person, known here only by an opaque reference.

    Quantities authorised are in parts of the unit: minutes, sessions or nights. They are those
    it began with: later ones are agreed variations, each from its own day.
    """

    __tablename__ = "agreement"
    __seen_by__ = Rule(
        assigned_on("id"), writers=("council_id", "provider_id"), readers=(Task.REFERRALS,)
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    council_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    framework_id: Mapped[UUID] = mapped_column(ForeignKey("framework.id"))
    category_id: Mapped[UUID]
    place_id: Mapped[UUID] = mapped_column(ForeignKey("place.id"))
    reference: Mapped[str] = mapped_column(String(40))
    young_person: Mapped[str] = mapped_column(String(40))
    mechanism: Mapped[Mechanism] = mapped_column(one_of(Mechanism, "agreement_mechanism"))
    unit: Mapped[Unit] = mapped_column(one_of(Unit, "agreement_unit"))
    band: Mapped[str] = mapped_column(String(40), default="")
    state: Mapped[AgreementState] = mapped_column(one_of(AgreementState, "agreement_state"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    authorised_weekly: Mapped[int | None]
    authorised_total: Mapped[int | None]
    cost_code: Mapped[str | None] = mapped_column(String(40))
    purchase_order: Mapped[str | None] = mapped_column(String(40))

    council: Mapped[Organisation] = relationship(foreign_keys=[council_id])
    provider: Mapped[Organisation] = relationship(foreign_keys=[provider_id])
    framework: Mapped[Framework] = relationship(viewonly=True)
    category: Mapped[Category] = relationship(viewonly=True)
    place: Mapped[Place] = relationship(viewonly=True)
    prices: Mapped[list[AgreementPrice]] = relationship(
        order_by="AgreementPrice.starts_on", viewonly=True
    )
    assignments: Mapped[list[Assignment]] = relationship(
        order_by="Assignment.starts_on", viewonly=True
    )
    suspensions: Mapped[list[Suspension]] = relationship(
        order_by="Suspension.starts_on", viewonly=True
    )

    __table_args__ = (
        ForeignKeyConstraint(
            ["category_id", "framework_id"], ["category.id", "category.framework_id"]
        ),
        UniqueConstraint("council_id", "reference", name="one_agreement_of_a_reference"),
        UniqueConstraint("id", "council_id", "provider_id", name="agreement_with_its_parties"),
        CheckConstraint("ends_on >= starts_on", name="agreement_ends_after_it_starts"),
        CheckConstraint("authorised_weekly > 0", name="authorised_weekly_above_nothing"),
        CheckConstraint("authorised_total > 0", name="authorised_total_above_nothing"),
        CheckConstraint(
            "(mechanism = 'unit') = (unit IN ('hour', 'session'))",
            name="agreement_unit_fits_mechanism",
        ),
        Index("ix_agreement_council_id", "council_id", "reference"),
        Index("ix_agreement_provider_id", "provider_id", "reference"),
        Index("ix_agreement_place_id", "place_id"),
    )


def with_parties() -> ForeignKeyConstraint:
    """A child row cannot disagree with its agreement about the parties."""
    return ForeignKeyConstraint(
        ["agreement_id", "council_id", "provider_id"],
        ["agreement.id", "agreement.council_id", "agreement.provider_id"],
    )


class AgreementPrice(Base):
    """An agreement's own price from a day on; a new price is a new row.

    ``backdated_on`` is the day on which a price of earlier days was agreed.
    """

    __tablename__ = "agreement_price"
    __seen_by__ = Rule(assigned_on("agreement_id"), writers=("council_id", "provider_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    agreement_id: Mapped[UUID]
    council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    price: Mapped[Money] = mapped_column(Pence())
    starts_on: Mapped[date]
    source: Mapped[PriceSource] = mapped_column(one_of(PriceSource, "agreement_price_source"))
    note: Mapped[str] = mapped_column(String(200), default="")
    backdated_on: Mapped[date | None]

    __table_args__ = (
        with_parties(),
        UniqueConstraint("agreement_id", "starts_on", name="one_agreement_price_from_a_day"),
        CheckConstraint("price > 0", name="agreement_price_above_nothing"),
    )


class Suspension(Base):
    """Days on which an agreement stands still, both counted; without a last it goes on."""

    __tablename__ = "suspension"
    __seen_by__ = Rule(assigned_on("agreement_id"), writers=("council_id", "provider_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    agreement_id: Mapped[UUID]
    council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    because: Mapped[str] = mapped_column(String(500))
    suspended_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    suspended_by_name: Mapped[str] = mapped_column(String(200))
    suspended_at: Mapped[datetime] = mapped_column(Instant())
    resumed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    resumed_by_name: Mapped[str | None] = mapped_column(String(200))
    resumed_at: Mapped[datetime | None] = mapped_column(Instant())

    __table_args__ = (
        with_parties(),
        UniqueConstraint("agreement_id", "starts_on", name="one_suspension_from_a_day"),
        CheckConstraint("ends_on >= starts_on", name="suspension_ends_after_it_starts"),
    )


def own_or_assigned(mentor_column: str) -> Any:
    """The mentor's provider, and the councils whose agreements the mentor is assigned to."""

    def sees(entity: Any, looker: Looker) -> ColumnElement[bool]:
        assignment = another("assignment")
        return or_(
            column(entity, "provider_id") == looker.organisation,
            select(assignment.c.id)
            .where(
                assignment.c.mentor_id == column(entity, mentor_column),
                assignment.c.council_id == looker.organisation,
            )
            .exists(),
        )

    return sees


class Mentor(Base):
    """Somebody who works with young people for a provider."""

    __tablename__ = "mentor"
    __seen_by__ = Rule(own_or_assigned("id"), writers=("provider_id",), readers=(Task.PRESENCE,))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(200))
    volunteer: Mapped[bool] = mapped_column(default=False)
    caseload_limit: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    clearances: Mapped[list[Clearance]] = relationship(
        order_by="Clearance.checked_on", viewonly=True
    )
    assignments: Mapped[list[Assignment]] = relationship(
        order_by="Assignment.starts_on", viewonly=True
    )

    __table_args__ = (
        UniqueConstraint("id", "provider_id", name="mentor_with_its_provider"),
        Index("ix_mentor_provider_id", "provider_id", "name"),
        Index("ix_mentor_person_id", "person_id"),
    )


class Clearance(Base):
    """An enhanced DBS check: its date, until when it is relied on, what it said (C5).

    Never its number. ``result`` is the code of a CheckResult; a check that came from a file of
    arrangements says only its days.
    """

    __tablename__ = "clearance"
    __seen_by__ = Rule(own_or_assigned("mentor_id"), writers=("provider_id",))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    mentor_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    checked_on: Mapped[date]
    valid_until: Mapped[date]
    result: Mapped[str | None] = mapped_column(String(40))

    __table_args__ = (
        ForeignKeyConstraint(["mentor_id", "provider_id"], ["mentor.id", "mentor.provider_id"]),
        UniqueConstraint("mentor_id", "checked_on", name="one_clearance_from_a_day"),
        CheckConstraint("valid_until >= checked_on", name="clearance_ends_after_it_starts"),
    )


class Assignment(Base):
    """A mentor's time on an agreement; past sessions keep their mentor.

    ``over_at`` is since when they see nothing of it any more: from the moment that the council
    rejects them, or once their last day is over and the agreement goes on without them.
    """

    __tablename__ = "assignment"
    __seen_by__ = parties("council_id", "provider_id")

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    agreement_id: Mapped[UUID]
    council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    mentor_id: Mapped[UUID]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(String(200), default="")
    over_at: Mapped[datetime | None] = mapped_column(Instant())

    mentor: Mapped[Mentor] = relationship(viewonly=True)
    agreement: Mapped[Agreement] = relationship(viewonly=True)

    __table_args__ = (
        with_parties(),
        ForeignKeyConstraint(["mentor_id", "provider_id"], ["mentor.id", "mentor.provider_id"]),
        UniqueConstraint("agreement_id", "starts_on", name="one_assignment_from_a_day"),
        CheckConstraint("ends_on >= starts_on", name="assignment_ends_after_it_starts"),
        CheckConstraint("over_at IS NULL OR ends_on IS NOT NULL", name="over_after_a_last_day"),
        Index("ix_assignment_mentor_id", "mentor_id", "council_id"),
    )
