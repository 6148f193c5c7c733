"""Whether whoever makes the request may change what a round asks."""

from __future__ import annotations

from uuid import UUID

from portal.frameworks.rounds.models import Round
from portal.frameworks.rounds.queries import led_round
from portal.frameworks.rounds.rules import Step, may, require
from portal.identity.permissions import Permission
from portal.identity.viewing import can, viewer
from portal.kernel.clock import now
from portal.kernel.session import db


def may_reword(round_: Round) -> bool:
    """Whether the viewer may, now."""
    leads = round_.lead_council_id == viewer().organisation_id
    return leads and can(Permission.ROUND_RUN) and may(round_, Step.REWORD, now())


def round_to_reword(round_id: UUID) -> Round:
    """A round that the viewer's council leads. Raises NotFound; IllegalStep once it has closed."""
    round_ = led_round(db(), round_id, viewer().organisation_id)
    require(round_, Step.REWORD, now())
    return round_
