"""What a council and its providers publish for young people; everybody may read every row."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.complaints.guidance.rules import ContactKind
from portal.kernel.columns import Instant, one_of
from portal.kernel.ids import new_id
from portal.kernel.tenancy import Base, Rule, everyone


class Contact(Base):
    """Somebody whom a council's young people can ask, from a day on.

    A change is a new row under the same ``code``; the last one recorded that has begun counts.
    ``shown`` is false from the day on which it is taken off the page. Saying that it is still
    right moves ``checked_on``, and nothing else of a row ever changes.
    """

    __tablename__ = "contact"
    __seen_by__ = Rule(everyone, writers=("council_id",))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    council_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    code: Mapped[str] = mapped_column(String(60))
    kind: Mapped[ContactKind] = mapped_column(one_of(ContactKind, "contact_kind"))
    name: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str] = mapped_column(String(30), default="")
    text_number: Mapped[str] = mapped_column(String(30), default="")
    web: Mapped[str] = mapped_column(String(200), default="")
    hours: Mapped[str] = mapped_column(String(200), default="")
    shown: Mapped[bool] = mapped_column(default=True)
    starts_on: Mapped[date]
    checked_on: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(Instant())
    recorded_by_name: Mapped[str] = mapped_column(String(200))

    __table_args__ = (
        CheckConstraint(
            "phone <> '' OR text_number <> '' OR web <> ''", name="contact_can_be_reached"
        ),
        Index("ix_contact_council_id", "council_id", "recorded_at"),
    )


class Procedure(Base):
    """How an organisation, a council or a provider, deals with complaints, in its own words.

    From a day on; a change is a new row, and the last one recorded that has begun counts.
    ``registered`` says that Ofsted inspects the provider: a fostering agency or a children's home
    (rules.md A11).
    """

    __tablename__ = "procedure"
    __seen_by__ = Rule(everyone, writers=("organisation_id",))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    how_to_tell: Mapped[str] = mapped_column(Text)
    who_answers: Mapped[str] = mapped_column(Text)
    how_soon: Mapped[str] = mapped_column(Text)
    not_happy: Mapped[str] = mapped_column(Text)
    registered: Mapped[bool] = mapped_column(default=False)
    starts_on: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(Instant())
    recorded_by_name: Mapped[str] = mapped_column(String(200))

    __table_args__ = (Index("ix_procedure_organisation_id", "organisation_id", "recorded_at"),)


class ExitAddress(Base):
    """Where a council's "Exit this page" leads, where it is not the usual address."""

    __tablename__ = "exit_address"
    __seen_by__ = Rule(everyone, writers=("council_id",))

    council_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    address: Mapped[str] = mapped_column(String(200))
