"""The escrow's keys, and what each sealed submission said once it was opened."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.frameworks.applications.models import after_opening
from portal.frameworks.applications.opened import its_submission
from portal.kernel.columns import Instant
from portal.kernel.ids import new_id
from portal.kernel.tenancy import Base, Rule, Task, everyone


class EscrowKey(Base):
    """The public half of a key that stands in for one opener. The newest seals new rounds.

    The operator keeps the private half outside the portal, under a pass phrase. ``drilled_at`` is
    when it was last shown to open the shares that wait for it.
    """

    __tablename__ = "escrow_key"
    __seen_by__ = Rule(everyone)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(Instant())
    drilled_at: Mapped[datetime] = mapped_column(Instant())

    __table_args__ = (UniqueConstraint("public_key", name="one_escrow_key_each"),)


class OpenedSubmission(Base):
    """What was sealed, as it was opened: its salt and text give the digest on the receipt.

    Both are empty where the sealed submission had been altered since it was received.
    """

    __tablename__ = "opened_submission"
    __seen_by__ = Rule(after_opening, tasks=(Task.ROUNDS,))

    submission_id: Mapped[UUID] = mapped_column(primary_key=True)
    application_id: Mapped[UUID]
    round_id: Mapped[UUID]
    framework_id: Mapped[UUID]
    lead_council_id: Mapped[UUID]
    provider_id: Mapped[UUID]
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    text: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = (
        its_submission(),
        CheckConstraint("(salt IS NULL) = (text IS NULL)", name="opened_whole_or_not_at_all"),
    )
