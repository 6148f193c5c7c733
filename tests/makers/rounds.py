"""Rounds whose bids are really sealed: open to applications, with submissions, or opened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.frameworks.applications.models import Application, Submission
from portal.frameworks.models import Category, Framework
from portal.frameworks.opening.models import EscrowKey
from portal.frameworks.opening.queries import newest_escrow_key
from portal.frameworks.opening.unsealing import write_opened
from portal.frameworks.rounds.models import (
    EscrowShare,
    OpenerKey,
    Round,
    RoundCategory,
    RoundOpener,
)
from portal.frameworks.sealing.actions import make_round_key
from portal.frameworks.sealing.boxes import Cost, KeyPair, Locked, seal
from portal.frameworks.sealing.content import Content
from portal.frameworks.sealing.receipts import Receipt, new_reference, receipt_key
from portal.frameworks.sealing.shares import open_share, round_key
from portal.identity.models import Organisation, Person
from portal.identity.people.rules import mailbox_digest
from portal.identity.rules import Role
from portal.kernel.clock import now_of
from portal.kernel.money import Money
from tests.makers.parties import make_person
from tests.makers.rows import add, numbers

PHRASE = "heron lantern orchard tuesday"  # of every opener's key
SECRET = "for tests only"  # signs the receipts, as the tests' settings do
Prices = Mapping[str, Mapping[str, str] | str]


def make_round(
    session: Session,
    *,
    framework: Framework,
    categories: Iterable[Category] = (),
    title: str = "",
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
    made_by: Person | None = None,
) -> Round:
    """A draft of a round for these categories, or all of the framework's.

    By the database's clock it opened yesterday and closes in a week, unless a moment is named.
    """
    at = now_of(session)
    closes = closes_at or at + timedelta(days=7)
    opens = opens_at or min(at, closes) - timedelta(days=1)
    lead = session.get_one(Organisation, framework.lead_council_id)
    round_ = add(
        session,
        Round(
            framework_id=framework.id,
            lead_council_id=framework.lead_council_id,
            title=title or f"Round {next(numbers)}",
            opens_at=opens,
            questions_until=closes,
            advertised_closes_at=closes,
            closes_at=closes,
            made_by_id=(made_by or _commissioner(session, lead)).id,
        ),
    )
    wanted = list(categories) or session.scalars(
        select(Category).where(Category.framework_id == framework.id).order_by(Category.code)
    )
    for category in wanted:
        add(
            session,
            RoundCategory(
                round_id=round_.id,
                category_id=category.id,
                framework_id=framework.id,
                lead_council_id=framework.lead_council_id,
            ),
        )
    return round_


def make_open_round(
    session: Session, *, framework: Framework, openers: Iterable[Person] = (), **given: Any
) -> Round:
    """A round that was announced as it opened, with its key split among two openers and escrow.

    The openers belong to the lead council, and are new people unless named; PHRASE is the pass
    phrase of each. More may be ``given``, as to ``make_round``.
    """
    round_ = make_round(session, framework=framework, **given)
    lead = session.get_one(Organisation, framework.lead_council_id)
    named = list(openers) or [_commissioner(session, lead) for _ in range(2)]
    for number, person in enumerate(named):
        make_opener_key(session, person=person, council=lead, number=number)
        make_opener(session, round_=round_, person=person, council=lead)
    make_escrow_key(session)
    round_.public_key = make_round_key(session, round_)
    round_.announced_at = round_.opens_at
    session.flush()
    return round_


def make_submission(
    session: Session,
    *,
    round_: Round,
    provider: Organisation,
    prices: Prices | None = None,
    answers: Mapping[UUID, Any] | None = None,
    by: Person | None = None,
    received_at: datetime | None = None,
) -> Submission:
    """A provider's application, submitted once more; sealed, an hour before closing.

    ``prices`` are pounds by category code, and by band where it has bands; £42.00 for each of the
    round's categories unless named. ``answers`` are by the id of the question's version.
    """
    assert round_.public_key is not None
    person = by or make_person(session, organisation=provider, roles=[Role.BIDS], password=None)
    application = session.scalars(
        select(Application).where(
            Application.round_id == round_.id, Application.provider_id == provider.id
        )
    ).first() or make_application(session, round_=round_, provider=provider, by=person)
    number = 1 + len(
        session.scalars(
            select(Submission.id).where(Submission.application_id == application.id)
        ).all()
    )
    content = Content.of(content_of(session, round_, prices, answers))
    moment = received_at or round_.closes_at - timedelta(hours=1)
    receipt = Receipt(new_reference(), moment, content.digest)
    return add(
        session,
        Submission(
            application_id=application.id,
            round_id=round_.id,
            framework_id=round_.framework_id,
            lead_council_id=round_.lead_council_id,
            provider_id=provider.id,
            number=number,
            reference=receipt.reference,
            received_at=receipt.received_at,
            sealed=seal(content.padded(), to=round_.public_key),
            digest=receipt.digest,
            signature=receipt.signature(receipt_key(SECRET)),
            declared_by_id=person.id,
            declared_by_name=person.name,
            declared_as="Director",
        ),
    )


def make_application(
    session: Session, *, round_: Round, provider: Organisation, by: Person | None = None
) -> Application:
    """An application that was started and not submitted."""
    person = by or make_person(session, organisation=provider, roles=[Role.BIDS], password=None)
    return add(
        session,
        Application(
            round_id=round_.id,
            framework_id=round_.framework_id,
            lead_council_id=round_.lead_council_id,
            provider_id=provider.id,
            started_at=round_.opens_at,
            started_by_id=person.id,
        ),
    )


def make_opened_round(
    session: Session,
    *,
    framework: Framework,
    bids: Mapping[UUID, Prices],
    answers: Mapping[UUID, Mapping[UUID, Any]] | None = None,
    closes_at: datetime | None = None,
    **given: Any,
) -> Round:
    """A round that closed yesterday, with these providers' bids, and was opened just now.

    ``bids`` and ``answers`` are by the provider's id, each as ``make_submission`` takes them.
    """
    closes = closes_at or now_of(session) - timedelta(days=1)
    round_ = make_open_round(session, framework=framework, closes_at=closes, **given)
    for provider_id, prices in bids.items():
        provider = session.get_one(Organisation, provider_id)
        said = (answers or {}).get(provider_id)
        make_submission(session, round_=round_, provider=provider, prices=prices, answers=said)
    open_it(session, round_)
    return round_


def open_it(session: Session, round_: Round) -> None:
    """Open a round's bids with the first opener's share and the escrow's, whatever the time."""
    assert round_.public_key is not None
    opener = session.scalars(
        select(RoundOpener).where(RoundOpener.round_id == round_.id).order_by(RoundOpener.name)
    ).first()
    assert opener is not None and opener.share is not None
    kept = session.get_one(OpenerKey, (opener.person_id, opener.council_id))
    holder = Locked(kept.sealed_private_key, kept.salt).unlock(PHRASE)
    shares = (
        open_share(opener.share, round_id=round_.id, holder=holder),
        open_share(
            session.get_one(EscrowShare, round_.id).share, round_id=round_.id, holder=escrow_pair()
        ),
    )
    round_.opened_at = max(round_.closes_at, now_of(session))
    session.flush()
    write_opened(
        session, round_, round_key(*shares, public=round_.public_key), checks=[receipt_key(SECRET)]
    )


