"""What a person proves themselves with beyond the password. Only the sign-in reads these."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.columns import Instant
from portal.kernel.ids import new_id
from portal.kernel.tenancy import Base, Rule, Task, nobody

_SIGN_IN_ONLY = Rule(nobody, tasks=(Task.SIGN_IN,))


class Authenticator(Base):
    """The app that shows a person codes: its sealed secret, and the last time step used."""

    __tablename__ = "authenticator"
    __seen_by__ = _SIGN_IN_ONLY

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    sealed_secret: Mapped[str] = mapped_column(String(300))
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)
    added_at: Mapped[datetime] = mapped_column(Instant())


class Passkey(Base):
    """A key that a device, a browser or a security key holds for a person (WebAuthn)."""

    __tablename__ = "passkey"
    __seen_by__ = _SIGN_IN_ONLY

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    credential_id: Mapped[str] = mapped_column(String(1400))
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(100))
    added_at: Mapped[datetime] = mapped_column(Instant())
    used_at: Mapped[datetime | None] = mapped_column(Instant())

    __table_args__ = (
        Index("one_passkey_of_a_credential", "credential_id", unique=True),
        Index("ix_passkey_person_id", "person_id"),
    )


class RecoveryCode(Base):
    """One of a person's ten recovery codes, as its argon2id hash; it works once."""

    __tablename__ = "recovery_code"
    __seen_by__ = _SIGN_IN_ONLY

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code_hash: Mapped[str] = mapped_column(String(200))
    used_at: Mapped[datetime | None] = mapped_column(Instant())

    __table_args__ = (CheckConstraint("number BETWEEN 1 AND 10", name="ten_recovery_codes"),)


class UsedChallenge(Base):
    """A challenge that a passkey has answered, so that its answer counts once."""

    __tablename__ = "used_challenge"
    __seen_by__ = _SIGN_IN_ONLY

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    used_at: Mapped[datetime] = mapped_column(Instant())
