"""Disputes of refused lines and credit notes that a council has to decide on."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for
from sqlalchemy.orm import Session

from portal.home.rules import SHOWN, Need, Work
from portal.identity.permissions import Permission
from portal.identity.viewing import Viewer
from portal.invoicing.credits import queries as credit_notes
from portal.invoicing.disputes import queries as disputes
from portal.kernel.local_time import local_date
from portal.kernel.wording import say_date


def contested(session: Session, who: Viewer) -> Work:
    """What providers dispute, but for one's own refusals, and what they credit."""
    if not who.can(Permission.INVOICE_DECIDE):
        return Work()
    return Work(needs=(*_disputes(session, who), *_credits(session, who)))


def _disputes(session: Session, who: Viewer) -> Iterator[Need]:
    for dispute in disputes.to_decide(session, who.organisation_id, limit=SHOWN):
        if dispute.refused_by == who.person_id:
            continue
        invoice, day = dispute.invoice, local_date(dispute.disputed_at)
        yield Need(
            f"Decide the refusal that {invoice.provider.name} disputes on {invoice.reference}",
            url_for("disputes.show", invoice_id=invoice.id, line_id=dispute.line_id),
            day,
            f"disputed on {say_date(day)}",
            "Disputed",
            "warn",
        )


def _credits(session: Session, who: Viewer) -> Iterator[Need]:
    for credit in credit_notes.to_decide(session, who.organisation_id, limit=SHOWN):
        day = local_date(credit.entered_at)
        yield Need(
            f"Accept credit note {credit.number} of {credit.invoice.provider.name}, "
            f"{credit.total}, or do not",
            url_for("credits.show", credit_id=credit.id),
            day,
            f"entered on {say_date(day)}",
            "Credit note",
            "info",
        )
