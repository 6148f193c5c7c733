"""Sending the file behind a piece of evidence, and a council's word on it."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Subject, record
from portal.evidence.documents import queries
from portal.evidence.models import Evidence, EvidenceDocument, EvidenceJudgement
from portal.evidence.rules import EVIDENCE_NAMES, EvidenceKind, Unfit, check_terms
from portal.identity.permissions import Permission
from portal.kernel.database import working_as
from portal.kernel.errors import NotFound, Stale
from portal.kernel.files import Examined, keep
from portal.kernel.ids import new_id
from portal.kernel.money import Money
from portal.kernel.tenancy import Scope
from portal.kernel.wording import say_date
from portal.notices.actions import tell
from portal.notices.rules import NoticeKind


class Event(StrEnum):
    """What happens to the documents behind evidence."""

    SENT = "evidence:document:sent"
    VERIFIED = "evidence:document:verified"
    REFUSED = "evidence:document:refused"


class SentAgain(Stale):
    """The provider sent another file while a council looked at this one."""

    sentence = (
        "The provider has sent another file since your page was open, so nothing was decided. "
        "Open the new one, then decide."
    )


def send(
    session: Session,
    actor: Actor,
    kind: EvidenceKind,
    file: Examined,
    *,
    valid_from: date,
    valid_until: date | None,
    cover: Money | None,
    at: datetime,
) -> EvidenceDocument:
    """The provider's file, and what it says: a renewal, or the same evidence put right.

    It counts at once, and waits for a council to verify it. Raises Unfit for terms that make no
    sense or evidence that stands verified, FileRefused when the file cannot be kept.
    """
    provider_id = actor.organisation_id
    if provider_id is None:
        raise NotFound
    check_terms(kind, valid_from, valid_until, cover)
    evidence = queries.locked_piece(session, provider_id, kind, valid_from)
    if evidence is None:
        evidence = Evidence(id=new_id(), provider_id=provider_id, kind=kind, valid_from=valid_from)
        session.add(evidence)
    elif evidence.verified_at and queries.newest_document_id(session, evidence.id):
        raise Unfit(
            "valid_from",
            f"The one from {say_date(valid_from)} is verified and stays as it is. "
            "Enter the first day of the new one",
        )
    evidence.valid_until, evidence.cover = valid_until, cover
    evidence.verified_at = evidence.verified_by_name = None
    evidence.refused_at = evidence.refused_by_name = evidence.refused_because = None
    session.flush()
    stored = keep(session, file, provider_id=provider_id, at=at)
    document = EvidenceDocument(
        evidence_id=evidence.id,
        provider_id=provider_id,
        file_id=stored.id,
        valid_until=valid_until,
        cover=cover,
        sent_by_name=actor.name,
        sent_at=at,
    )
    session.add(document)
    session.flush()
    record(
        session,
        actor,
        Event.SENT,
        _subject(evidence, None),
        at=at,
        valid_from=valid_from.isoformat(),
        valid_until=valid_until.isoformat() if valid_until else None,
        cover_pence=cover.pence if cover else None,
    )
    return document


def judge(
    session: Session,
    actor: Actor,
    document_id: UUID,
    *,
    refused_because: str | None,
    at: datetime,
) -> EvidenceDocument:
    """A council verifies a document, or does not accept it and says why.

    The last word of any council on the newest document stands for all of them. Raises NotFound
    for a document of a provider that the council does not buy from, SentAgain when a newer one
    has come.
    """
    document = queries.get_document(session, document_id)
    if actor.organisation_id is None or actor.person_id is None:
        raise NotFound
    with working_as(session, Scope(organisation_id=document.provider_id)):
        evidence = _judged(session, document, actor.name, refused_because, at)
    session.add(
        EvidenceJudgement(
            document_id=document.id,
            provider_id=document.provider_id,
            council_id=actor.organisation_id,
            accepted=refused_because is None,
            reason=refused_because,
            by_person_id=actor.person_id,
            by_name=actor.name,
            at=at,
        )
    )
    record(
        session,
        actor,
        Event.VERIFIED if refused_because is None else Event.REFUSED,
        _subject(evidence, actor.organisation_id),
        at=at,
        valid_from=evidence.valid_from.isoformat(),
    )
    if refused_because is not None:
        _tell_provider(session, document, at)
    return document


def _tell_provider(session: Session, document: EvidenceDocument, at: datetime) -> None:
    kind = document.evidence.kind
    tell(
        session,
        NoticeKind.EVIDENCE_REFUSED,
        sentence=f"A council does not accept what you sent: {EVIDENCE_NAMES[kind]}.",
        endpoint="evidence.documents.show",
        values={"provider_id": document.provider_id, "evidence_kind": kind.value},
        organisation_id=document.provider_id,
        permission=Permission.EVIDENCE_SEND,
        at=at,
    )


def _judged(
    session: Session,
    document: EvidenceDocument,
    by_name: str,
    refused_because: str | None,
    at: datetime,
) -> Evidence:
    """The evidence with the council's word on it: its row is the provider's."""
    told = document.evidence
    evidence = queries.locked_piece(session, told.provider_id, told.kind, told.valid_from)
    if evidence is None or queries.newest_document_id(session, evidence.id) != document.id:
        raise SentAgain
    accepted = refused_because is None
    evidence.verified_at = at if accepted else None
    evidence.verified_by_name = by_name if accepted else None
    evidence.refused_at = None if accepted else at
    evidence.refused_by_name = None if accepted else by_name
    evidence.refused_because = refused_because
    return evidence


def _subject(evidence: Evidence, council_id: UUID | None) -> Subject:
    return Subject(
        "evidence",
        evidence.id,
        EVIDENCE_NAMES[evidence.kind],
        council_id=council_id,
        provider_id=evidence.provider_id,
    )
