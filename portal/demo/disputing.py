"""A refusal that waits for a second approver, and a credit note that waits to be accepted."""

from __future__ import annotations

from sqlalchemy import select

from portal.demo.stage import Stage, Turn
from portal.identity.models import Organisation
from portal.invoicing.actions.deciding import refuse
from portal.invoicing.credits.actions import enter
from portal.invoicing.credits.rules import CreditReason
from portal.invoicing.disputes.actions import dispute
from portal.invoicing.models import Invoice, InvoiceLine
from portal.invoicing.rules import RefusalReason
from portal.kernel.money import Money
from portal.kernel.months import Month

COUNCIL, APPROVER = "Harrowmere County Council", "approver@harrowmere.example"
REFUSED, REFUSED_BY_THEM = "Gorsestead Family Placements", "finance@gorsestead.example"
CREDITED, CREDITED_BY_THEM = "Fennelleigh Fostering", "finance@fennelleigh.example"


def play(stage: Stage) -> None:
    """Gorsestead's September is refused and disputed; Fennelleigh credits part of its August."""
    with stage.turn(APPROVER, "2026-10-01T11:20") as turn:
        line = _first_line(turn, REFUSED, Month(2026, 9))
        refuse(
            turn.session,
            turn.actor,
            line.invoice_id,
            line.id,
            version=line.version,
            reason=RefusalReason.NOT_DELIVERED,
            words="Our placements team has no note of the last nights of September.",
            at=turn.at,
        )
    with stage.turn(REFUSED_BY_THEM, "2026-10-01T15:40") as turn:
        line = _first_line(turn, REFUSED, Month(2026, 9))
        dispute(
            turn.session,
            turn.actor,
            line.invoice_id,
            line.id,
            version=line.version,
            words="The carer's log has every night to the 30th. The move was put off to October.",
            at=turn.at,
        )
    with stage.turn(CREDITED_BY_THEM, "2026-10-01T16:30") as turn:
        line = _first_line(turn, CREDITED, Month(2026, 8))
        enter(
            turn.session,
            turn.actor,
            line.invoice_id,
            line.id,
            number="CN-2026-001",
            net=Money.pounds("111.22"),
            reason=CreditReason.TOO_MUCH,
            words="The stay ended a day earlier than we charged.",
            at=turn.at,
        )


def _first_line(turn: Turn, provider: str, month: Month) -> InvoiceLine:
    """The first line of what a provider invoiced to the council for a month."""
    ids = {
        name: turn.session.scalars(select(Organisation.id).where(Organisation.name == name)).one()
        for name in (COUNCIL, provider)
    }
    return turn.session.scalars(
        select(InvoiceLine)
        .join(Invoice, Invoice.id == InvoiceLine.invoice_id)
        .where(
            Invoice.council_id == ids[COUNCIL],
            Invoice.provider_id == ids[provider],
            Invoice.month == month,
            InvoiceLine.position == 1,
        )
    ).one()
