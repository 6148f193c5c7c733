"""Young people, what is needed for them, and whom a council asks."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
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

from portal.frameworks.models import Category, Framework, Place
from portal.frameworks.rules import Unit
from portal.identity.models import Organisation
from portal.kernel.columns import Instant, one_of
from portal.kernel.ids import new_id
from portal.kernel.tenancy import Base, Looker, Rule, Sees, Task, another, column, parties
from portal.referrals.anonymity import given_away
from portal.referrals.rules import AgeGroup, DeclineCode, RecipientState, ReferralState, Route


def sent_to(referral_column: str) -> Sees:
    """The council, and the providers it was sent to; of these nobody who is only a mentor."""

    def sees(entity: Any, looker: Looker) -> ColumnElement[bool]:
        recipient = another("referral_recipient")
        asked = (
            select(recipient.c.id)
            .where(
                recipient.c.referral_id == column(entity, referral_column),
                recipient.c.provider_id == looker.organisation,
                recipient.c.sent_at.is_not(None),
                looker.assigned.is_(None),
            )
            .exists()
        )
        return or_(column(entity, "council_id") == looker.organisation, asked)

    return sees


def _council_or_asked(entity: Any, looker: Looker) -> ColumnElement[bool]:
    """The council, and the one provider once it was sent to it."""
    return or_(
        column(entity, "council_id") == looker.organisation,
        and_(
            column(entity, "provider_id") == looker.organisation,
            column(entity, "sent_at").is_not(None),
            looker.assigned.is_(None),
        ),
    )


def _council_or_told(entity: Any, looker: Looker) -> ColumnElement[bool]:
    """The council, and each person of a provider to whom the identity stands disclosed."""
    disclosure = another("disclosure")
    told = (
        select(disclosure.c.id)
        .where(
            disclosure.c.young_person_id == column(entity, "id"),
            disclosure.c.provider_id == looker.organisation,
            disclosure.c.person_id == looker.person,
            disclosure.c.ended_at.is_(None),
        )
        .exists()
    )
    return or_(column(entity, "council_id") == looker.organisation, told)


class YoungPerson(Base):
    """Who a young person is. Everywhere else they are known by their opaque reference."""

    __tablename__ = "young_person"
    __seen_by__ = Rule(_council_or_told, writers=("council_id",))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    council_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    reference: Mapped[str] = mapped_column(String(20))
    given_name: Mapped[str] = mapped_column(String(100))
    family_name: Mapped[str] = mapped_column(String(100))
    date_of_birth: Mapped[date]
    school: Mapped[str] = mapped_column(String(200), default="")
    contacts: Mapped[str] = mapped_column(Text(), default="")
    version: Mapped[int] = mapped_column(default=1)

    def given_away_by(self, text: str) -> str | None:
        """The first thing in a text that says who this is."""
        return given_away(
            text,
            given_name=self.given_name,
            family_name=self.family_name,
            date_of_birth=self.date_of_birth,
            school=self.school,
        )

    __table_args__ = (
        UniqueConstraint("council_id", "reference", name="one_young_person_of_a_reference"),
        UniqueConstraint("id", "council_id", name="young_person_with_their_council"),
        Index("ix_young_person_family_name", "council_id", "family_name"),
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Referral(Base):
    """A council's need for one young person, told so that nobody can tell who it is.

    Quantities are in parts of the unit: minutes, sessions or nights. ``service`` is what is
    bought, for a provider that does not see the category. On the ranking, ``tier_size`` providers
    are asked at a time, and have ``tier_hours`` until the next are asked as well.
    """

    __tablename__ = "referral"
    __seen_by__ = Rule(sent_to("id"), writers=("council_id",), tasks=(Task.REFERRALS,))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    council_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    framework_id: Mapped[UUID] = mapped_column(ForeignKey("framework.id"))
    category_id: Mapped[UUID]
    young_person_id: Mapped[UUID]
    reference: Mapped[str] = mapped_column(String(20))
    service: Mapped[str] = mapped_column(String(200))
    route: Mapped[Route] = mapped_column(one_of(Route, "referral_route"))
    state: Mapped[ReferralState] = mapped_column(one_of(ReferralState, "referral_state"))
    need: Mapped[str] = mapped_column(Text(), default="")
    age_group: Mapped[AgeGroup] = mapped_column(one_of(AgeGroup, "referral_age_group"))
    outcomes: Mapped[list[str]] = mapped_column(JSON(), default=list)
    unit: Mapped[Unit] = mapped_column(one_of(Unit, "referral_unit"))
    band: Mapped[str] = mapped_column(String(40), default="")
    weekly_parts: Mapped[int | None]
    total_parts: Mapped[int | None]
    starts_on: Mapped[date]
    expected_ends_on: Mapped[date | None]
    area: Mapped[str] = mapped_column(String(100), default="")
    emergency: Mapped[bool] = mapped_column(default=False)
    emergency_because: Mapped[str] = mapped_column(String(500), default="")
    outside_area: Mapped[bool] = mapped_column(default=False)
    specialist: Mapped[bool] = mapped_column(default=False)
    communication_needs: Mapped[str] = mapped_column(String(1000), default="")
    language_needs: Mapped[str] = mapped_column(String(1000), default="")
    access_needs: Mapped[str] = mapped_column(String(1000), default="")
    respond_by: Mapped[datetime] = mapped_column(Instant())
    tier_size: Mapped[int | None]
    tier_hours: Mapped[int | None]
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    made_by_name: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime] = mapped_column(Instant())
    sent_at: Mapped[datetime | None] = mapped_column(Instant())
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant())
    withdrawn_because: Mapped[str] = mapped_column(String(500), default="")
    version: Mapped[int] = mapped_column(default=1)

    council: Mapped[Organisation] = relationship(viewonly=True)
    framework: Mapped[Framework] = relationship(viewonly=True)
    category: Mapped[Category] = relationship(viewonly=True)
    young_person: Mapped[YoungPerson] = relationship(viewonly=True)

    __table_args__ = (
        ForeignKeyConstraint(
            ["category_id", "framework_id"], ["category.id", "category.framework_id"]
        ),
        ForeignKeyConstraint(
            ["young_person_id", "council_id"], ["young_person.id", "young_person.council_id"]
        ),
        UniqueConstraint("council_id", "reference", name="one_referral_of_a_reference"),
        UniqueConstraint("id", "council_id", name="referral_with_its_council"),
        CheckConstraint("expected_ends_on >= starts_on", name="referral_ends_after_it_starts"),
        CheckConstraint("weekly_parts > 0", name="weekly_parts_above_nothing"),
        CheckConstraint("total_parts > 0", name="total_parts_above_nothing"),
        CheckConstraint(
            "state IN ('draft', 'withdrawn') OR sent_at IS NOT NULL", name="referral_sent_at"
        ),
        CheckConstraint("tier_size > 0 AND tier_hours > 0", name="tiers_above_nothing"),
        CheckConstraint(
            "sent_at IS NULL OR NOT emergency OR emergency_because <> ''",
            name="emergency_with_a_reason",
        ),
        CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_at IS NOT NULL) "
            "AND (state = 'withdrawn') = (withdrawn_because <> '')",
            name="referral_withdrawn_with_a_reason",
        ),
        Index("ix_referral_council_id", "council_id", "made_at", "id"),
        Index("ix_referral_young_person_id", "young_person_id"),
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Recipient(Base):
    """One provider that a referral goes to; it sees the row once ``sent_at`` is set.

    No page tells it the tier, or that there are others. ``place_id`` is empty where quotes are
    asked for.
    """

    __tablename__ = "referral_recipient"
    __seen_by__ = Rule(
        _council_or_asked, writers=("council_id", "provider_id"), tasks=(Task.REFERRALS,)
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    referral_id: Mapped[UUID]
    council_id: Mapped[UUID]
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    place_id: Mapped[UUID | None] = mapped_column(ForeignKey("place.id"))
    tier: Mapped[int] = mapped_column(default=1)
    state: Mapped[RecipientState] = mapped_column(one_of(RecipientState, "recipient_state"))
    sent_at: Mapped[datetime | None] = mapped_column(Instant())
    respond_by: Mapped[datetime | None] = mapped_column(Instant())
    answered_at: Mapped[datetime | None] = mapped_column(Instant())
    declined_code: Mapped[DeclineCode | None] = mapped_column(one_of(DeclineCode, "decline_code"))
    declined_words: Mapped[str] = mapped_column(String(500), default="")

    referral: Mapped[Referral] = relationship(viewonly=True)
    provider: Mapped[Organisation] = relationship(viewonly=True)
    place: Mapped[Place | None] = relationship(viewonly=True)

    __table_args__ = (
        ForeignKeyConstraint(["referral_id", "council_id"], ["referral.id", "referral.council_id"]),
        UniqueConstraint("referral_id", "provider_id", name="one_recipient_of_a_provider"),
        UniqueConstraint("id", "council_id", "provider_id", name="recipient_with_its_parties"),
        CheckConstraint("tier > 0", name="tiers_from_one"),
        CheckConstraint("(sent_at IS NULL) = (respond_by IS NULL)", name="asked_until_a_moment"),
        Index("ix_referral_recipient_provider_id", "provider_id", "respond_by", "id"),
    )


class LeftOut(Base):
    """A provider that a referral was not sent to, and the sentence that says why."""

    __tablename__ = "referral_left_out"
    __seen_by__ = parties("council_id")

    referral_id: Mapped[UUID] = mapped_column(primary_key=True)
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    council_id: Mapped[UUID]
    because: Mapped[str] = mapped_column(String(300))

    provider: Mapped[Organisation] = relationship(viewonly=True)

    __table_args__ = (
        ForeignKeyConstraint(["referral_id", "council_id"], ["referral.id", "referral.council_id"]),
    )
