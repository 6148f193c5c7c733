"""The pieces of evidence of one kind with their documents, and what councils said of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.evidence.models import Evidence, EvidenceDocument, EvidenceJudgement
from portal.evidence.rules import EvidenceKind
from portal.identity.models import Organisation
from portal.identity.rules import OrganisationKind
from portal.kernel.errors import NotFound


def get_provider(session: Session, provider_id: UUID) -> Organisation:
    """A provider whose evidence one may see. Raises NotFound."""
    found = session.get(Organisation, provider_id)
    if found is None or found.kind is not OrganisationKind.PROVIDER:
        raise NotFound
    return found


def pieces(session: Session, provider_id: UUID, kind: EvidenceKind) -> Sequence[Evidence]:
    """A provider's evidence of one kind, the newest first, each with its documents."""
    return session.scalars(
        select(Evidence)
        .where(Evidence.provider_id == provider_id, Evidence.kind == kind)
        .options(selectinload(Evidence.documents).joinedload(EvidenceDocument.file))
        .order_by(Evidence.valid_from.desc(), Evidence.id)
    ).all()


def judgements(
    session: Session, provider_id: UUID, kind: EvidenceKind
) -> Sequence[EvidenceJudgement]:
    """What councils said of a provider's documents of one kind, the newest first."""
    return session.scalars(
        select(EvidenceJudgement)
        .join(EvidenceJudgement.document)
        .join(EvidenceDocument.evidence)
        .where(Evidence.provider_id == provider_id, Evidence.kind == kind)
        .options(joinedload(EvidenceJudgement.council))
        .order_by(EvidenceJudgement.at.desc(), EvidenceJudgement.id.desc())
    ).all()


def get_document(session: Session, document_id: UUID) -> EvidenceDocument:
    """One document with its file and what it shows. Raises NotFound."""
    found = session.scalars(
        select(EvidenceDocument)
        .where(EvidenceDocument.id == document_id)
        .options(joinedload(EvidenceDocument.file), joinedload(EvidenceDocument.evidence))
    ).first()
    if found is None:
        raise NotFound
    return found


def newest_document_id(session: Session, evidence_id: UUID) -> UUID | None:
    """The document of a piece of evidence that was sent last."""
    return session.scalars(
        select(EvidenceDocument.id)
        .where(EvidenceDocument.evidence_id == evidence_id)
        .order_by(EvidenceDocument.sent_at.desc(), EvidenceDocument.id.desc())
        .limit(1)
    ).first()


def locked_piece(
    session: Session, provider_id: UUID, kind: EvidenceKind, valid_from: date
) -> Evidence | None:
    """The evidence that covers from a day, as it is now, held until the transaction ends."""
    return session.scalars(
        select(Evidence)
        .where(
            Evidence.provider_id == provider_id,
            Evidence.kind == kind,
            Evidence.valid_from == valid_from,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
