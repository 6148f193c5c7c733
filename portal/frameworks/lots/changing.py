"""Who may change a framework, and what follows once it is published.

Publishing freezes what applicants rely on: afterwards a change needs a reason, is kept with what
stood before, and is a dated notice of every round that is announced or open. While bids are
judged, what they are judged by stands still.
"""

from __future__ import annotations

from datetime import datetime
from textwrap import shorten

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from portal.audit.actions import Actor, record
from portal.frameworks.lots.comparing import Words, differences
from portal.frameworks.lots.events import Event, about
from portal.frameworks.lots.models import FrameworkChange, FrameworkTerms
from portal.frameworks.models import Category, Framework, Lot
from portal.frameworks.rounds.models import Round
from portal.frameworks.rounds.rules import RoundState, state
from portal.frameworks.rounds.telling import give_notice
from portal.kernel.errors import DomainError, Stale

LONGEST = 1000  # characters of a change's sentence
TOLD = frozenset({RoundState.ANNOUNCED, RoundState.OPEN})
JUDGED = frozenset(
    {
        RoundState.CLOSED,
        RoundState.OPENED,
        RoundState.EVALUATING,
        RoundState.MODERATED,
        RoundState.DECIDED,
        RoundState.STANDSTILL,
    }
)


class ReasonMissing(DomainError):
    """A published framework is changed only with a reason."""

    status = 422
    sentence = "Say why it is changed: everybody who applies will read it"


class UnderJudgement(DomainError):
    """A round's bids are judged by what was published."""

    def __init__(self, title: str) -> None:
        super().__init__(
            f"The bids of “{title}” are judged by what was published, so it stands as it is until "
            "that round is concluded or cancelled."
        )


class InUse(DomainError):
    """What agreements, places or applications rely on is not taken away."""

    sentence = (
        "This has been published, has places or belongs to a round, so it cannot be removed. What "
        "is no longer wanted is left out of the next round."
    )


def locked_terms(
    session: Session, framework: Framework, *, version: int | None = None
) -> FrameworkTerms:
    """The framework's terms, kept from other writers; new ones where it had none.

    Raises Stale when they changed since the form of that version (0 for none) was opened.
    """
    terms = session.scalars(
        select(FrameworkTerms)
        .where(FrameworkTerms.framework_id == framework.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if version is not None and version != (terms.version if terms else 0):
        raise Stale
    if terms is None:
        terms = FrameworkTerms(framework_id=framework.id, lead_council_id=framework.lead_council_id)
        session.add(terms)
        session.flush()
    return terms


def unpublished(session: Session, framework: Framework) -> None:
    """Raise InUse for a published framework: applicants rely on all of it."""
    if locked_terms(session, framework).published_at is not None:
        raise InUse


def keep_change(
    session: Session,
    actor: Actor,
    framework: Framework,
    event: Event,
    before: Words,
    after: Words,
    *,
    subject: str = "",
    because: str = "",
    judged: bool = True,
    category: Category | None = None,
    lot: Lot | None = None,
    at: datetime,
) -> None:
    """Record what is said differently of ``subject``; of a published framework, tell it too.

    ``judged``: bids are judged by it. Nothing happens where nothing differs. Raises
    ReasonMissing, UnderJudgement.
    """
    sentence = differences(before, after)
    if not sentence:
        return
    sentence = f"{subject}. {sentence}" if subject else sentence
    terms = locked_terms(session, framework)
    flag_modified(terms, "summary")  # the next version, whichever part of the framework changes
    record(session, actor, event, about(framework), at=at, what=shorten(sentence, 200))
    if terms.published_at is None:
        return
    if not because:
        raise ReasonMissing
    assert actor.person_id is not None
    rounds = session.scalars(
        select(Round)
        .where(Round.framework_id == framework.id, Round.announced_at.is_not(None))
        .order_by(Round.closes_at, Round.id)
    ).all()
    if judged:
        for round_ in rounds:
            if state(round_, at) in JUDGED:
                raise UnderJudgement(round_.title)
    said = shorten(sentence, LONGEST, placeholder="…")
    session.add(
        FrameworkChange(
            framework_id=framework.id,
            lead_council_id=framework.lead_council_id,
            category_id=category.id if category else None,
            lot_id=lot.id if lot and not category else None,
            sentence=said,
            because=because,
            by_id=actor.person_id,
            by_name=actor.name,
            at=at,
        )
    )
    for round_ in rounds:
        if state(round_, at) in TOLD:
            give_notice(session, actor, round_, f"{said} Why: {because}", at=at)
