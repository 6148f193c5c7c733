"""Every night: agreements come to the days on which they are suspended, go on, change or end."""

from __future__ import annotations

from portal.agreements.changing.actions import Event, about, place
from portal.agreements.changing.queries import locked_agreement, to_turn
from portal.agreements.variations.actions import Event as VariationEvent
from portal.agreements.variations.actions import put_in_force
from portal.agreements.variations.queries import to_apply
from portal.audit.actions import Actor, record
from portal.identity.rules import OrganisationKind
from portal.kernel.jobs import Work
from portal.kernel.local_time import local_date
from portal.notices.reminding import reminder

THE_PORTAL = Actor(None, "The portal", None)


@reminder("agreements:turn", daily="00:20", of=OrganisationKind.COUNCIL)
def turn(work: Work) -> None:
    """Bring a council's agreements to where they stand today; a second time changes nothing."""
    session, today = work.session, local_date(work.at)
    assert work.scope.organisation_id is not None
    for variation in to_apply(session, work.scope.organisation_id, today):
        agreement = locked_agreement(session, variation.agreement_id)
        put_in_force(variation, agreement, at=work.at)
        session.flush()
        record(session, THE_PORTAL, VariationEvent.APPLIED, about(agreement), at=work.at)
    for agreement_id in to_turn(session, work.scope.organisation_id, today):
        agreement = locked_agreement(session, agreement_id)
        place(session, THE_PORTAL, agreement, at=work.at)
        state = agreement.state.value
        record(session, THE_PORTAL, Event.TURNED, about(agreement), at=work.at, state=state)
