"""A payment run that waits for its release, and a changed bank account to call back about."""

from __future__ import annotations

from portal.demo.stage import Stage
from portal.invoicing.banking.actions import confirm
from portal.invoicing.banking.actions import propose as propose_account
from portal.invoicing.runs.actions import propose as propose_run
from portal.invoicing.runs.queries import candidates
from portal.kernel.local_time import local_date

FINANCE, HEAD = "finance@fennelleigh.example", "bids@fennelleigh.example"
APPROVER = "approver@harrowmere.example"


def play(stage: Stage) -> None:
    """Harrowmere's run of August, and where Fennelleigh Fostering wants to be paid from now on."""
    with stage.turn(FINANCE, "2026-09-30T15:20") as turn:
        change = propose_account(
            turn.session,
            turn.actor,
            account_name="Fennelleigh Fostering Limited",
            account_number="00000042",
            sort_code="000000",
            because="Our branch closes in October, so we have moved to another bank.",
            phone="01632 960 417",
            at=turn.at,
        )
    with stage.turn(HEAD, "2026-10-01T09:05") as turn:
        confirm(turn.session, turn.actor, change.id, at=turn.at)
    with stage.turn(APPROVER, "2026-10-01T16:10") as turn:
        council_id = turn.actor.organisation_id
        assert council_id is not None
        found = candidates(turn.session, council_id, local_date(turn.at))
        amounts = {each.invoice.id: each.amount for each in found if not each.why_not}
        propose_run(turn.session, turn.actor, amounts, at=turn.at)
