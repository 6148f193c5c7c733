"""What somebody sent without an account, the conversation about it, and what is not yet sent.

A provider never sees a row of these, not even the one that a complaint is about.
"""

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
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    or_,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.complaints.rules import About, Answer, Helper, Kind, Side, State, Track, Who
from portal.kernel.columns import Instant, one_of
from portal.kernel.ids import new_id
from portal.kernel.tenancy import Base, Looker, Rule, Task, column, nobody


def council_or_follower(followed: str) -> Rule:
    """The council; and whoever proved, by reference and passphrase, that it is theirs.

    A follower writes nothing by themselves: the public desk does it for them.
    """

    def sees(entity: Any, looker: Looker) -> ColumnElement[bool]:
        return or_(
            column(entity, "council_id") == looker.organisation,
            column(entity, followed) == looker.following,
        )

    return Rule(sees, writers=("council_id",), tasks=(Task.PUBLIC_DESK, Task.RETENTION))


class Complaint(Base):
    """A complaint, a compliment or a worry, as it was sent.

    ``received_on`` is the London day of ``received_at``: day 0 of every clock. ``urgent`` means
    that the sender said they were not safe. ``provider_id`` is the provider it is about.
    ``tell_provider`` is the sender's own word that the provider may know who they are.
    """

    __tablename__ = "complaint"
    __seen_by__ = council_or_follower("id")

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    council_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    reference: Mapped[str] = mapped_column(String(12))
    passphrase_hash: Mapped[str] = mapped_column(String(200))
    kind: Mapped[Kind] = mapped_column(one_of(Kind, "complaint_kind"))
    urgent: Mapped[bool] = mapped_column(default=False)
    what_happened: Mapped[str] = mapped_column(Text())
    about: Mapped[About] = mapped_column(one_of(About, "complaint_about"))
    provider_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    about_whom: Mapped[str] = mapped_column(Text(), default="")
    wished: Mapped[str] = mapped_column(Text(), default="")
    who: Mapped[Who] = mapped_column(one_of(Who, "complaint_who"))
    name: Mapped[str | None] = mapped_column(String(200))
    on_behalf_of: Mapped[str] = mapped_column(Text(), default="")
    tell_provider: Mapped[bool] = mapped_column(default=False)
    answer_by: Mapped[Answer] = mapped_column(one_of(Answer, "complaint_answer_by"))
    contact: Mapped[str] = mapped_column(Text(), default="")
    safe_times: Mapped[str] = mapped_column(Text(), default="")
    may_leave_message: Mapped[bool] = mapped_column(default=False)
    helper: Mapped[Helper] = mapped_column(one_of(Helper, "complaint_helper"))
    helper_contact: Mapped[str] = mapped_column(Text(), default="")
    language: Mapped[str] = mapped_column(String(200), default="")
    needs: Mapped[str] = mapped_column(Text(), default="")
    received_at: Mapped[datetime] = mapped_column(Instant())
    received_on: Mapped[date]
    track: Mapped[Track | None] = mapped_column(one_of(Track, "complaint_track"))
    state: Mapped[State] = mapped_column(one_of(State, "complaint_state"), default=State.RECEIVED)
    version: Mapped[int] = mapped_column(default=1)

    messages: Mapped[list[Message]] = relationship(order_by="Message.at, Message.id", viewonly=True)
    attachments: Mapped[list[Attachment]] = relationship(order_by="Attachment.id", viewonly=True)

    __table_args__ = (
        UniqueConstraint("reference", name="one_complaint_a_reference"),
        UniqueConstraint("id", "council_id", name="complaint_with_its_council"),
        CheckConstraint(
            "(about = 'provider') = (provider_id IS NOT NULL)", name="about_the_provider_named"
        ),
        CheckConstraint("name IS NOT NULL OR NOT tell_provider", name="only_a_name_can_be_told"),
        Index("ix_complaint_council_id", "council_id", "id"),
    )

    @property
    def tells_who(self) -> bool:
        """Whether it says who the young person is, or where they can be reached."""
        return bool(self.name or self.on_behalf_of or self.contact or self.helper_contact)


class Message(Base):
    """One message between the sender and the council; ``person_id`` is the council's own writer."""

    __tablename__ = "complaint_message"
    __seen_by__ = council_or_follower("complaint_id")

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    complaint_id: Mapped[UUID]
    council_id: Mapped[UUID]
    side: Mapped[Side] = mapped_column(one_of(Side, "complaint_message_side"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    person_name: Mapped[str] = mapped_column(String(200), default="")
    text: Mapped[str] = mapped_column(Text())
    at: Mapped[datetime] = mapped_column(Instant())

    __table_args__ = (
        ForeignKeyConstraint(
            ["complaint_id", "council_id"], ["complaint.id", "complaint.council_id"]
        ),
        UniqueConstraint("id", "complaint_id", name="message_with_its_complaint"),
        CheckConstraint(
            "(side = 'council') = (person_id IS NOT NULL)", name="only_the_council_is_named"
        ),
        Index("ix_complaint_message_complaint_id", "complaint_id", "id"),
    )


class Attachment(Base):
    """A stored file that came with a complaint, or with one message about it."""

    __tablename__ = "complaint_attachment"
    __seen_by__ = council_or_follower("complaint_id")

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    complaint_id: Mapped[UUID]
    council_id: Mapped[UUID]
    message_id: Mapped[UUID | None]
    stored_file_id: Mapped[UUID]
    at: Mapped[datetime] = mapped_column(Instant())

    __table_args__ = (
        ForeignKeyConstraint(
            ["complaint_id", "council_id"], ["complaint.id", "complaint.council_id"]
        ),
        ForeignKeyConstraint(
            ["message_id", "complaint_id"],
            ["complaint_message.id", "complaint_message.complaint_id"],
        ),
        ForeignKeyConstraint(
            ["stored_file_id", "council_id"], ["stored_file.id", "stored_file.council_id"]
        ),
        UniqueConstraint("stored_file_id", name="a_file_attached_once"),
        Index("ix_complaint_attachment_complaint_id", "complaint_id", "id"),
    )


class UnsentComplaint(Base):
    """What somebody has typed and not yet sent, sealed under a key made of their passphrase.

    Nobody who reads the database can read it; docs/decisions says why it is kept at all.
    Sending turns it into a complaint with the same id, reference and passphrase.
    """

    __tablename__ = "unsent_complaint"
    __seen_by__ = Rule(
        lambda entity, looker: column(entity, "id") == looker.following,
        tasks=(Task.PUBLIC_DESK, Task.RETENTION),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    reference: Mapped[str] = mapped_column(String(12))
    sealed: Mapped[bytes] = mapped_column(LargeBinary())
    kept_until: Mapped[datetime] = mapped_column(Instant())

    __table_args__ = (
        UniqueConstraint("reference", name="one_unsent_complaint_a_reference"),
        Index("ix_unsent_complaint_kept_until", "kept_until"),
    )


class WrongGuesses(Base):
    """How often a reference, real or not, was tried with a wrong passphrase since a moment."""

    __tablename__ = "wrong_guesses"
    __seen_by__ = Rule(nobody, tasks=(Task.PUBLIC_DESK, Task.RETENTION))

    reference_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int] = mapped_column(default=0)
    since: Mapped[datetime] = mapped_column(Instant())

    __table_args__ = (Index("ix_wrong_guesses_since", "since"),)
