"""Links that let somebody back in, and changes of an address that are being confirmed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.identity.models import Person
from portal.identity.recovery.rules import LinkKind
from portal.kernel.columns import Instant, one_of
from portal.kernel.ids import new_id
from portal.kernel.indexes import partial_index
from portal.kernel.tenancy import Base, Rule, Task, nobody

_OPEN = "ended_at IS NULL"


class RecoveryLink(Base):
    """A link sent to a person's own address that works once; only its secret's digest is kept."""

    __tablename__ = "recovery_link"
    __seen_by__ = Rule(nobody, tasks=(Task.SIGN_IN,))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[LinkKind] = mapped_column(one_of(LinkKind, "recovery_link_kind"))
    secret_digest: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(Instant())
    expires_at: Mapped[datetime] = mapped_column(Instant())
    used_at: Mapped[datetime | None] = mapped_column(Instant())

    person: Mapped[Person] = relationship(viewonly=True)

    __table_args__ = (
        Index("one_recovery_link_for_a_secret", "kind", "secret_digest", unique=True),
        Index("ix_recovery_link_person", "person_id", "made_at"),
    )


class AddressChange(Base):
    """A person's change of e-mail address: confirmed at the new one, and stoppable at the old.

    It is made once the new address has confirmed, and the old one has too or has let
    ``stoppable_until`` pass. ``ended_at`` says when it was made, stopped or given up.
    """

    __tablename__ = "address_change"
    __seen_by__ = Rule(nobody, tasks=(Task.SIGN_IN,))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    old_email: Mapped[str] = mapped_column(String(200))
    new_email: Mapped[str] = mapped_column(String(200))
    old_digest: Mapped[str] = mapped_column(String(64))
    new_digest: Mapped[str] = mapped_column(String(64))
    asked_at: Mapped[datetime] = mapped_column(Instant())
    stoppable_until: Mapped[datetime] = mapped_column(Instant())
    old_confirmed_at: Mapped[datetime | None] = mapped_column(Instant())
    new_confirmed_at: Mapped[datetime | None] = mapped_column(Instant())
    ended_at: Mapped[datetime | None] = mapped_column(Instant())

    person: Mapped[Person] = relationship(viewonly=True)

    __table_args__ = (
        CheckConstraint("new_email = lower(new_email)", name="new_email_in_lower_case"),
        partial_index(
            "one_open_address_change",
            "person_id",
            unique=True,
            where=_OPEN,
        ),
        Index("ix_address_change_old_digest", "old_digest"),
        Index("ix_address_change_new_digest", "new_digest"),
    )
