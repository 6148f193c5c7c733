"""What comes by telephone, by letter, by e-mail or in person is entered and answered alike."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from lxml import html
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from portal.audit.models import AuditEvent
from portal.complaints.entering.models import Entry
from portal.complaints.entering.rules import Channel, NotYetReceived, received_at
from portal.complaints.models import Complaint
from portal.identity.rules import Role
from portal.kernel.jobs.models import Job
from portal.kernel.tenancy import Scope, Task
from tests.complaints.handling.test_pages import day, manager, take
from tests.complaints.somebody import somebody_at
from tests.dealings import AT
from tests.makers import csrf_token
from tests.support.visits import Read, Visits

OPERATOR = Scope.system(Task.OPERATOR)
YESTERDAY = date(2026, 4, 29)
SAID = {
    "channel": "telephone",
    "kind": "complaint",
    "what_happened": "The mentor did not come, <b>twice</b>. 🙁",
    "about": "council",
    "who": "parent",
    "answer_by": "here",
    "helper": "no",
    **day("received_on", YESTERDAY),
}


def enter(visits: Visits, **said: Any) -> Read:
    """Send the form as Aldermoor's complaints manager."""
    return manager(visits).send("/complaints/new", {**SAID, **said})


def entered(visits: Visits, **said: Any) -> str:
    """The address of a complaint that was just entered."""
    answer = enter(visits, **said)
    assert answer.status == 303, answer.words
    return answer.response.location


@pytest.mark.parametrize("channel", Channel)
def test_each_channel_is_entered_and_says_who_took_it(visits: Visits, channel: Channel) -> None:
    path = entered(visits, channel=channel.value)
    page = manager(visits).open(path)
    taken = visits.world.person(visits.world.aldermoor, Role.COMPLAINTS_MANAGER)
    assert f"Entered by {taken.name}, 30 April 2026" in page.words
    assert "29 April 2026" in page.words and "<b>twice</b>. 🙁" in page.words
    with visits.standing.owner.session(OPERATOR) as session:
        complaint = session.get_one(Complaint, UUID(path.rpartition("/")[2]))
        entry = session.get_one(Entry, complaint.id)
        assert (entry.channel, entry.person_id) == (channel, taken.id)
        event = session.scalars(
            select(AuditEvent).where(AuditEvent.subject_id == complaint.id)
        ).one()
        assert (event.event, event.person_id) == ("complaints:complaint:entered", taken.id)
        assert event.details["channel"] == channel.value
        said = [str(arguments) for arguments in session.scalars(select(Job.arguments))]
        assert any(complaint.reference in one for one in said), "the others are told"


def test_the_days_count_from_the_day_on_which_it_was_received(visits: Visits) -> None:
    """Thursday 17 December 2026 or, here, Monday 20 April: stage 1 due ten working days on."""
    visitor, path = manager(visits), entered(visits, **day("received_on", date(2026, 4, 20)))
    take(visitor, path, "take-up", track="children", reason="In our care", points="One")
    assert "5 May 2026" in visitor.open(path).words
    assert "skipped Early May bank holiday" in visitor.open(path).words


def test_a_day_to_come_is_refused_and_nothing_typed_is_lost(visits: Visits) -> None:
    answer = enter(visits, **day("received_on", date(2026, 5, 1)))
    assert answer.status == 422
    assert "cannot be in the future" in answer.words
    assert (
        "The mentor did not come, <b>twice</b>. 🙁" in html.fromstring(answer.markup).text_content()
    )


def test_the_moment_of_receipt() -> None:
    at = datetime(2026, 12, 17, 16, 30, tzinfo=UTC)
    assert received_at(date(2026, 12, 17), at) == at
    assert received_at(date(2026, 12, 16), at) == datetime(2026, 12, 16, 12, tzinfo=UTC)
    assert received_at(date(2026, 7, 1), at) == datetime(2026, 7, 1, 11, tzinfo=UTC)
    with pytest.raises(NotYetReceived):
        received_at(date(2026, 12, 18), at)
    late = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)  # 1 July in London
    assert received_at(date(2026, 7, 1), late) == late


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"channel": ""}, "Choose how it came"),
        ({"what_happened": ""}, "Write what they say happened"),
        ({"about": "provider"}, "Choose the provider"),
        ({"answer_by": "letter"}, "Enter where to reach them"),
        ({"tell_provider": "y"}, "Enter their name"),
    ],
)
def test_what_is_missing_is_asked_for(visits: Visits, said: dict[str, Any], words: str) -> None:
    answer = enter(visits, **said)
    assert answer.status == 422 and words in answer.words


