"""Who delivers part of an agreement for its provider."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.agreements.changing.models import Proposal
from portal.agreements.models import Agreement, assigned_on, with_parties
from portal.kernel.columns import Pence
from portal.kernel.money import Money
from portal.kernel.tenancy import Base, Rule


class Subcontractor(Proposal, Base):
    """A sub-contractor, used only once the council has agreed in writing (rules.md C6).

    ``percentage`` is the share of the service it delivers, ``cost`` what that costs a month;
    ``answer`` is the council's written agreement. ``starts_on`` is the first day it may be used.
    """

    __tablename__ = "subcontractor"
    __seen_by__ = Rule(assigned_on("agreement_id"), writers=("council_id", "provider_id"))

    name: Mapped[str] = mapped_column(String(200))
    work: Mapped[str] = mapped_column(String(300))
    percentage: Mapped[int]
    cost: Mapped[Money] = mapped_column(Pence())
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    agreement: Mapped[Agreement] = relationship(viewonly=True)

    __table_args__ = (
        with_parties(),
        CheckConstraint("percentage BETWEEN 1 AND 100", name="subcontractor_has_a_share"),
        CheckConstraint("cost >= 0", name="subcontractor_cost_not_negative"),
        CheckConstraint("ends_on >= starts_on", name="subcontractor_ends_after_it_starts"),
        CheckConstraint("state <> 'agreed' OR answer <> ''", name="subcontractor_agreed_in_words"),
        Index("ix_subcontractor_agreement_id", "agreement_id", "proposed_at"),
        Index("ix_subcontractor_to_id", "to_id", "state"),
    )
