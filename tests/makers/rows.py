"""What every maker shares: the numbers of invented names, and adding a row."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import TypeVar

from sqlalchemy.orm import Session

from portal.kernel.tenancy import Base

PASSWORD = "a calm grey heron"
RECORDED_AT = datetime(2026, 5, 1, 9, tzinfo=UTC)
Row = TypeVar("Row", bound=Base)
numbers = count(1)


def add(session: Session, row: Row) -> Row:
    """The row, added and flushed."""
    session.add(row)
    session.flush()
    return row
