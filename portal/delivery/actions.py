"""Every change of what was delivered, each with its audit event."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
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
    session_ids: Collection[UUID],
    stay_ids: Collection[UUID],
    at: datetime,
) -> None:
    """Put sessions and stays on an invoice, after which they are not edited any more.

    One statement for each kind; the invoice's own event is the record of it. Raises
    ChangedWhileInvoicing when one of them is gone or already on another invoice.
    """
    for model, ids in ((DeliverySession, session_ids), (Stay, stay_ids)):
        if not ids:
            continue
        result = session.execute(
            update(model)
            .where(model.id.in_(ids), model.locked_at.is_(None))
            .values(locked_at=at)
            .execution_options(synchronize_session=False)
        )
        assert isinstance(result, CursorResult)
        if result.rowcount != len(set(ids)):
            raise ChangedWhileInvoicing
