"""Who signed the agreement with each provider."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ForeignKey,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.frameworks.evaluation.visibility import provider_and_councils
from portal.frameworks.rounds.models import its_round
from portal.kernel.columns import Instant
from portal.kernel.ids import new_id
from portal.kernel.tenancy import Base, Rule


class Signature(Base):
    """An organisation's signature under the agreement with one provider: its own, or a council's
    below it. Appended only."""

    __tablename__ = "signature"
    __seen_by__ = Rule(provider_and_councils, writers=("organisation_id",))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[UUID]
    framework_id: Mapped[UUID]
    lead_council_id: Mapped[UUID]
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    organisation_name: Mapped[str] = mapped_column(String(200))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(200))
    signed_as: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime] = mapped_column(Instant())

    __table_args__ = (
        its_round(),
        UniqueConstraint(
            "round_id", "provider_id", "organisation_id", name="one_signature_of_an_organisation"
        ),
    )
