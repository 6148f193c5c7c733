"""Who was told who a young person is."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.agreements.models import Agreement, assigned_on, with_parties
from portal.kernel.columns import Instant
from portal.kernel.ids import new_id
from portal.kernel.indexes import partial_index
from portal.kernel.tenancy import Base, Rule

_STANDS = "ended_at IS NULL"


class Disclosure(Base):
    """A person of a provider who may know who a young person is, for one agreement.

    While it has not ended, that person sees the ``young_person`` of it; nobody else of the
    provider does.
    """

    __tablename__ = "disclosure"
    __seen_by__ = Rule(assigned_on("agreement_id"), writers=("council_id", "provider_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    young_person_id: Mapped[UUID]
    agreement_id: Mapped[UUID]
    council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    person_name: Mapped[str] = mapped_column(String(200))
    given_at: Mapped[datetime] = mapped_column(Instant())
    given_by_name: Mapped[str] = mapped_column(String(200))
    because: Mapped[str] = mapped_column(String(200))
    ended_at: Mapped[datetime | None] = mapped_column(Instant())
    ended_because: Mapped[str] = mapped_column(String(200), default="")

    agreement: Mapped[Agreement] = relationship(viewonly=True)

    __table_args__ = (
        with_parties(),
        ForeignKeyConstraint(
            ["young_person_id", "council_id"], ["young_person.id", "young_person.council_id"]
        ),
        partial_index(
            "one_disclosure_to_a_person",
            "agreement_id",
            "person_id",
            unique=True,
            where=_STANDS,
        ),
        Index("ix_disclosure_young_person_id", "young_person_id", "person_id"),
        Index("ix_disclosure_person_id", "person_id"),
    )
