"""Around closing and in the rush before it, over HTTP with two processes of the real server: each
application is decided by when it was received, and none is lost (promises 9 and 12)."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.frameworks.applications.models import Submission
from portal.frameworks.opening.models import OpenedSubmission
from portal.identity.models import Person
from portal.kernel.database import Database
from tests.faults.at_once import at_once
from tests.faults.bidding import Fair, Window, give, make_fair, newest, windows
from tests.faults.test_over_http import Browser, address, come_in, portal
from tests.support.size import size

__all__ = ["address", "come_in", "portal"]
pytestmark = pytest.mark.slow

CLOSINGS = size(1, 20)  # 1,000 posts in all
POSTS = 50
SECONDS = 2.0  # either side of closing
BIDDERS = 8
AT_ONCE = size(20, 100)
LAST_MINUTE = size(60, 1_000)
SENDERS = 8
ComeIn = Callable[[Person], Browser]


@dataclass(frozen=True)
class Sent:
    """One form: when it left, when its answer came, and what it was."""

    left: float
    came: float
    status: int
    submission_id: UUID | None
    text: str


def send(window: Window) -> Sent:
    left = time.time()
    answer = window.send()
    came = time.time()
    made = urlsplit(answer.location or "").path.rsplit("/", 1)[-1]
    submission_id = UUID(made) if answer.status == 303 else None
    return Sent(left, came, answer.status, submission_id, answer.text)


def received(fair: Fair) -> dict[UUID, datetime]:
    """Each submission that is kept, and when it was received."""
    with fair.operating() as session:
        rows = session.execute(
            select(Submission.id, Submission.received_at)
            .where(Submission.round_id == fair.round.id)
            .order_by(Submission.id)
        )
        return {row.id: row.received_at for row in rows}


@pytest.mark.parametrize("closing", range(CLOSINGS))
def test_each_is_decided_by_when_it_was_received(
    come_in: ComeIn, owner_database: Database, closing: int
) -> None:
    fair = make_fair(owner_database, bidders=BIDDERS)
    ready = windows(come_in, fair)
    first, second = (
        replace(come_in(person), address=f"10.6.{closing}.{number}")
        for number, person in enumerate(fair.openers)
    )
    closes = datetime.now(UTC) + timedelta(seconds=SECONDS + 1)
    fair.close_at(closes)
    begin = closes.timestamp() - SECONDS

    def one(number_and_window: tuple[int, Window]) -> Sent:
        number, window = number_and_window
        time.sleep(max(0.0, begin + number * 2 * SECONDS / POSTS - time.time()))
        return send(window)

    def open_it(browser: Browser) -> list[int]:
        """Try from before closing on, until it is taken."""
        tried = [give(browser, fair.round.id).status]
        while tried[-1] == 409 and len(tried) < 50:
            time.sleep(0.2)
            tried.append(give(browser, fair.round.id).status)
        return tried

    with ThreadPoolExecutor(SENDERS) as senders, ThreadPoolExecutor(2) as openers:
        opening = [openers.submit(open_it, browser) for browser in (first, second)]
        sent = list(senders.map(one, enumerate(islice(cycle(ready), POSTS))))
        tried = [one_of.result() for one_of in opening]

    kept = received(fair)
    acknowledged = {one.submission_id for one in sent if one.submission_id}
    statuses = Counter(one.status for one in sent)
    assert set(statuses) == {303, 409}, f"both sides were tried, and nothing else: {statuses}"
    assert acknowledged == kept.keys(), "what was acknowledged is what is kept"
    assert all(moment < closes for moment in kept.values())
    for one_sent in sent:
        if one_sent.submission_id:
            moment = kept[one_sent.submission_id].timestamp()
            assert one_sent.left - 0.01 <= moment <= one_sent.came + 0.01
        else:
            assert one_sent.came >= closes.timestamp()
            assert "so it was not received" in one_sent.text
    for answers in tried:
        assert answers[0] == 409, "too early"
        assert answers[-1] == 303
    opened_at = fair.opened_at()
    assert opened_at is not None and opened_at >= closes
    with fair.operating() as session:
        opened = session.scalars(
            select(OpenedSubmission.submission_id).where(OpenedSubmission.round_id == fair.round.id)
        ).all()
        counted = {
            (one.application_id, one.number)
            for one in session.scalars(select(Submission).where(Submission.id.in_(opened)))
        }
        assert counted == set(newest(session, fair.round.id).items()), "the opening missed none"


def test_none_is_lost_when_everybody_comes_at_once_and_in_the_last_minute(
    come_in: ComeIn, owner_database: Database
) -> None:
    fair = make_fair(owner_database, bidders=AT_ONCE)
    ready = windows(come_in, fair)
    together = at_once(send, ready)
    with ThreadPoolExecutor(SENDERS) as senders:
        rush = list(senders.map(send, islice(cycle(ready), LAST_MINUTE)))
    answers = Counter(one.status for one in (*together, *rush))
    assert answers == {303: AT_ONCE + LAST_MINUTE}
    acknowledged = [one.submission_id for one in (*together, *rush)]
    assert set(acknowledged) == received(fair).keys()
    assert len(set(acknowledged)) == AT_ONCE + LAST_MINUTE
