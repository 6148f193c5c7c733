"""A framework that everybody can read, since a round of it is announced; and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy.orm import Session

from portal.frameworks.models import Framework
from portal.frameworks.questions.models import QuestionVersion
from portal.frameworks.rounds.clarifications.models import Clarification, PublishedAnswer
from portal.frameworks.rounds.models import LateDoor, Round, RoundExtension, RoundNotice
from portal.identity.actions import digest
from portal.identity.models import Organisation, Person
from portal.identity.registration.models import Registration
from tests.makers.frameworks import make_category, make_framework
from tests.makers.lots import make_set_up
from tests.makers.questions import make_question
from tests.makers.rounds import make_open_round, make_round
from tests.makers.rows import add, numbers

AT = datetime(2026, 4, 30, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Hanging:
    """What a round asks, and what can wait on it: a question, a later closing, a late door."""

    asks: QuestionVersion
    clarification: Clarification
    extension: RoundExtension
    door: LateDoor


@dataclass(frozen=True)
class Advertised:
    """A framework of one council with an open round, and a draft that only the council sees.

    What hangs on the draft is there for the pages that name it.
    """

    framework: Framework
    round: Round
    draft: Round
    provider: Organisation
    of_round: Hanging
    of_draft: Hanging
    registration: Registration


def make_advertised(
    session: Session,
    *,
    lead: Organisation,
    provider: Organisation,
    commissioner: Person,
    second: Person,
    bidder: Person,
    at: datetime = AT,
) -> Advertised:
    """A round that opened yesterday and closes in a month, and one that opens much later.

    The commissioner and the second person are named to open the first.
    """
    framework = make_framework(
        session, lead=lead, reference=f"ADV-{next(numbers)}", title="Advertised to everybody",
        starts_on=date(2026, 9, 1), ends_on=date(2030, 8, 31),
    )  # fmt: skip
    make_category(session, framework=framework, code="1a", title="Advertised mentoring")
    make_set_up(session, framework=framework, by=commissioner)
    round_ = make_open_round(
        session, framework=framework, made_by=commissioner, openers=[commissioner, second],
        title="Spring applications",
        opens_at=at - timedelta(days=1), closes_at=at + timedelta(days=30),
    )  # fmt: skip
    draft = make_draft(session, framework=framework, commissioner=commissioner, at=at)
    of_round, of_draft = (
        make_hanging(
            session, round_=one, provider=provider, commissioner=commissioner, bidder=bidder, at=at
        )
        for one in (round_, draft)
    )
    return Advertised(
        framework, round_, draft, provider, of_round, of_draft, make_registration(session, at=at)
    )


def make_draft(
    session: Session, *, framework: Framework, commissioner: Person, at: datetime = AT
) -> Round:
    """A round that is not announced, and opens much later."""
    return make_round(
        session, framework=framework, made_by=commissioner, title="Applications to come",
        opens_at=at + timedelta(days=200), closes_at=at + timedelta(days=230),
    )  # fmt: skip


def make_hanging(
    session: Session,
    *,
    round_: Round,
    provider: Organisation,
    commissioner: Person,
    bidder: Person,
    at: datetime = AT,
) -> Hanging:
    """A question of the round, all that can wait on it, and an answer and a notice."""
    make_answer(session, round_=round_, at=at)
    make_round_notice(session, round_=round_, by=commissioner, at=at)
    return Hanging(
        make_question(session, round_=round_, code="uses-volunteers"),
        make_clarification(session, round_=round_, provider=provider, by=bidder, at=at),
        make_extension(session, round_=round_, by=commissioner, at=at),
        make_late_door(session, round_=round_, provider=provider, by=commissioner, at=at),
    )


def make_clarification(
    session: Session,
    *,
    round_: Round,
    provider: Organisation,
    by: Person,
    asked: str = "May sessions take place outside school?",
    at: datetime = AT,
) -> Clarification:
    """A question of a provider that waits for an answer."""
    return add(session, Clarification(
        **_keys(round_), provider_id=provider.id, asked=asked, asked_by_id=by.id, asked_at=at,
    ))  # fmt: skip


def make_answer(session: Session, *, round_: Round, at: datetime = AT) -> PublishedAnswer:
    """A question that was answered for everybody."""
    return add(session, PublishedAnswer(
        **_keys(round_), asked="Is there a minimum of hours?", answer="No, there is none.",
        published_at=at,
    ))  # fmt: skip


def make_round_notice(
    session: Session, *, round_: Round, by: Person, at: datetime = AT
) -> RoundNotice:
    """What everybody was told of a round."""
    return add(session, RoundNotice(
        **_keys(round_), sentence="The guidance has a new second page.", by_name=by.name, at=at,
    ))  # fmt: skip


def make_extension(
    session: Session,
    *,
    round_: Round,
    by: Person,
    closes_at: datetime | None = None,
    at: datetime = AT,
) -> RoundExtension:
    """A later closing that waits for a second person; a week later unless a moment is named."""
    return add(session, RoundExtension(
        **_keys(round_), closes_at=closes_at or round_.closes_at + timedelta(days=7),
        reason="The school holidays", asked_by_id=by.id, asked_by_name=by.name, asked_at=at,
    ))  # fmt: skip


def make_late_door(
    session: Session,
    *,
    round_: Round,
    provider: Organisation,
    by: Person,
    agreed_by: Person | None = None,
    until: datetime | None = None,
    at: datetime = AT,
) -> LateDoor:
    """A provider that somebody asked to let in late, for a day unless a moment is named."""
    return add(session, LateDoor(
        **_keys(round_), provider_id=provider.id, provider_name=provider.name,
        until=until or round_.closes_at + timedelta(days=1), reason="A power cut at closing",
        asked_by_id=by.id, asked_by_name=by.name, asked_at=at,
        agreed_by_id=agreed_by and agreed_by.id, agreed_by_name=agreed_by and agreed_by.name,
        agreed_at=at if agreed_by else None,
    ))  # fmt: skip


def make_registration(
    session: Session,
    *,
    name: str = "",
    email: str = "",
    secret: str = "",
    at: datetime = AT,
) -> Registration:
    """A provider that asked to be registered, and has not answered its letter."""
    number = next(numbers)
    name = name or f"New Provider {number}"
    return add(session, Registration(
        secret_digest=digest(secret or f"registration-{number}"),
        email=email or f"new{number}@portal.example", person_name=f"Nia New {number}",
        name=name, legal_name=f"{name} Limited", street="2 Invented Street", city="Exampleton",
        postcode="ZZ1 1ZZ", asked_at=at, expires_at=at + timedelta(days=7),
    ))  # fmt: skip


def _keys(round_: Round) -> dict[str, object]:
    return {
        "round_id": round_.id,
        "framework_id": round_.framework_id,
        "lead_council_id": round_.lead_council_id,
    }
