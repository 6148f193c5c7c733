"""Linking what a transaction recorded, at the moment in which it commits.

Whatever records an event notes it here; before the commit the events' chains are locked, one
after another in the order of their ids, and the links are added. So a chain is held for the time
of its own three statements only, and no two transactions wait for each other's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, event, select, update
from sqlalchemy.orm import Session, SessionTransaction

from portal.audit.models import AuditChain, AuditLink
from portal.audit.rules import (
    BEGINNING,
    VERSION,
    Seals,
    chain_of,
    link_digest,
    salts_for,
    seal,
)
from portal.kernel.bulk import insert_rows
from portal.kernel.database import ScopedSession, enter, prepared, scope_of
from portal.kernel.tenancy import Scope, Task

Row = dict[str, Any]
_NOTED = "audit_noted"  # events of this transaction that are not linked yet
_SAVEPOINTS = "audit_savepoints"  # how many there were when each savepoint was made
_AT_ONCE = 5_000

_HEADS = prepared(
    select(AuditChain.chain_id, AuditChain.position, AuditChain.digest)
    .where(AuditChain.chain_id.in_(bindparam("chains", expanding=True)))
    .order_by(AuditChain.chain_id)
    .with_for_update()
)


def note(session: Session, rows: Sequence[Row]) -> None:
    """Have these events, which were just added, linked when the session commits."""
    session.info.setdefault(_NOTED, []).extend(rows)


def link_rows(
    events: Sequence[Row], chain_id: UUID, position: int, previous: bytes
) -> Iterator[Row]:
    """The links of some events of one chain, after the one at ``position``."""
    for one, salts in zip(events, salts_for(len(events)), strict=True):
        position += 1
        seals = Seals(
            *(seal(salt or b"", one[name]) for name, salt in zip(Seals._fields, salts, strict=True))
        )
        digest = link_digest(one, seals, chain_id=chain_id, position=position, previous=previous)
        yield {
            "chain_id": chain_id,
            "position": position,
            "event_id": one["id"],
            "version": VERSION,
            "previous": previous,
            "digest": digest,
            "person_name_seal": seals.person_name,
            "subject_label_seal": seals.subject_label,
            "details_seal": seals.details,
            "person_name_salt": salts.person_name,
            "subject_label_salt": salts.subject_label,
            "details_salt": salts.details,
        }
        previous = digest


@event.listens_for(ScopedSession, "before_commit")
def _link(session: Session) -> None:
    noted = session.info.get(_NOTED)
    if not noted or session.in_nested_transaction():
        return
    session.flush()  # whatever still waits for a row must not wait while holding a chain
    worked_as = scope_of(session)
    enter(session, Scope.system(Task.RECORD))
    chains: dict[UUID, list[Row]] = {}
    for row in noted:
        chains.setdefault(chain_of(row["organisation_id"]), []).append(row)
    heads = _locked_heads(session, sorted(chains))
    for chain_id, rows in sorted(chains.items()):
        position, digest = heads[chain_id]
        for start in range(0, len(rows), _AT_ONCE):
            links = list(link_rows(rows[start : start + _AT_ONCE], chain_id, position, digest))
            insert_rows(session, AuditLink, links)
            position, digest = links[-1]["position"], links[-1]["digest"]
        session.execute(
            update(AuditChain)
            .where(AuditChain.chain_id == chain_id)
            .values(position=position, digest=digest)
            .execution_options(synchronize_session=False)
        )
    noted.clear()
    enter(session, worked_as)


def _locked_heads(session: Session, chains: list[UUID]) -> dict[UUID, tuple[int, bytes]]:
    """Where these chains end, held until the commit; a chain that is new begins."""
    heads = _heads(session, chains)
    if missing := [chain_id for chain_id in chains if chain_id not in heads]:
        beginnings = [{"chain_id": one, "position": 0, "digest": BEGINNING} for one in missing]
        insert_rows(session, AuditChain, beginnings, if_missing=True)
        heads = _heads(session, chains)
    return heads


def _heads(session: Session, chains: list[UUID]) -> dict[UUID, tuple[int, bytes]]:
    return {
        chain_id: (position, digest)
        for chain_id, position, digest in session.execute(_HEADS, {"chains": chains})
    }


@event.listens_for(ScopedSession, "after_transaction_create")
def _began(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        kept = session.info.setdefault(_SAVEPOINTS, {})
        kept[transaction] = len(session.info.get(_NOTED, ()))


@event.listens_for(ScopedSession, "after_soft_rollback")
def _rolled_back(session: Session, transaction: SessionTransaction) -> None:
    before = session.info.get(_SAVEPOINTS, {}).get(transaction)
    if before is not None:
        del session.info.get(_NOTED, [])[before:]


@event.listens_for(ScopedSession, "after_transaction_end")
def _ended(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(_NOTED, None)
        session.info.pop(_SAVEPOINTS, None)
