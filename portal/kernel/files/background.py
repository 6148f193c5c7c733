"""What happens to files behind the pages: scanned, removed with their rows, orphans swept away."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from itertools import islice
from logging import getLogger
from uuid import UUID

from sqlalchemy import select

from portal.kernel.files.models import FileState, StoredFile
from portal.kernel.files.scanning import scanner
from portal.kernel.files.store import storage
from portal.kernel.ids import made_before, new_id
from portal.kernel.jobs import Work, enqueue, every, job
from portal.kernel.tenancy import Task

log = getLogger("portal.files")

SWEPT_AFTER = timedelta(days=1)  # a transaction that keeps a file has long ended by then
SWEPT_AT_ONCE = 500


@job("files:scan", scope=Task.JOBS)
def scan(work: Work, *, file_id: str) -> None:
    """Ask the scanner about a quarantined file, then release it or shut it away for good.

    Where no scanner is set up any more, it is released. Of two answers the first one stands.
    Raises what a scanner raises that does not answer, so that it is asked again.
    """
    with work.reading() as session:
        waiting = session.get(StoredFile, UUID(file_id))
        if waiting is None or waiting.state is not FileState.QUARANTINED:
            return
    clean = True
    if (asked := scanner()) is not None:
        with storage().open(waiting.id) as opened:
            clean = asked.is_clean(opened)
    stored = work.session.get(StoredFile, waiting.id, with_for_update=True, populate_existing=True)
    if stored is None or stored.state is not FileState.QUARANTINED:
        return
    stored.state = FileState.RELEASED if clean else FileState.REFUSED
    if not clean:
        log.warning("the virus scanner found something in file %s", stored.id)
        enqueue(work.session, "files:remove", at=work.at, arguments={"file_id": file_id})


@job("files:remove", scope=Task.JOBS)
def remove(work: Work, *, file_id: str) -> None:
    """Remove the bytes of a file whose row is gone, or that nobody may open."""
    with work.reading() as session:
        stored = session.get(StoredFile, UUID(file_id))
    if stored is None or stored.state is FileState.REFUSED:
        storage().delete(UUID(file_id))


@every("files:scan-again", minutes=30, scope=Task.JOBS)
def scan_again(work: Work) -> None:
    """Ask again about files that the scanner gave no answer on for too long."""
    waiting = work.session.scalars(
        select(StoredFile.id)
        .where(
            StoredFile.state == FileState.QUARANTINED,
            StoredFile.stored_at < work.at - timedelta(minutes=30),
        )
        .order_by(StoredFile.id)
        .limit(SWEPT_AT_ONCE)
    ).all()
    for file_id in waiting:
        enqueue(work.session, "files:scan", at=work.at, arguments={"file_id": file_id.hex})


@every("files:sweep", daily="03:30", scope=Task.RETENTION)
def sweep(work: Work) -> None:
    """Remove bytes that no row names: a form failed after keeping, or rows went in bulk."""
    now = new_id()
    old = (one for one in storage().kept() if made_before(one, now, SWEPT_AFTER))
    looked_at = removed = 0
    while batch := list(islice(old, SWEPT_AT_ONCE)):
        removed += _remove_orphans(work, batch)
        looked_at += len(batch)
        work.progress(looked_at, looked_at)
    if removed:
        log.info("%d files without a row were removed", removed)


def _remove_orphans(work: Work, file_ids: Iterable[UUID]) -> int:
    with work.reading() as session:
        named = set(session.scalars(select(StoredFile.id).where(StoredFile.id.in_(file_ids))))
    orphans = set(file_ids) - named
    for orphan in orphans:
        storage().delete(orphan)
    return len(orphans)
