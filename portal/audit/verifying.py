"""Verifying the record: every chain link by link, every event in one, every statement kept.

What is read is held a batch at a time, so that a record of any length can be verified.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from portal.audit.events import Event
from portal.audit.models import AuditChain, AuditEvent, AuditLink
from portal.audit.rules import BEGINNING, ERASED_AS, Seals, chain_of, link_digest, seal
from portal.audit.statements import Statement

_AT_ONCE = 500
_LINKED = (
    AuditLink.chain_id,
    AuditLink.position,
    AuditLink.event_id,
    AuditLink.version,
    AuditLink.previous,
    AuditLink.digest,
    AuditLink.person_name_seal,
    AuditLink.subject_label_seal,
    AuditLink.details_seal,
    AuditLink.person_name_salt,
    AuditLink.subject_label_salt,
    AuditLink.details_salt,
    AuditEvent.id,
    AuditEvent.at,
    AuditEvent.event,
    AuditEvent.person_id,
    AuditEvent.person_name,
    AuditEvent.organisation_id,
    AuditEvent.council_id,
    AuditEvent.provider_id,
    AuditEvent.subject_kind,
    AuditEvent.subject_id,
    AuditEvent.subject_label,
    AuditEvent.details,
)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was recorded: in which chain, at which position, and what."""

    chain_id: UUID
    position: int | None
    sentence: str


@dataclass(slots=True)
class Verified:
    """How much was verified so far."""

    chains: int = 0
    events: int = 0
    statements: int = 0


def verify(session: Session, statements: Iterable[Statement], done: Verified) -> Iterator[Finding]:
    """Everything that is wrong with the record, in a session of the operator's.

    ``done`` counts as it goes. A statement's signature has been checked by whoever read it.
    """
    heads = {head.chain_id: head for head in session.scalars(select(AuditChain))}
    done.chains = len(heads)
    yield from _links(session, heads, done)
    yield from _loose_events(session)
    for statement in statements:
        done.statements += 1
        yield from _against(session, statement)


def _links(session: Session, heads: dict[UUID, AuditChain], done: Verified) -> Iterator[Finding]:
    """Go along every chain, from its beginning to where its head says that it ends."""
    statement = (
        select(*_LINKED)
        .outerjoin(AuditEvent, AuditEvent.id == AuditLink.event_id)
        .order_by(AuditLink.chain_id, AuditLink.position)
        .execution_options(yield_per=_AT_ONCE)
    )
    left = set(heads)
    chain_id: UUID | None = None
    position, digest = 0, BEGINNING
    with session.execute(statement) as found:
        for link in found.mappings():
            if link["chain_id"] != chain_id:
                if chain_id is not None:
                    yield from _end(heads.get(chain_id), chain_id, position, digest)
                chain_id, position, digest = link["chain_id"], 0, BEGINNING
                left.discard(chain_id)
            if link["position"] != position + 1:
                sentence = _lost(position + 1, link["position"] - 1)
                yield Finding(chain_id, position + 1, sentence)
            elif link["previous"] != digest:
                yield Finding(
                    chain_id, link["position"], "It does not follow from the link before it."
                )
            for sentence in _wrong(session, link):
                yield Finding(chain_id, link["position"], sentence)
            position, digest = link["position"], link["digest"]
            done.events += 1
    if chain_id is not None:
        yield from _end(heads.get(chain_id), chain_id, position, digest)
    for missing in sorted(left):
        yield from _end(heads[missing], missing, 0, BEGINNING)


def _wrong(session: Session, link: RowMapping) -> Iterator[str]:
    """What is wrong with a link: its event gone or of another chain, its words or facts changed."""
    if link["id"] is None:
        yield "Its event is gone."
        return
    if chain_of(link["organisation_id"]) != link["chain_id"]:
        yield "Its event belongs to another chain."
    seals = Seals(*(link[f"{name}_seal"] for name in Seals._fields))
    for name, sealed in zip(Seals._fields, seals, strict=True):
        salt = link[f"{name}_salt"]
        words = f"Its {name.replace('_', ' ')}"
        if salt is not None and seal(salt, link[name]) != sealed:
            yield f"{words} was changed."
        if salt is None and (link[name] != ERASED_AS[name] or not _erased(session, link, name)):
            yield f"{words} was taken away, and no erasure was recorded."
    try:
        digest = link_digest(
            link,
            seals,
            chain_id=link["chain_id"],
            position=link["position"],
            previous=link["previous"],
            version=link["version"],
        )
    except ValueError as error:
        yield f"It cannot be verified: {error}."
        return
    if digest != link["digest"]:
        yield "The event or its link was changed."


def _erased(session: Session, link: RowMapping, name: str) -> bool:
    """Whether the record says that this word of the event was erased."""
    found = session.scalars(
        select(AuditEvent.details).where(
            AuditEvent.subject_id == link["event_id"], AuditEvent.event == Event.WORDS_ERASED
        )
    )
    return any(name in details.get("words", ()) for details in found)


def _end(
    head: AuditChain | None, chain_id: UUID, position: int, digest: bytes
) -> Iterator[Finding]:
    """Whether the chain ends where its head says."""
    if head is None:
        yield Finding(chain_id, position, "Nothing says where the chain ends.")
    elif head.position > position:
        yield Finding(chain_id, position + 1, _lost(position + 1, head.position))
    elif (head.position, head.digest) != (position, digest):
        yield Finding(chain_id, position, "The chain ends elsewhere than it should.")


def _lost(first: int, last: int) -> str:
    return f"Link {first} is gone." if first >= last else f"Links {first} to {last} are gone."


def _loose_events(session: Session) -> Iterator[Finding]:
    """Events that no chain holds: somebody put them there past the portal."""
    statement = (
        select(AuditEvent.id, AuditEvent.organisation_id)
        .outerjoin(AuditLink, AuditLink.event_id == AuditEvent.id)
        .where(AuditLink.event_id.is_(None))
        .order_by(AuditEvent.id)
        .execution_options(yield_per=_AT_ONCE)
    )
    with session.execute(statement) as found:
        for event_id, organisation_id in found:
            sentence = f"Event {event_id} is in no chain."
            yield Finding(chain_of(organisation_id), None, sentence)


def _against(session: Session, statement: Statement) -> Iterator[Finding]:
    """Whether the chain still holds what a statement said of it."""
    digest = session.scalar(
        select(AuditLink.digest).where(
            AuditLink.chain_id == statement.chain_id, AuditLink.position == statement.position
        )
    )
    if digest != statement.digest:
        gone = "is gone" if digest is None else "is another"
        sentence = f"The link that was stated on {statement.at:%Y-%m-%d} {gone}."
        yield Finding(statement.chain_id, statement.position, sentence)
