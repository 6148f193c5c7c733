"""What somebody said of a provider that is not there before its e-mail is answered."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.columns import Instant
from portal.kernel.ids import new_id
from portal.kernel.tenancy import Base, Rule, Task, nobody


class Registration(Base):
    """A provider to come and its first administrator, until the link in the letter is opened.

    Of the link's secret only the digest is kept. The row goes when the provider is made, or when
    the link has expired.
    """

    __tablename__ = "registration"
    __seen_by__ = Rule(nobody, tasks=(Task.SIGN_IN,))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    secret_digest: Mapped[str] = mapped_column(String(64))
    email: Mapped[str] = mapped_column(String(200))
    person_name: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(200))
    legal_name: Mapped[str] = mapped_column(String(200))
    company_number: Mapped[str | None] = mapped_column(String(20))
    street: Mapped[str] = mapped_column(String(200))
    city: Mapped[str] = mapped_column(String(100))
    postcode: Mapped[str] = mapped_column(String(10))
    asked_at: Mapped[datetime] = mapped_column(Instant())
    expires_at: Mapped[datetime] = mapped_column(Instant())

    __table_args__ = (
        CheckConstraint("email = lower(email)", name="registered_email_in_lower_case"),
        Index("one_registration_for_a_link", "secret_digest", unique=True),
        Index("ix_registration_email", "email"),
        Index("ix_registration_expires_at", "expires_at"),
    )
