"""What somebody proposed about an agreement and this side has yet to answer."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session

from portal.agreements.changing.queries import waiting
from portal.agreements.subcontractors.models import Subcontractor
from portal.agreements.transfers.queries import waiting_transfers
from portal.agreements.transfers.rules import first_day
from portal.agreements.variations.models import Variation
from portal.home.rules import Need, Work
from portal.kernel.wording import say_date


def to_answer(session: Session, organisation_id: UUID, *, council: bool) -> Work:
    """New terms; for a council also sub-contractors, and agreements to take over."""
    needs = list(_terms(session, organisation_id))
    if council:
        needs += [*_subcontractors(session, organisation_id), *_moves(session, organisation_id)]
    return Work(needs=tuple(needs))


def _terms(session: Session, organisation_id: UUID) -> Iterator[Need]:
    for one in waiting(session, Variation, organisation_id):
        yield Need(
            f"Answer new terms of {one.agreement.reference}",
            url_for("variations.show", variation_id=one.id),
            one.starts_on,
            f"from {say_date(one.starts_on)}",
            "To answer",
            "waiting",
        )


def _subcontractors(session: Session, council_id: UUID) -> Iterator[Need]:
    for one in waiting(session, Subcontractor, council_id):
        yield Need(
            f"Agree to a sub-contractor on {one.agreement.reference}, or not",
            url_for("subcontractors.show", subcontractor_id=one.id),
            one.starts_on,
            f"from {say_date(one.starts_on)}",
            "To answer",
            "waiting",
        )


def _moves(session: Session, council_id: UUID) -> Iterator[Need]:
    for one in waiting_transfers(session, council_id):
        first = first_day(one.last_day)
        yield Need(
            f"Take an agreement over from {one.council.name}, or not",
            url_for("transfers.show", transfer_id=one.id),
            first,
            f"from {say_date(first)}",
            "To answer",
            "waiting",
        )
