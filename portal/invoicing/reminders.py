"""A provider is reminded to invoice the month that ended, a council to decide before it is due."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.identity.permissions import Permission
from portal.identity.rules import OrganisationKind
from portal.invoicing.draft_queries import draftable
from portal.invoicing.models import Invoice
from portal.invoicing.rules import InvoiceState
from portal.kernel.jobs import Work
from portal.kernel.local_time import local_date
from portal.kernel.months import Month
from portal.kernel.wording import say_date
from portal.kernel.working_days import add_working_days
from portal.notices.actions import tell
from portal.notices.reminding import reminder
from portal.notices.rules import NoticeKind

WORKING_DAYS = (1, 5)  # of the month after the one that ended
DECIDE_WITHIN = timedelta(days=7)


@reminder("invoicing:remind-to-submit", daily="06:40", of=OrganisationKind.PROVIDER)
def remind_to_submit(work: Work) -> None:
    """Tell finance on the first working day of a month, and on the fifth, of what it can submit."""
    today, provider_id = local_date(work.at), work.scope.organisation_id
    assert provider_id is not None
    ended = Month.of(today).previous
    reached = [n for n in WORKING_DAYS if add_working_days(ended.last, n).due <= today]
    if not reached:
        return
    with work.reading() as session:
        drafts = draftable(session, provider_id, through=ended.last)
    for draft in drafts:
        if draft.month > ended:
            continue
        stream = draft.stream
        tell(
            work.session,
            NoticeKind.INVOICE_READY,
            sentence=f"{draft.month} can be invoiced to {draft.council_name}, "
            f"{draft.framework_title}",
            endpoint="invoicing.draft",
            values={
                "council_id": stream.council_id,
                "framework_id": stream.framework_id,
                "month": draft.month.code,
            },
            organisation_id=provider_id,
            permission=Permission.INVOICE_SUBMIT,
            at=work.at,
            key=f"{stream.council_id.hex} {stream.framework_id.hex} {draft.month.code} "
            f"{ended.code} {max(reached)}",
        )


@reminder("invoicing:remind-to-decide", daily="06:45", of=OrganisationKind.COUNCIL)
def remind_to_decide(work: Work) -> None:
    """Tell the approvers of each invoice that waits for them and is due within seven days."""
    today, council_id = local_date(work.at), work.scope.organisation_id
    assert council_id is not None
    with work.reading() as session:
        waiting = session.scalars(
            select(Invoice)
            .where(
                Invoice.council_id == council_id,
                Invoice.state == InvoiceState.TO_DECIDE,
                Invoice.act_by <= today + DECIDE_WITHIN,
            )
            .options(joinedload(Invoice.provider))
            .order_by(Invoice.act_by, Invoice.id)
        ).all()
    for invoice in waiting:
        tell(
            work.session,
            NoticeKind.INVOICE_WAITING,
            sentence=f"{invoice.reference} of {invoice.provider.name} is to be decided in time "
            f"for payment by {say_date(invoice.act_by)}",
            endpoint="invoicing.show",
            values={"invoice_id": invoice.id},
            organisation_id=council_id,
            permission=Permission.INVOICE_DECIDE,
            at=work.at,
            key=f"{invoice.id.hex} {invoice.act_by}",
        )
