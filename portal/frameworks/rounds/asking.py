"""All that a round asks of applicants, gathered for the pages that show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.frameworks.lots.models import Demand, FrameworkTerms
from portal.frameworks.lots.queries import CategoryAsk, category_asks, demands_for, terms_of
from portal.frameworks.models import Lot
from portal.frameworks.questions.queries import Asked, asked
from portal.frameworks.rounds.clarifications.models import PublishedAnswer
from portal.frameworks.rounds.models import Round, RoundExtension, RoundNotice
from portal.frameworks.rounds.queries import answers, extensions, notices
from portal.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Asks:
    """What stands on a round's page for everybody who may apply.

    ``terms`` is None, and there are no categories, where a framework's terms were never said.
    ``extensions`` are those that two people agreed, the newest first.
    """

    terms: FrameworkTerms | None
    lots: Sequence[Lot]
    categories: Sequence[CategoryAsk]
    demands: Sequence[Demand]
    questions: Sequence[Asked]
    answers: Sequence[PublishedAnswer]
    notices: Sequence[RoundNotice]
    extensions: Sequence[RoundExtension]


def asks_of(session: Session, round_: Round) -> Asks:
    """What a round, got with its categories, asks."""
    own = {one.category_id for one in round_.categories}
    lots = {one.category.lot_id: one.category.lot for one in round_.categories}
    try:
        terms = terms_of(session, round_.framework_id)
    except NotFound:
        terms = None
    return Asks(
        terms=terms,
        lots=sorted(lots.values(), key=lambda lot: lot.number),
        categories=[
            one for one in category_asks(session, round_.framework_id) if one.category.id in own
        ],
        demands=demands_for(session, round_.framework_id, list(lots)),
        questions=asked(session, round_.id, list(lots)),
        answers=answers(session, round_.id),
        notices=notices(session, round_.id),
        extensions=[one for one in extensions(session, round_.id) if one.agreed_at is not None],
    )
