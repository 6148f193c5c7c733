"""What ended long ago is removed, so that the table stays small."""

from __future__ import annotations

from datetime import timedelta

from portal.kernel.jobs import Work, every
from portal.kernel.jobs.queue import remove_ended
from portal.kernel.tenancy import Task

KEPT = timedelta(days=60)


@every("jobs:sweep", daily="02:40", scope=Task.JOBS)
def sweep(work: Work) -> None:
    """Remove the jobs that ended more than 60 days ago."""
    remove_ended(work.session, before=work.at - KEPT)
