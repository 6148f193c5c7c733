"""What happened, for tests of the record: events of two organisations and of the portal itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from portal.audit.actions import Actor, Happening, Subject
from portal.audit.models import AuditChain
from portal.audit.statements import Statement
from portal.audit.verifying import Finding, Verified, verify
from portal.kernel.database import Database
from portal.kernel.ids import new_id
from portal.kernel.tenancy import Scope, Task

OPERATOR = Scope.system(Task.OPERATOR)
NOON = datetime(2026, 4, 30, 12, tzinfo=UTC)
COUNCIL, PROVIDER, OTHER = new_id(), new_id(), new_id()
RUTH = Actor(new_id(), "Ruth", COUNCIL)
OWEN = Actor(new_id(), "Owen", PROVIDER)
NOBODY = Actor(None, "Platform operator", None)
LINE = Subject("line", new_id(), "IA-1", COUNCIL, PROVIDER)


class Event(StrEnum):
    """What happens in these tests."""

    APPROVED = "tests:line:approved"


def happened(actor: Actor, number: int = 0, subject: Subject = LINE) -> Happening:
    """Something that somebody did, so many minutes after noon."""
    details: dict[str, Any] = {"pence": 4200 + number, "changed": ["minutes", "mode"]}
    return Happening(actor, Event.APPROVED, subject, NOON + timedelta(minutes=number), details)


def stated(database: Database, at: datetime = NOON) -> list[Statement]:
    """Where each chain ends now."""
    with database.session(OPERATOR) as session:
        return [
            Statement(at, head.chain_id, head.position, head.digest)
            for head in session.query(AuditChain).order_by(AuditChain.chain_id)
        ]


def findings(database: Database, statements: list[Statement] | None = None) -> list[Finding]:
    """Everything that is wrong with the record."""
    with database.session(OPERATOR) as session:
        return list(verify(session, statements or [], Verified()))


def ends(database: Database) -> dict[UUID, int]:
    """How long each chain is."""
    return {one.chain_id: one.position for one in stated(database)}
