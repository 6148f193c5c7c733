"""Only the code and the four words open what was sent; guessing is slow, counted, and told nothing
(issue 6: 10,000 guesses, none right, then throttled)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.models import AuditEvent
from portal.complaints.following import opening
from portal.complaints.following.rules import LOCKED_FOR, MOST_WRONG, counts_afresh, is_locked
from portal.complaints.models import Complaint, WrongGuesses
from portal.complaints.passphrases import new_passphrase
from portal.complaints.rules import new_reference
from portal.kernel.tenancy import Scope, Task
from tests.complaints.somebody import WORDS, somebody_at
from tests.dealings import AT
from tests.makers.complaints import PASSPHRASE
from tests.support.visits import Visits

WRONG = "river apple blanket candle"
DESK = Scope.system(Task.PUBLIC_DESK)
GUESSES = 10_000
DOES_NOT_MATCH = "The code and the words do not match."


def test_ten_wrong_tries_shut_a_code_for_15_minutes() -> None:
    assert (10, timedelta(minutes=15)) == (MOST_WRONG, LOCKED_FOR)
    assert not is_locked(9, AT, AT)
    assert is_locked(10, AT, AT + timedelta(minutes=14))
    assert not is_locked(10, AT, AT + LOCKED_FOR)
    assert counts_afresh(AT, AT + LOCKED_FOR)


def test_the_code_and_the_words_open_it_however_they_are_typed(
    visits: Visits, sent: Callable[[], Complaint]
) -> None:
    another = somebody_at(visits.app)
    reference, words = sent().reference, PASSPHRASE
    typed = reference.replace("-", " ").lower(), f" {words.upper().replace(' ', ', ')}."
    assert another.open(*typed).location.endswith("/follow/read")
    assert WORDS in another.get("/follow/read").text


def test_following_is_recorded_as_by_somebody_without_an_account(
    visits: Visits, kept: Session
) -> None:
    reference, words = (somebody := somebody_at(visits.app)).send_all()
    somebody.open(reference, words)
    named = select(AuditEvent).where(AuditEvent.subject_label == reference)
    events = kept.scalars(named.order_by(AuditEvent.id)).all()
    assert [event.event.rpartition(":")[2] for event in events] == ["sent", "followed"]
    assert {event.person_name for event in events} == {"Somebody without an account"}


def test_the_answer_and_the_work_are_the_same_for_a_code_that_is_nobodys(
    visits: Visits, sent: Callable[[], Complaint], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One argon2id each, whether something was sent, is saved, or never was."""
    saver = somebody_at(visits.app)
    saver.say("what", kind="complaint")
    saver.post("/tell-us/happened", {"happened": WORDS, "then": "later"})
    saved, _words = saver.code("/tell-us/saved")
    computed: list[str] = []
    for name in ("matches", "key_of"):
        monkeypatch.setattr(opening, name, _counted(computed, name))
    answers = set()
    for reference in (sent().reference, saved, new_reference()):
        guesser = somebody_at(visits.app)
        answered = guesser.open(reference, WRONG)
        assert answered.status_code == 422 and DOES_NOT_MATCH in answered.text
        page = answered.text.replace(reference, "")
        answers.add(page.split("<main")[1].split('name="csrf_token"')[0])
    assert len(answers) == 1
    assert computed == ["matches", "key_of", "matches"]


def test_a_code_tried_ten_times_stays_shut_even_for_the_right_words(
    visits: Visits, sent: Callable[[], Complaint], kept: Session
) -> None:
    reference, words = sent().reference, PASSPHRASE
    for _ in range(MOST_WRONG):
        assert somebody_at(visits.app).open(reference, WRONG).status_code == 422
    shut = somebody_at(visits.app).open(reference, words)
    assert shut.status_code == 422 and DOES_NOT_MATCH in shut.text
    kept.rollback()
    counted = kept.scalars(select(WrongGuesses).order_by(WrongGuesses.count.desc())).first()
    assert counted is not None and counted.count >= MOST_WRONG
    assert reference not in counted.reference_digest


def test_one_address_guesses_30_times_in_a_quarter_of_an_hour(
    visits: Visits, sent: Callable[[], Complaint]
) -> None:
    waiting, guesser = sent(), somebody_at(visits.app)
    guesser.get("/follow")
    answered = [
        guesser.post("/follow", {"reference": new_reference(), "passphrase": new_passphrase()})
        for _ in range(35)
    ]
    assert [one.status_code for one in answered] == [422] * 30 + [429] * 5
    assert "0800 1111" in answered[-1].text and "wait" in answered[-1].text.lower()
    opened = somebody_at(visits.app).open(waiting.reference, PASSPHRASE)
    assert opened.status_code == 303, "another address is not held up"


@pytest.mark.slow
def test_guesses_that_nothing_throttles_are_none_right(
    visits: Visits, sent: Callable[[], Complaint]
) -> None:
    waiting = [sent().reference for _ in range(20)]
    with visits.app.app_context(), visits.standing.application.session(DESK) as session:
        for number in range(GUESSES):
            reference = waiting[number % 20] if number % 2 else new_reference()
            assert opening.try_to_open(session, reference, new_passphrase(), at=AT) is None
        assert opening.try_to_open(session, waiting[0], PASSPHRASE, at=AT) is not None


def _counted(computed: list[str], name: str) -> Callable[..., object]:
    real = getattr(opening, name)

    def counted(*given: object) -> object:
        computed.append(name)
        return real(*given)

    return counted
