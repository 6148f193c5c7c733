"""What nobody sent, and what was guessed, is removed when its time is over."""

from __future__ import annotations

from portal.complaints.making.actions import remove_outlived
from portal.kernel.jobs import Work, every
from portal.kernel.tenancy import Task


@every("complaints:remove-unsent", minutes=60, scope=Task.RETENTION)
def remove_unsent(work: Work) -> None:
    """Unsaved after a day, saved after 30 days, receipts after an hour."""
    remove_outlived(work.session, at=work.at)
