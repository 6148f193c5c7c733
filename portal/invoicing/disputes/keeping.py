"""What is erased of disputes when their invoices have been kept long enough."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.invoicing.disputes.models import Dispute
from portal.kernel.files import StoredFile, forget


def erase_disputes(
    session: Session, invoice_ids: Sequence[UUID], *, words: str, name: str, at: datetime
) -> None:
    """Put these words and this name in the place of what was written, and delete the files."""
    of_them = Dispute.invoice_id.in_(invoice_ids)
    files = session.scalars(
        select(StoredFile)
        .join(Dispute, Dispute.file_id == StoredFile.id)
        .where(of_them)
        .order_by(StoredFile.id)
    ).all()
    session.execute(
        update(Dispute)
        .where(of_them)
        .values(words=words, disputed_by_name=name, file_id=None)
        .execution_options(synchronize_session=False)
    )
    for stored in files:
        forget(session, stored, at=at)