def make_opener(
    session: Session, *, round_: Round, person: Person, council: Organisation
) -> RoundOpener:
    """A person named to open a round, without a share until its key is made."""
    return add(
        session,
        RoundOpener(
            mailbox=mailbox_digest(person.email),
            round_id=round_.id,
            person_id=person.id,
            framework_id=round_.framework_id,
            lead_council_id=round_.lead_council_id,
            council_id=council.id,
            name=person.name,
        ),
    )


def make_opener_key(
    session: Session, *, person: Person, council: Organisation, number: int = 0
) -> OpenerKey:
    """A person's key for opening bids, under PHRASE; the one they have, if there is one.

    The keys of different ``number`` differ: a round wants two.
    """
    own = (person.id, council.id)
    pair, locked = _locked_pair(number)
    return session.get(OpenerKey, own) or add(
        session,
        OpenerKey(
            person_id=person.id,
            council_id=council.id,
            public_key=pair.public,
            sealed_private_key=locked.sealed,
            salt=locked.salt,
            made_at=now_of(session),
        ),
    )


def make_escrow_key(session: Session) -> EscrowKey:
    """The escrow's key, of which escrow_pair() is the private half; the one there is, if any."""
    at = now_of(session)
    return newest_escrow_key(session) or add(
        session,
        EscrowKey(public_key=escrow_pair().public, made_at=at, drilled_at=at),
    )


def content_of(
    session: Session,
    round_: Round,
    prices: Prices | None = None,
    answers: Mapping[UUID, Any] | None = None,
) -> dict[str, Any]:
    """The content of an application, as it is sealed."""
    if prices is None:
        codes = session.scalars(
            select(Category.code)
            .join(RoundCategory, RoundCategory.category_id == Category.id)
            .where(RoundCategory.round_id == round_.id)
            .order_by(Category.code)
        )
        prices = dict.fromkeys(codes, "42.00")
    banded = {
        code: {"": asked} if isinstance(asked, str) else asked for code, asked in prices.items()
    }
    return {
        "categories": list(banded),
        "answers": {str(version_id): value for version_id, value in (answers or {}).items()},
        "prices": {
            code: {band: Money.pounds(price).pence for band, price in asked.items()}
            for code, asked in banded.items()
        },
    }


@cache
def escrow_pair() -> KeyPair:
    """The whole escrow key, which the operator would keep outside the portal."""
    return KeyPair.new()


@cache
def _locked_pair(number: int) -> tuple[KeyPair, Locked]:
    """Made once in a run, and quick to unlock."""
    pair = KeyPair.new()
    return pair, Locked.lock(pair, PHRASE, cost=Cost(passes=1, kilobytes=8))


def _commissioner(session: Session, council: Organisation) -> Person:
    return make_person(session, organisation=council, roles=[Role.COMMISSIONER], password=None)
