"""Reading, answering, adding, naming and taking back what was sent: one's own and no other's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from lxml import html
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from portal.complaints.models import Attachment, Complaint, Message
from portal.complaints.rules import Side, State
from portal.kernel.clock import set_clock
from portal.kernel.tenancy import Scope, Task
from tests.complaints.somebody import WORDS, Somebody, somebody_at
from tests.dealings import AT
from tests.makers.complaints import PASSPHRASE, RECEIVED
from tests.support.visits import Visits

OPERATOR = Scope.system(Task.OPERATOR)
QUESTION = "Have you found my bag?"


@pytest.fixture
def mine(sent: Callable[[], Complaint]) -> Complaint:
    """What somebody sent."""
    return sent()


@pytest.fixture
def follower(visits: Visits, mine: Complaint) -> Somebody:
    """Somebody who came back to it."""
    somebody = somebody_at(visits.app)
    somebody.open(mine.reference, PASSPHRASE)
    return somebody


def said(follower: Somebody) -> list[str]:
    found = html.fromstring(follower.get("/follow/read").text).xpath("//p[@class='public-said']")
    return [one.text_content() for one in found]


def test_it_shows_the_dates_and_how_they_were_counted(visits: Visits) -> None:
    """Received on Thursday 17 December 2026 (rules.md A1 and A2)."""
    with visits.standing.owner.transaction(OPERATOR) as session:
        set_clock(session, RECEIVED)
    try:
        somebody = somebody_at(visits.app)
        code = somebody.send_all()
        pages = [somebody.get("/tell-us/sent").text]
        somebody.open(*code)
        pages.append(somebody.get("/follow/read").text)
        welsh = somebody.client.get(f"/cy{somebody.front}/follow/read").text
    finally:
        with visits.standing.owner.transaction(OPERATOR) as session:
            set_clock(session, AT)
    for page in pages:
        assert "We got it on 17 December 2026." in page
        assert "We answer you by 5 January 2027." in page
        assert "until 19 January 2027" in page
        assert "Christmas Day" in page and "Boxing Day" in page and "10 days" in page
    assert "5 Ionawr 2027" in welsh


def test_an_answer_of_the_council_is_read_beside_ones_own_words(
    visits: Visits, follower: Somebody, mine: Complaint
) -> None:
    with visits.standing.owner.transaction(OPERATOR) as session:
        answer = Message(
            complaint_id=mine.id, council_id=mine.council_id, side=Side.COUNCIL,
            person_id=next(iter(visits.world.members(visits.world.aldermoor))),
            person_name="Alex Invented", text="We are sorry.", at=AT + timedelta(days=1),
        )  # fmt: skip
        session.add(answer)
    assert said(follower) == [WORDS, "We are sorry."]
    assert "Alex Invented" not in follower.get("/follow/read").text


def test_a_reply_sent_twice_is_there_once_and_another_text_is_refused(
    follower: Somebody, mine: Complaint, kept: Session
) -> None:
    nonce = "1" * 32 if mine.id.int % 2 else "2" * 32
    for _ in range(3):
        answered = follower.post("/follow/reply", {"text": QUESTION}, nonce=nonce)
        assert answered.location.endswith("/follow/read")
    changed = follower.post("/follow/reply", {"text": "Something else"}, nonce=nonce)
    assert changed.status_code == 422
    assert said(follower) == [WORDS, QUESTION]
    count = select(func.count(Message.id)).where(Message.complaint_id == mine.id)
    assert kept.scalar(count) == 1


def test_nobody_writes_under_the_number_of_anothers_form(
    visits: Visits, follower: Somebody, sent: Callable[[], Complaint]
) -> None:
    nonce = "3" * 32
    follower.post("/follow/reply", {"text": QUESTION}, nonce=nonce)
    other = somebody_at(visits.app)
    other.open(sent().reference, PASSPHRASE)
    assert other.post("/follow/reply", {"text": QUESTION}, nonce=nonce).status_code == 404
    assert said(other) == [WORDS]


def test_files_come_with_a_reply_and_are_downloads(follower: Somebody) -> None:
    empty = follower.post("/follow/reply", {"text": " "}, nonce="4" * 32)
    assert empty.status_code == 422 and "Write a few words, or add a file" in empty.text
    sent = {"text": "", "files": (BytesIO(b"Monday"), "diary.txt")}
    assert follower.post("/follow/reply", sent, nonce="5" * 32).status_code == 303
    page = html.fromstring(follower.get("/follow/read").text)
    (address,) = page.xpath("//a[contains(@href,'/follow/files/')]/@href")
    with follower.client.get(address) as file:
        assert (file.status_code, file.data) == (200, b"Monday")
        assert file.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("files", [1, 3], ids=["one of 30 MB", "three of 9 MB"])
def test_files_that_are_much_too_large_cost_no_word(follower: Somebody, files: int) -> None:
    each = b"a" * ((30 if files == 1 else 9) * 1024 * 1024)
    film = [FileStorage(BytesIO(each), f"{number}.txt") for number in range(files)]
    typed = {"csrf_token": follower.token, "text": QUESTION, "files": film}
    boundary, body = encode_multipart(typed)
    answered = follower.client.post(
        f"{follower.front}/follow/reply",
        data=body,
        content_type=f"multipart/form-data; boundary={boundary}",
    )
    assert answered.status_code == 413
    page = html.fromstring(answered.text)
    assert page.xpath("string(//textarea)").strip() == QUESTION
    assert "too big" in answered.text or "larger than 10 MB" in answered.text
    assert said(follower) == [WORDS]


def test_a_reply_with_a_wrong_file_keeps_the_words(follower: Somebody) -> None:
    sent = {"text": QUESTION, "files": (BytesIO(b"MZ\x90\x00" * 40), "game.exe")}
    answered = follower.post("/follow/reply", sent)
    assert answered.status_code == 422
    assert html.fromstring(answered.text).xpath("string(//textarea)").strip() == QUESTION


@pytest.mark.parametrize("tell", ["no", "yes"])
def test_they_can_say_who_they_are_later(
    follower: Somebody, mine: Complaint, kept: Session, tell: str
) -> None:
    follower.get("/follow/name")
    assert follower.post("/follow/name", {"tell": tell}).status_code == 422
    assert follower.post("/follow/name", {"name": "Sam", "tell": tell}).status_code == 303
    found = kept.get_one(Complaint, mine.id)
    assert (found.name, found.tell_provider, found.version) == ("Sam", tell == "yes", 2)
    assert "Tell us who you are" not in follower.get("/follow/read").text


def test_they_can_take_it_back_once(follower: Somebody, mine: Complaint, kept: Session) -> None:
    assert "Nobody may do that" in follower.get("/follow/take-back").text
    assert follower.post("/follow/take-back").status_code == 303
    assert kept.get_one(Complaint, mine.id).state is State.WITHDRAWN
    assert "You took it back" in follower.get("/follow/read").text
    assert follower.post("/follow/take-back").status_code == 409


def test_it_is_not_shown_under_another_councils_name(follower: Somebody) -> None:
    follower.front = "/young-people/copperholt-council"
    assert follower.get("/follow/read").location.endswith("/copperholt-council/follow")


def test_nobody_else_opens_its_files(visits: Visits, follower: Somebody, kept: Session) -> None:
    theirs = kept.scalars(
        select(Attachment.stored_file_id).where(
            Attachment.complaint_id == visits.world.dealings[0].complaint.id
        )
    ).first()
    assert follower.get(f"/follow/files/{theirs}").status_code == 404
    assert somebody_at(visits.app).get(f"/follow/files/{theirs}").location.endswith("/follow")


@pytest.mark.parametrize("way", ["/follow/leave", "/tell-us/leave", "half an hour"])
def test_what_was_open_is_shut_again(follower: Somebody, way: str) -> None:
    if way == "/follow/leave":
        assert follower.post(way).status_code == 303
    elif way == "/tell-us/leave":
        assert follower.get(way).status_code == 303
    else:
        with follower.client.session_transaction() as cookie:
            complaint_id, seen = cookie["following"]
            cookie["following"] = [complaint_id, seen - 30 * 60 - 1]
    assert follower.get("/follow/read").location.endswith("/follow")
    if way == "half an hour":
        lost = follower.post("/follow/reply", {"text": QUESTION})
        assert lost.status_code == 422 and QUESTION in lost.text