def test_a_wrong_file_is_refused_and_nothing_typed_is_lost(visits: Visits) -> None:
    answer = enter(visits, files=(BytesIO(b"MZ\x90\x00" * 40), "letter.exe"))
    assert answer.status == 422 and "letter.exe: This is not a kind" in answer.words
    assert "The mentor did not come" in answer.words


def test_a_film_of_30_mb_is_refused_and_nothing_typed_is_lost(visits: Visits) -> None:
    visitor = manager(visits)
    token = csrf_token(visitor.client.get("/").text)
    film = FileStorage(BytesIO(bytes(30 * 1024 * 1024)), "film.mp4")
    boundary, body = encode_multipart({**SAID, "csrf_token": token, "files": film})
    sent_as = f"multipart/form-data; boundary={boundary}"
    answer = Read(visitor.client.post("/complaints/new", data=body, content_type=sent_as), 0)
    assert answer.status == 413 and "film.mp4: This file is larger than 10 MB" in answer.words
    assert "The mentor did not come" in answer.words


def test_somebody_who_is_not_safe_is_an_alert_at_once(visits: Visits) -> None:
    path = entered(visits, urgent="y", **day("received_on", AT.date()))
    alerts = visits.by(visits.world.aldermoor, Role.REFERRER).open("/alerts")
    with visits.standing.owner.session(OPERATOR) as session:
        reference = session.get_one(Complaint, UUID(path.rpartition("/")[2])).reference
    assert reference in alerts.words


def test_a_letter_comes_with_it_and_a_provider_is_never_told_who(visits: Visits) -> None:
    world = visits.world
    path = entered(
        visits,
        channel="letter",
        about="provider",
        provider=str(world.larkspur.id),
        name="Robin Invented",
        files=(BytesIO(b"Dear council"), "letter.txt"),
    )
    page = manager(visits).open(path)
    assert "letter.txt" in page.words and "Robin Invented" in page.words
    provider = visits.by(world.larkspur, Role.PROVIDER_ADMINISTRATOR)
    assert provider.open(path).status == 403
    assert "Robin Invented" not in provider.open("/shared-complaints").markup


def test_its_sender_is_given_a_code_that_opens_it_and_is_shown_once(visits: Visits) -> None:
    visitor, path = manager(visits), entered(visits)
    (version,) = visitor.open(f"{path}/code").values("version")
    given = visitor.send(f"{path}/code", {"version": version})
    assert given.status == 200
    shown = html.fromstring(given.markup).xpath("//dd[contains(@class,'summary-list__value')]")
    reference, words, follow = (one.text_content().strip() for one in shown)
    assert follow.endswith("/young-people/aldermoor-council/follow")
    sender = somebody_at(visits.app)
    assert sender.open(reference, words).location.endswith("/follow/read")
    assert "twice" in sender.get("/follow/read").text
    assert words not in visitor.open(path).words
    assert "They were given a code on 30 April 2026" in visitor.open(path).words

    again = visitor.send(f"{path}/code", {"version": str(int(version) + 1)})
    assert again.status == 200
    assert somebody_at(visits.app).open(reference, words).status_code == 422, "only the new ones"
    assert visitor.send(f"{path}/code", {"version": version}).status == 409


def test_nobody_is_given_the_words_of_what_its_sender_sent(visits: Visits) -> None:
    reference, _words = somebody_at(visits.app).send_all()
    with visits.standing.owner.session(OPERATOR) as session:
        sent = session.scalars(select(Complaint).where(Complaint.reference == reference)).one()
    path = f"/complaints/{sent.id}/code"
    assert manager(visits).open(path).status == 404
    assert manager(visits).send(path, {"version": "1"}).status == 404
