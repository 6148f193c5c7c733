"""Every receipt verifies after opening, and no altered bid does (promise 11)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import cycle

from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.frameworks.applications.models import Submission
from portal.frameworks.applications.opened import Bid, BidPrice, OpenedAnswer
from portal.frameworks.applications.receiving.queries import checked
from portal.frameworks.models import Framework
from portal.frameworks.opening.models import OpenedSubmission
from portal.frameworks.opening.verifying import Standing
from portal.frameworks.sealing.receipts import Receipt, receipt_key
from portal.kernel.database import Database
from portal.kernel.money import Money
from portal.kernel.tenancy import Scope, Task
from tests.makers import make_category, make_council, make_framework, make_provider
from tests.makers.questions import make_question
from tests.makers.rounds import SECRET, make_open_round, make_submission, open_it
from tests.support.size import size

OPERATOR = Scope.system(Task.OPERATOR)
RECEIPTS = size(24, 1_000)
Alter = Callable[[Session, Submission], object]


def of(session: Session, submission: Submission) -> Bid:
    return session.scalars(
        select(Bid).where(Bid.submission_id == submission.id).order_by(Bid.id)
    ).all()[0]


def a_penny_less(session: Session, one: Submission) -> None:
    own = update(BidPrice).where(BidPrice.bid_id == of(session, one).id)
    session.execute(own.values(price=Money.pounds("0.01")))


def no_price(session: Session, one: Submission) -> None:
    session.execute(delete(BidPrice).where(BidPrice.bid_id == of(session, one).id))


def another_category(session: Session, one: Submission) -> None:
    framework = session.get_one(Framework, one.framework_id)
    other = make_category(session, framework=framework, code=f"x{one.reference[-4:]}")
    of(session, one).category_id = other.id


def another_answer(session: Session, one: Submission) -> None:
    own = update(OpenedAnswer).where(OpenedAnswer.submission_id == one.id)
    session.execute(own.values(answer="something else"))


def no_answer(session: Session, one: Submission) -> None:
    session.execute(delete(OpenedAnswer).where(OpenedAnswer.submission_id == one.id))


def another_text(session: Session, one: Submission) -> None:
    kept = session.get_one(OpenedSubmission, one.id)
    kept.text = (kept.text or b"").replace(b"4150", b"4149")


def text_and_price(session: Session, one: Submission) -> None:
    """Somebody who knows all the rows changes each of them alike."""
    another_text(session, one)
    own = update(BidPrice).where(BidPrice.bid_id == of(session, one).id)
    session.execute(own.values(price=Money(4149)))


def another_digest(session: Session, one: Submission) -> None:
    one.digest = "0" * 64


def another_time(session: Session, one: Submission) -> None:
    one.received_at -= timedelta(seconds=1)


ALTERATIONS: Sequence[Alter] = (
    a_penny_less, no_price, another_category, another_answer, no_answer, another_text,
    text_and_price, another_digest, another_time,
)  # fmt: skip


def test_each_receipt_verifies_and_no_altered_bid_does(
    app: Flask, owner_database: Database
) -> None:
    with owner_database.transaction(OPERATOR) as session:
        framework = make_framework(session, lead=make_council(session))
        make_category(session, framework=framework)
        round_ = make_open_round(session, framework=framework)
        asks = make_question(session, round_=round_)
        receipts = []
        for number in range(RECEIPTS):
            one = make_submission(
                session, round_=round_, provider=make_provider(session),
                prices={"1a": "41.50"}, answers={asks.id: f"ours is number {number}"},
            )  # fmt: skip
            receipt = Receipt(one.reference, one.received_at, one.digest)
            receipts.append((one.id, receipt.line(one.signature)))
    keys = [receipt_key(SECRET)]

    def standings() -> list[Standing]:
        with database.session(Scope.public()) as session:
            return [checked(session, Receipt.read(line, keys)) for _, line in receipts]

    database: Database = app.extensions["portal.database"]
    assert standings() == [Standing.SEALED] * RECEIPTS
    with owner_database.transaction(OPERATOR) as session:
        open_it(session, session.merge(round_))
    assert standings() == [Standing.UNALTERED] * RECEIPTS
    with owner_database.transaction(OPERATOR) as session:
        for (submission_id, _), alter in zip(receipts, cycle(ALTERATIONS)):
            alter(session, session.get_one(Submission, submission_id))
            session.flush()
    assert standings() == [Standing.ALTERED] * RECEIPTS
