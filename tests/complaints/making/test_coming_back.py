"""Nothing is lost if they stop half way, and nobody else can read what is not sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.complaints.making.actions import remove_outlived
from portal.complaints.models import UnsentComplaint, WrongGuesses
from portal.complaints.rules import SAVED_KEPT, UNSAVED_KEPT
from portal.kernel.clock import set_clock
from portal.kernel.files import StoredFile
from portal.kernel.tenancy import Scope, Task
from tests.complaints.somebody import WORDS, Somebody, somebody_at
from tests.dealings import AT
from tests.support.visits import Visits

OPERATOR = Scope.system(Task.OPERATOR)


@pytest.fixture
def later(visits: Visits) -> Iterator[object]:
    """Set the clock; it is set back after the test."""

    def passes(by: timedelta) -> None:
        with visits.standing.owner.transaction(OPERATOR) as session:
            set_clock(session, AT + by)

    yield passes
    passes(timedelta())


def unsent(kept: Session, reference: str) -> UnsentComplaint | None:
    kept.rollback()
    return kept.scalars(
        select(UnsentComplaint).where(UnsentComplaint.reference == reference)
    ).first()


def save(somebody: Somebody) -> tuple[str, str]:
    somebody.say("what", kind="complaint")
    somebody.say("safe", safe="yes")
    saved = somebody.post("/tell-us/happened", {"happened": WORDS, "then": "later"})
    assert saved.location.endswith("/tell-us/saved")
    return somebody.code("/tell-us/saved")


def test_what_was_saved_is_there_in_another_browser(visits: Visits) -> None:
    reference, words = save(somebody_at(visits.app))
    another = somebody_at(visits.app)
    opened = another.open(reference.lower(), words.upper())
    assert opened.location.endswith("/tell-us/check")
    assert WORDS in another.get("/tell-us/happened").text
    assert another.get("/tell-us/check").location.endswith("/tell-us/about")


def test_it_is_sent_under_the_same_code_and_words(visits: Visits) -> None:
    first = somebody_at(visits.app)
    code = save(first)
    assert first.send_all() == code


def test_half_an_answer_is_saved_too(visits: Visits) -> None:
    somebody = somebody_at(visits.app)
    somebody.say("what", kind="worry")
    saved = somebody.post("/tell-us/answer", {"email": "sam@", "then": "later"})
    assert saved.status_code == 303
    assert 'value="sam@"' in somebody.get("/tell-us/answer").text


def test_nobody_who_reads_the_database_reads_what_is_not_sent(
    visits: Visits, kept: Session
) -> None:
    reference, words = save(somebody_at(visits.app))
    row = unsent(kept, reference)
    assert row is not None
    for secret in (WORDS, words, words.split()[0]):
        assert secret.encode() not in row.sealed
    with visits.standing.application.session(Scope(visits.world.aldermoor.id)) as session:
        assert unsent(session, reference) is None


def test_wrong_words_open_nothing(visits: Visits) -> None:
    reference, _words = save(somebody_at(visits.app))
    another = somebody_at(visits.app)
    assert another.open(reference, "apple river candle blanket").status_code == 422
    assert another.get("/tell-us/check").location.endswith("/tell-us")


def test_leaving_makes_the_browser_forget(visits: Visits) -> None:
    somebody = somebody_at(visits.app)
    save(somebody)
    left = somebody.get("/tell-us/leave")
    assert left.location == "https://weather.example/"
    assert left.headers["Referrer-Policy"] == "no-referrer"
    assert "portal=;" in left.headers["Set-Cookie"]
    assert somebody.get("/tell-us/happened").location.endswith("/tell-us")


@pytest.mark.parametrize(("saved", "kept_for"), [(False, UNSAVED_KEPT), (True, SAVED_KEPT)])
def test_it_is_removed_with_its_files_when_its_time_is_over(
    visits: Visits, kept: Session, later: object, saved: bool, kept_for: timedelta
) -> None:
    assert (timedelta(days=1), timedelta(days=30)) == (UNSAVED_KEPT, SAVED_KEPT)
    somebody = somebody_at(visits.app)
    somebody.say("what", kind="complaint")
    then = {"then": "later"} if saved else {}
    somebody.say("files", files=(BytesIO(b"Monday"), "diary.txt"), **then)
    somebody.say("happened", happened=WORDS)
    ((unsent_id, reference),) = kept.execute(
        select(UnsentComplaint.id, UnsentComplaint.reference)
        .join(StoredFile, StoredFile.following_id == UnsentComplaint.id)
        .order_by(UnsentComplaint.id.desc())
        .limit(1)
    ).all()
    for early, gone in ((timedelta(minutes=-1), False), (timedelta(minutes=1), True)):
        moment = kept_for + early
        assert callable(later)
        later(moment)
        assert (somebody.get("/tell-us/happened").status_code == 303) is gone
        with visits.standing.application.transaction(Scope.system(Task.RETENTION)) as session:
            remove_outlived(session, at=AT + moment)
        assert (unsent(kept, reference) is None) is gone
        files = select(StoredFile).where(StoredFile.following_id == unsent_id)
        assert (kept.scalars(files).first() is None) is gone


def test_what_was_guessed_is_forgotten_after_a_day(visits: Visits, kept: Session) -> None:
    somebody_at(visits.app).open("CT-2222-2222", "apple river candle blanket")
    with visits.standing.application.transaction(Scope.system(Task.RETENTION)) as session:
        remove_outlived(session, at=AT + timedelta(days=2))
    kept.rollback()
    assert kept.scalars(select(WrongGuesses).where(WrongGuesses.since <= AT)).first() is None
