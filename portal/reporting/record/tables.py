"""The record as CSV or XLSX: one row for each event, the newest first.

Columns: When (London, to the second), Who, What, Event (its code), Kind of thing, Thing, Thing's
id, Details ("Net: £42.00; Lines: 4"), and the Record number, which only one's own people's events
have: its position and the beginning of its digest, for comparing with a receipt.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import Row

from portal.audit.models import AuditEvent
from portal.audit.rules import record_number
from portal.kernel.documents.tables import Cell, csv_chunks, xlsx_workbook
from portal.kernel.local_time import LONDON
from portal.reporting.record.sentences import say_details, say_event

HEADINGS = (
    "When",
    "Who",
    "What",
    "Event",
    "Kind of thing",
    "Thing",
    "Thing's id",
    "Details",
    "Record number",
)
Linked = Row[AuditEvent, int | None, bytes | None]


def record_csv(found: Iterable[Linked]) -> Iterator[bytes]:
    """The events in chunks of CSV (UTF-8 with a mark)."""
    return csv_chunks(HEADINGS, map(_row, found))


def record_xlsx(found: Iterable[Linked]) -> bytes:
    """The same rows as a workbook with the one sheet "Record"."""
    return xlsx_workbook("Record", HEADINGS, map(_row, found))


def _row(found: Linked) -> tuple[Cell, ...]:
    event, position, digest = found
    return (
        event.at.astimezone(LONDON).strftime("%Y-%m-%d %H:%M:%S"),
        event.person_name,
        say_event(event.event),
        event.event,
        event.subject_kind,
        event.subject_label,
        str(event.subject_id) if event.subject_id else None,
        "; ".join(f"{name}: {figure}" for name, figure in say_details(event.details)),
        None if position is None or digest is None else record_number(position, digest),
    )
