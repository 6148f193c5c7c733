"""Every change of what was delivered, each with its audit event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Update, bindparam, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from portal.delivery.corrections.models import DeliveryCorrection
from portal.delivery.models import DeliverySession, Stay
from portal.kernel.database import prepared
from portal.kernel.errors import DomainError


class ChangedWhileInvoicing(DomainError):
    """A session or stay was invoiced, edited away or removed while its invoice was made."""

    sentence = (
        "Some of what was delivered changed while this invoice was being made. "
        "Nothing was submitted: open the draft again to see it as it is now."
    )


@dataclass(frozen=True, slots=True)
class Locks:
    """What locks sessions, stays and corrections: a statement for each kind, put together once."""

    statements: tuple[Update, Update, Update]

    @classmethod
    def of(
        cls,
        *,
        sessions: Select[UUID | None],
        stays: Select[UUID | None],
        corrections: Select[UUID],
    ) -> Locks:
        """Of the ids that these questions give."""
        return cls(
            (
                _lock(DeliverySession, sessions),
                _lock(Stay, stays),
                _lock(DeliveryCorrection, corrections),
            )
        )


def _lock(model: type[DeliverySession | Stay | DeliveryCorrection], ids: Select[Any]) -> Update:
    return prepared(
        update(model)
        .where(model.id.in_(ids), model.locked_at.is_(None))
        .values(locked_at=bindparam("at"))
        .execution_options(synchronize_session=False)
    )


def lock(session: Session, locks: Locks, *, units: int, at: datetime, **asked: Any) -> None:
    """Put sessions, stays and corrections on an invoice, after which they are not edited any more.

    ``asked`` are the parameters of the questions that ``locks`` are made of; ``units`` is how
    many of them these must find. The invoice's own event is the record of it. Raises
    ChangedWhileInvoicing when one of them is gone or already on another invoice.
    """
    locked = 0
    for statement in locks.statements:
        result = session.execute(statement, {"at": at, **asked})
        assert isinstance(result, CursorResult)
        locked += result.rowcount
    if locked != units:
        raise ChangedWhileInvoicing
