"""What the tests of a round's pages share: forms as browsers send them, rows as they stand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.frameworks.models import Category, Framework
from portal.frameworks.questions.rules import QuestionKind
from portal.frameworks.rounds.models import Round
from portal.identity.models import Organisation, Person
from portal.identity.rules import Role
from portal.kernel.tenancy import Scope, Task
from tests.dealings import AT
from tests.makers.questions import make_question
from tests.makers.rounds import make_open_round, make_opener, make_opener_key, make_round
from tests.support.visits import Visits

OPERATOR = Scope.system(Task.OPERATOR)


@contextmanager
def changing(visits: Visits) -> Iterator[Session]:
    """A session that sees and changes everything."""
    with visits.standing.owner.transaction(OPERATOR) as session:
        yield session


def newest(visits: Visits, model: type[Any], **wanted: Any) -> Any:
    """The newest row of a table with these values."""
    with visits.standing.owner.session(OPERATOR) as session:
        stmt = select(model).filter_by(**wanted).order_by(model.id.desc())
        return session.scalars(stmt).first()


def boxes(name: str, day: datetime, time: str = "midday") -> dict[str, str]:
    """A date and a time as the form's boxes."""
    return {
        f"{name}_on-day": str(day.day),
        f"{name}_on-month": str(day.month),
        f"{name}_on-year": str(day.year),
        f"{name}_time": time,
    }


def plan(visits: Visits, named: str, **changes: Any) -> dict[str, Any]:
    """The form of a round that opens in ten days and closes in forty."""
    category = newest(visits, Category, framework_id=visits.world.advertised.framework.id)
    return {
        "title": named,
        "guidance": "Read the specification first.",
        "categories": [str(category.id)],
        **boxes("opens", AT + timedelta(days=10), "9am"),
        **boxes("questions", AT + timedelta(days=30)),
        **boxes("closes", AT + timedelta(days=40)),
        **changes,
    }


def draft_to_announce(visits: Visits, title: str) -> Round:
    """A draft of Copperholt's that lacks nothing: a scored question, and two people with keys."""
    world = visits.world
    with changing(visits) as session:
        round_ = make_round(
            session, framework=session.get_one(Framework, world.advertised.framework.id),
            title=title, opens_at=AT + timedelta(days=10), closes_at=AT + timedelta(days=40),
            made_by=world.person(world.copperholt, Role.COMMISSIONER),
        )  # fmt: skip
        make_question(session, round_=round_, kind=QuestionKind.TEXT, points=60)
        for number, role in enumerate((Role.COMMISSIONER, Role.COUNCIL_ADMINISTRATOR)):
            person = world.person(world.copperholt, role)
            council = session.get_one(Organisation, world.copperholt.id)
            make_opener_key(session, person=person, council=council, number=number)
            make_opener(session, round_=round_, person=person, council=council)
    return round_


def open_round(visits: Visits, title: str, closes_at: datetime | None = None) -> Round:
    """An open round of Copperholt's, or one that has closed already."""
    world = visits.world
    with changing(visits) as session:
        return make_open_round(
            session, framework=session.get_one(Framework, world.advertised.framework.id),
            title=title, opens_at=AT - timedelta(days=2),
            closes_at=closes_at or AT + timedelta(days=30), openers=_openers(session, visits),
        )  # fmt: skip


def _openers(session: Session, visits: Visits) -> list[Person]:
    world = visits.world
    roles = (Role.COMMISSIONER, Role.COUNCIL_ADMINISTRATOR)
    return [session.get_one(Person, world.person(world.copperholt, role).id) for role in roles]
