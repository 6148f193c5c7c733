"""Every change of what was delivered, each with its audit event."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from portal.delivery.models import DeliverySession, Stay
from portal.kernel.errors import DomainError


class ChangedWhileInvoicing(DomainError):
    """A session or stay was invoiced, edited away or removed while its invoice was made."""

    sentence = (
        "Some of what was delivered changed while this invoice was being made. "
        "Nothing was submitted: open the draft again to see it as it is now."
    )


def lock(
    session: Session,
    *,
    sessions: Select[UUID | None],
    stays: Select[UUID | None],
    units: int,
    at: datetime,
) -> None:
    """Put sessions and stays on an invoice, after which they are not edited any more.

    One statement for each kind, of the ids that a query gives; ``units`` is how many sessions
    and stays these must be. The invoice's own event is the record of it. Raises
    ChangedWhileInvoicing when one of them is gone or already on another invoice.
    """
    locked = 0
    for model, ids in ((DeliverySession, sessions), (Stay, stays)):
        result = session.execute(
            update(model)
            .where(model.id.in_(ids), model.locked_at.is_(None))
            .values(locked_at=at)
            .execution_options(synchronize_session=False)
        )
        assert isinstance(result, CursorResult)
        locked += result.rowcount
    if locked != units:
        raise ChangedWhileInvoicing
