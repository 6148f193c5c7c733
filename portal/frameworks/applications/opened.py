"""What two people opened: bids with their prices, and answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.frameworks.applications.models import after_opening
from portal.frameworks.models import Category
from portal.identity.models import Organisation
from portal.kernel.columns import Pence
from portal.kernel.ids import new_id
from portal.kernel.money import Money
from portal.kernel.tenancy import Base, Rule, Task


def its_submission() -> ForeignKeyConstraint:
    """The key by which what was opened names its submission, with all its parties."""
    names = ["application_id", "round_id", "framework_id", "lead_council_id", "provider_id"]
    return ForeignKeyConstraint(
        ["submission_id", *names], ["submission.id", *(f"submission.{name}" for name in names)]
    )


_OPENED = Rule(after_opening, tasks=(Task.ROUNDS,))


class Bid(Base):
    """An opened application's part for one category (a lot bid)."""

    __tablename__ = "bid"
    __seen_by__ = _OPENED

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    submission_id: Mapped[UUID]
    application_id: Mapped[UUID]
    round_id: Mapped[UUID]
    framework_id: Mapped[UUID]
    lead_council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    category_id: Mapped[UUID]

    category: Mapped[Category] = relationship(viewonly=True)
    provider: Mapped[Organisation] = relationship(
        viewonly=True,
        primaryjoin="foreign(Bid.provider_id) == Organisation.id",
    )
    prices: Mapped[list[BidPrice]] = relationship(order_by="BidPrice.band", viewonly=True)

    __table_args__ = (
        its_submission(),
        ForeignKeyConstraint(
            ["category_id", "framework_id"], ["category.id", "category.framework_id"]
        ),
        UniqueConstraint("round_id", "category_id", "provider_id", name="one_bid_of_a_provider"),
        UniqueConstraint(
            "id",
            "round_id",
            "framework_id",
            "lead_council_id",
            "provider_id",
            name="bid_with_its_parties",
        ),
    )


class BidPrice(Base):
    """A bid's price for one band of its category."""

    __tablename__ = "bid_price"
    __seen_by__ = _OPENED

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    bid_id: Mapped[UUID]
    round_id: Mapped[UUID]
    framework_id: Mapped[UUID]
    lead_council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    band: Mapped[str] = mapped_column(String(40), default="")
    price: Mapped[Money] = mapped_column(Pence())

    __table_args__ = (
        ForeignKeyConstraint(
            ["bid_id", "round_id", "framework_id", "lead_council_id", "provider_id"],
            [
                "bid.id",
                "bid.round_id",
                "bid.framework_id",
                "bid.lead_council_id",
                "bid.provider_id",
            ],
        ),
        UniqueConstraint("bid_id", "band", name="one_bid_price_of_a_band"),
        CheckConstraint("price > 0", name="bid_price_above_nothing"),
    )


class OpenedAnswer(Base):
    """An opened application's answer to one version of a question. ``answer`` is a JSON value;
    ``file_id`` is the file that it names, where the question asks for one."""

    __tablename__ = "opened_answer"
    __seen_by__ = _OPENED

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    submission_id: Mapped[UUID]
    application_id: Mapped[UUID]
    round_id: Mapped[UUID]
    framework_id: Mapped[UUID]
    lead_council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    question_version_id: Mapped[UUID] = mapped_column(ForeignKey("question_version.id"))
    answer: Mapped[Any] = mapped_column(JSON)
    file_id: Mapped[UUID | None]

    __table_args__ = (
        its_submission(),
        UniqueConstraint(
            "submission_id", "question_version_id", name="one_opened_answer_of_a_question"
        ),
        Index("ix_opened_answer_round_id", "round_id", "question_version_id"),
        Index("ix_opened_answer_file_id", "file_id"),
    )
