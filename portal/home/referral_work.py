"""Referrals on the home pages: what a provider answers, what its council has to see to."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session

from portal.home.rules import SHOWN, Need, Work
from portal.kernel.local_time import local_date
from portal.kernel.wording import say_datetime, say_due
from portal.referrals.models import Referral
from portal.referrals.queries import in_state, to_answer, unanswered
from portal.referrals.rules import ReferralState


def provider(session: Session, provider_id: UUID, at: datetime) -> Work:
    """The first five referrals to answer, the most urgent first."""
    needs = []
    for one in to_answer(session, provider_id, at, limit=SHOWN):
        assert one.respond_by is not None
        day, referral = local_date(one.respond_by), one.referral
        needs.append(
            Need(
                f"Answer {referral.council.name} about {referral.service}, {referral.reference}",
                url_for("inbox.show", referral_id=referral.id),
                day,
                f"{say_due(day, local_date(at))}, {say_datetime(one.respond_by)}",
                "Emergency" if referral.emergency else "Referral",
                "bad" if referral.emergency else "waiting",
            )
        )
    return Work(needs=tuple(needs))


def council(session: Session, council_id: UUID, at: datetime) -> Work:
    """Questions, referrals that nobody offered for, drafts; elsewhere what is being answered."""
    today = local_date(at)
    questions = tuple(
        Need(
            f"Answer a provider's question about {referral.reference}",
            url_for(
                "referral_questions.answer_form",
                referral_id=referral.id,
                asked_about_id=question.id,
            ),
            local_date(referral.respond_by),
            f"answers are {say_due(local_date(referral.respond_by), today)}",
            "Question",
            "waiting",
        )
        for question, referral in unanswered(session, council_id, limit=SHOWN)
    )
    lapsed = tuple(
        _need(
            one,
            f"Nobody has offered for {one.reference}",
            f"time was over on {say_datetime(one.respond_by)}",
            "No offer",
            "bad",
        )
        for one in in_state(session, council_id, ReferralState.LAPSED, limit=SHOWN)
    )
    drafts = tuple(
        _need(one, f"Finish and send {one.reference}, {one.service}", "", "Draft", "neutral")
        for one in in_state(session, council_id, ReferralState.DRAFT, limit=SHOWN)
    )
    running = tuple(
        _need(
            one,
            f"Providers answer {one.reference}, {one.service}",
            f"until {say_datetime(one.respond_by)}",
            "Sent",
            "info",
        )
        for one in in_state(session, council_id, ReferralState.SENT, limit=SHOWN)
    )
    return Work(needs=questions + lapsed + drafts, elsewhere=running)


def _need(referral: Referral, title: str, due: str, tag: str, tone: str) -> Need:
    href = url_for("referrals.show", referral_id=referral.id)
    return Need(title, href, local_date(referral.respond_by), due, tag, tone)
