"""Uplifts of prices that wait for a second person."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session

from portal.agreements.uplifts.queries import waiting_for_agreement
from portal.agreements.uplifts.rules import say_rate
from portal.home.rules import Need, Work
from portal.kernel.wording import say_date


def to_agree(session: Session, council_id: UUID, person_id: UUID) -> Work:
    """Those that somebody else of the council proposed."""
    return Work(
        needs=tuple(
            Need(
                f"Agree to an uplift of {say_rate(run.rate)} on {run.framework.title}",
                url_for("uplifts.show", uplift_id=run.id),
                run.starts_on,
                f"from {say_date(run.starts_on)}",
                "To agree",
                "waiting",
            )
            for run in waiting_for_agreement(session, council_id)
            if run.asked_by_id != person_id
        )
    )
