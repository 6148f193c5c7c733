"""Invitations to join an organisation, and requests to be invited."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.identity.models import Organisation
from portal.kernel.columns import Instant
from portal.kernel.ids import new_id
from portal.kernel.indexes import partial_index
from portal.kernel.tenancy import Base, Task, parties

_OPEN = "accepted_at IS NULL AND withdrawn_at IS NULL"
_WAITING = "decided_at IS NULL"


class Invitation(Base):
    """One address invited to certain roles: once, for a week, through a link sent to it.

    Of the link's secret only the digest is kept. ``difference`` is what the administrator said
    when somebody with such a name or address works here already.
    """

    __tablename__ = "invitation"
    __seen_by__ = parties("organisation_id", tasks=(Task.SIGN_IN,))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    email: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(200))
    roles: Mapped[list[str]] = mapped_column(JSON())
    difference: Mapped[str] = mapped_column(Text(), default="")
    secret_digest: Mapped[str] = mapped_column(String(64))
    invited_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    invited_by_name: Mapped[str] = mapped_column(String(200))
    invited_at: Mapped[datetime] = mapped_column(Instant())
    expires_at: Mapped[datetime] = mapped_column(Instant())
    accepted_at: Mapped[datetime | None] = mapped_column(Instant())
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant())

    organisation: Mapped[Organisation] = relationship(viewonly=True)

    __table_args__ = (
        CheckConstraint("email = lower(email)", name="invited_email_in_lower_case"),
        CheckConstraint(
            "accepted_at IS NULL OR withdrawn_at IS NULL", name="accepted_or_withdrawn"
        ),
        Index("one_invitation_for_a_link", "secret_digest", unique=True),
        partial_index(
            "one_open_invitation_an_address",
            "organisation_id",
            "email",
            unique=True,
            where=_OPEN,
        ),
        Index("ix_invitation_organisation", "organisation_id", "invited_at", "id"),
    )


class JoinRequest(Base):
    """Somebody without an account asks to join an organisation that they named."""

    __tablename__ = "join_request"
    __seen_by__ = parties("organisation_id", tasks=(Task.SIGN_IN,))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(200))
    asked_at: Mapped[datetime] = mapped_column(Instant())
    decided_at: Mapped[datetime | None] = mapped_column(Instant())
    decided_by_name: Mapped[str] = mapped_column(String(200), default="")
    invited: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        partial_index(
            "one_waiting_request_an_address",
            "organisation_id",
            "email",
            unique=True,
            where=_WAITING,
        ),
        Index("ix_join_request_organisation", "organisation_id", "asked_at", "id"),
    )
