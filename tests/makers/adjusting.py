"""A line that charges what a price agreed since adds to another one."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.agreements.models import AgreementPrice
from portal.invoicing.adjustments.models import ChargedAdjustment
from portal.invoicing.models import InvoiceLine
from portal.kernel.money import ZERO
from tests.makers.rows import add


def make_adjustment(
    session: Session, *, line: InvoiceLine, adjusts: InvoiceLine
) -> ChargedAdjustment:
    """``line`` charges the rise of what ``adjusts`` charged, as if that had cost nothing."""
    price = session.scalars(
        select(AgreementPrice).where(AgreementPrice.agreement_id == adjusts.agreement_id)
    ).first()
    assert price is not None
    return add(
        session,
        ChargedAdjustment(
            line_id=line.id,
            adjusts_id=adjusts.id,
            price_id=price.id,
            council_id=line.council_id,
            provider_id=line.provider_id,
            first_day=adjusts.first_day,
            last_day=adjusts.last_day,
            parts=adjusts.parts,
            before=ZERO,
            after=price.price,
        ),
    )
