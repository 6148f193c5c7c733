"""Bank accounts to confirm or to verify, and payment runs to release."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session

from portal.home.rules import SHOWN, Need, Work
from portal.identity.permissions import Permission
from portal.identity.viewing import Viewer
from portal.invoicing.banking.queries import going_on, waiting_changes
from portal.invoicing.banking.rules import ChangeState
from portal.invoicing.runs.queries import runs_to_release
from portal.kernel.local_time import local_date
from portal.kernel.wording import say_date


def paying(session: Session, who: Viewer, today: date) -> Work:
    """A colleague's account to confirm; for a council, whom to call back and runs to release."""
    needs: list[Need] = []
    if who.can(Permission.BANK_CHANGE):
        needs += _to_confirm(session, who.organisation_id, who.person_id, today)
    if who.can(Permission.BANK_VERIFY):
        needs += _to_call_back(session)
    if who.can(Permission.RUN_RELEASE):
        needs += _to_release(session, who.organisation_id, who.person_id)
    return Work(needs=tuple(needs))


def _to_confirm(
    session: Session, provider_id: UUID, person_id: UUID, today: date
) -> Iterator[Need]:
    change = going_on(session, provider_id, today)
    if change is None:
        return
    href, asked = url_for("banking.show", change_id=change.id), local_date(change.proposed_at)
    if change.state is ChangeState.PROPOSED and change.proposed_by != person_id:
        yield Need(
            f"Confirm the bank account that {change.proposed_by_name} asked for, or stop it",
            href,
            asked,
            f"asked for on {say_date(asked)}",
            "To confirm",
            "warn",
        )


def _to_call_back(session: Session) -> Iterator[Need]:
    for change in waiting_changes(session, ChangeState.CONFIRMED, limit=SHOWN):
        asked = local_date(change.proposed_at)
        yield Need(
            f"Call {change.provider.name} back about its changed bank account",
            url_for("banking.show", change_id=change.id),
            asked,
            "nothing is paid to it until then",
            "To verify",
            "warn",
        )


def _to_release(session: Session, council_id: UUID, person_id: UUID) -> Iterator[Need]:
    for run in runs_to_release(session, council_id, limit=SHOWN):
        if run.proposed_by == person_id:
            continue
        proposed = local_date(run.proposed_at)
        yield Need(
            f"Release payment run {run.reference} of {run.total}",
            url_for("runs.show", run_id=run.id),
            proposed,
            f"proposed by {run.proposed_by_name} on {say_date(proposed)}",
            "To release",
            "waiting",
        )
