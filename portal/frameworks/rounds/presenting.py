"""What the pages of a round show: its state, its dates, what can be done."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.evidence.rules import EVIDENCE_NAMES
from portal.frameworks.applications.models import Application
from portal.frameworks.lots.rules import METHOD_NAMES, METHOD_WORDS, say_limit
from portal.frameworks.opening.queries import openers_of
from portal.frameworks.questions.rules import KIND_NAMES
from portal.frameworks.rounds import queries
from portal.frameworks.rounds.asking import asks_of
from portal.frameworks.rounds.clarifications.queries import (
    own_questions,
    topic_of,
    topics,
    waiting_count,
)
from portal.frameworks.rounds.models import Round
from portal.frameworks.rounds.opportunities.forms import OpportunityFilters
from portal.frameworks.rounds.opportunities.queries import councils
from portal.frameworks.rounds.rules import STATE_NAMES, RoundState, Step, may, state
from portal.frameworks.rules import MECHANISM_NAMES, REGIME_NAMES

TONES = {
    RoundState.DRAFT: "neutral",
    RoundState.ANNOUNCED: "info",
    RoundState.OPEN: "good",
    RoundState.CLOSED: "waiting",
    RoundState.OPENED: "info",
    RoundState.EVALUATING: "info",
    RoundState.MODERATED: "info",
    RoundState.DECIDED: "info",
    RoundState.STANDSTILL: "waiting",
    RoundState.CONCLUDED: "neutral",
    RoundState.CANCELLED: "bad",
}


def state_tag(round_: Round, at: datetime) -> tuple[str, str]:
    """A round's state in words, and the tone of its tag."""
    now = state(round_, at)
    return STATE_NAMES[now], TONES[now]


def list_page(
    session: Session,
    filters: OpportunityFilters,
    endpoint: str,
    *,
    cursor: str | None,
    at: datetime,
) -> dict[str, Any]:
    """The rounds that can be applied to, each with the address of its page for this reader."""
    filters.council.offer(councils(session))
    page = queries.announced_rounds(
        session,
        states=filters.states,
        council_id=filters.council.chosen_id,
        at=at,
        cursor=cursor,
    )
    name = "round_id" if endpoint == "rounds.show" else "opportunity_id"
    rows = []
    for round_ in page.rows:
        values: dict[str, Any] = {name: round_.id}
        rows.append((round_, state_tag(round_, at), url_for(endpoint, **values)))
    return {"filters": filters, "page": page, "rows": rows}


def public_page(session: Session, round_: Round, *, at: datetime) -> dict[str, Any]:
    """What everybody reads of an announced round."""
    asks = asks_of(session, round_)
    of_round = topics(session, round_)
    return {
        "round": round_,
        "asks": asks,
        "answers": [(one, topic_of(of_round, one)) for one in asks.answers],
        "tag": state_tag(round_, at),
        "state": state(round_, at),
        "states": RoundState,
        "takes_questions": may(round_, Step.ASK, at) and at < round_.questions_until,
        "regime": REGIME_NAMES[round_.framework.regime],
        "mechanisms": MECHANISM_NAMES,
        "methods": METHOD_NAMES,
        "method_words": METHOD_WORDS,
        "say_limit": say_limit,
        "evidence_names": EVIDENCE_NAMES,
        "question_kinds": KIND_NAMES,
    }


def provider_page(
    session: Session, round_: Round, provider_id: UUID, *, at: datetime
) -> dict[str, Any]:
    """The same, with what one provider asked, has begun, and may do."""
    door = queries.late_door(session, round_.id, provider_id)
    application = session.scalars(
        select(Application).where(
            Application.round_id == round_.id, Application.provider_id == provider_id
        )
    ).first()
    return {
        **public_page(session, round_, at=at),
        "application": application,
        "door": door,
        "own_questions": own_questions(session, round_.id, provider_id),
        "may_apply": state(round_, at) is RoundState.OPEN
        or (door is not None and at < door.until and may(round_, Step.LET_IN_LATE, at)),
    }


def council_page(session: Session, round_: Round, *, at: datetime) -> dict[str, Any]:
    """A round as its framework's councils see it, with what can be done to it now."""
    waiting = queries.waiting_extension(session, round_.id)
    return {
        **public_page(session, round_, at=at),
        "steps": Step,
        "may": {step for step in Step if may(round_, step, at)},
        "openable_from": queries.bids_openable_from(session, round_),
        "at": at,
        "waiting": waiting,
        "openers": openers_of(session, round_.id),
        "all_extensions": queries.extensions(session, round_.id),
        "doors": queries.late_doors(session, round_.id),
        "questions_waiting": waiting_count(session, round_.id),
    }
