"""What both rounds begin with: a round of a framework, its questions, its openers, announced."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from portal.demo.stage import Stage, Turn, london
from portal.frameworks.applications.answering import actions as answering
from portal.frameworks.applications.draft import Draft
from portal.frameworks.applications.pricing import actions as pricing
from portal.frameworks.applications.queries import application_to, draft_of
from portal.frameworks.applications.starting.actions import start
from portal.frameworks.models import Category, Framework
from portal.frameworks.opening.keys.actions import make_key
from portal.frameworks.opening.naming.actions import name_opener
from portal.frameworks.opening.queries import key_of
from portal.frameworks.questions.actions import bring_in
from portal.frameworks.questions.wordings import Drafted
from portal.frameworks.rounds import actions as rounds
from portal.frameworks.rounds.models import Round
from portal.frameworks.rounds.queries import get_round
from portal.frameworks.rounds.rules import Plan
from portal.kernel.local_time import local_date
from portal.kernel.money import Money

LEADS = "commissioner@harrowmere.example"
OPENERS = (LEADS, "commissioner@tarnbridge.example")


@dataclass(frozen=True, slots=True)
class Programme:
    """A round as it is announced; moments are London's."""

    framework: str
    title: str
    guidance: str
    categories: Collection[str]
    made: str
    announced: str
    opens: str
    questions_until: str
    closes: str


def announce(stage: Stage, programme: Programme, asks: Sequence[Drafted]) -> UUID:
    """Make a round, ask its questions, name its two openers and announce it; its id."""
    with stage.turn(LEADS, programme.made) as turn:
        round_id = _make(turn, programme)
        bring_in(turn.session, turn.actor, round_id, asks, at=turn.at)
    for opener in OPENERS:
        with stage.turn(opener, programme.made) as turn:
            person_id, council_id = turn.actor.person_id, turn.actor.organisation_id
            assert person_id is not None and council_id is not None
            if key_of(turn.session, person_id, council_id) is None:
                make_key(turn.session, turn.actor, phrase=stage.phrase, at=turn.at)
            name_opener(turn.session, turn.actor, round_id, person_id, at=turn.at)
    with stage.turn(LEADS, programme.announced) as turn:
        version = get_round(turn.session, round_id).version
        rounds.announce(turn.session, turn.actor, round_id, version=version, at=turn.at)
    return round_id


def _make(turn: Turn, programme: Programme) -> UUID:
    framework = turn.session.scalars(
        select(Framework).where(Framework.reference == programme.framework)
    ).one()
    categories = turn.session.scalars(
        select(Category).where(
            Category.framework_id == framework.id, Category.code.in_(programme.categories)
        )
    )
    plan = Plan(
        title=programme.title,
        guidance=programme.guidance,
        opens_at=london(programme.opens),
        questions_until=london(programme.questions_until),
        closes_at=london(programme.closes),
        category_ids=[category.id for category in categories],
    )
    made: Round = rounds.make_round(turn.session, turn.actor, framework.id, plan, at=turn.at)
    return made.id


def draft(
    turn: Turn, round_id: UUID, prices: dict[str, dict[str, str]], answers: dict[str, object]
) -> Draft:
    """Begin an application and fill it in: prices in pounds by category and band."""
    session, actor, at = turn.session, turn.actor, turn.at
    start(session, actor, get_round(session, round_id), lent_by=None, at=at)
    answering.choose_categories(session, actor, _so_far(turn, round_id), prices, versions={}, at=at)
    begun = _so_far(turn, round_id)
    for ask in begun.priced:
        entered = {band: Money.pounds(price) for band, price in prices[ask.category.code].items()}
        pricing.save_prices(session, actor, begun, ask, entered, versions={}, at=at, confirm=True)
    for one in begun.asked:
        if one.code in answers:
            answering.save_answer(
                session, actor, begun, one, answers[one.code], version=0, at=at, confirm=True
            )
    return _so_far(turn, round_id)


def _so_far(turn: Turn, round_id: UUID) -> Draft:
    assert turn.actor.organisation_id is not None
    application = application_to(turn.session, turn.actor.organisation_id, round_id)
    assert application is not None
    return draft_of(turn.session, application, local_date(turn.at))
