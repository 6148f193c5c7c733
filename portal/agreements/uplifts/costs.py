"""What an uplift costs a council in its first year."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from portal.agreements.uplifts.models import UpliftCost, UpliftRun
from portal.agreements.uplifts.queries import Priced
from portal.agreements.uplifts.rules import uplifted, yearly_parts
from portal.kernel.money import Money


def cost_of(run: UpliftRun, council_id: UUID, priced: Sequence[Priced]) -> UpliftCost:
    """What the agreements of one council cost in the uplift's first year, before and after."""
    before = after = Money(0)
    unknown = 0
    for one in priced:
        agreement = one.agreement
        parts = yearly_parts(
            agreement.unit,
            one.units.weekly,
            one.units.total,
            run.starts_on,
            agreement.ends_on,
        )
        if parts is None:
            unknown += 1
            continue
        price = uplifted(one.price, run.rate) if one.follows else one.price
        before += agreement.unit.charge(one.price, parts)
        after += agreement.unit.charge(price, parts)
    following = sum(one.follows for one in priced)
    return UpliftCost(
        run_id=run.id,
        council_id=council_id,
        framework_id=run.framework_id,
        lead_council_id=run.lead_council_id,
        following=following,
        own_price=len(priced) - following,
        unknown=unknown,
        before=before,
        after=after,
    )
