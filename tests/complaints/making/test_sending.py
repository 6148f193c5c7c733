"""What is sent reaches the council once, as it was said, and with nothing that was not."""

from __future__ import annotations

from io import BytesIO
from uuid import uuid4

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.audit.models import AuditEvent
from portal.complaints.models import Attachment, Complaint
from portal.complaints.rules import About, Answer, Kind, State
from portal.identity.models import Person
from portal.identity.rules import Role
from portal.kernel.database import Database
from portal.kernel.files import StoredFile
from portal.kernel.tenancy import Scope, Task
from portal.notices.models import Notice
from tests.complaints.somebody import ANSWERS, WORDS, Somebody, somebody_at
from tests.makers import make_council, make_person
from tests.support.background import Letters, RunJobs
from tests.support.visits import Visits

HOSTILE = "<script>alert(1)</script> & {{ 7 * 7 }} </textarea>\n\u202eأخذوا حقيبتي"  # noqa: RUF001
DIARY = b"Monday. They took my bag."


def sent(kept: Session, reference: str) -> Complaint:
    kept.rollback()
    return kept.scalars(select(Complaint).where(Complaint.reference == reference)).one()


def test_it_is_kept_as_it_was_said(somebody: Somebody, kept: Session) -> None:
    assert somebody.say_all().location.endswith("/tell-us/check")
    assert WORDS in somebody.get("/tell-us/check").text
    assert somebody.send().location.endswith("/tell-us/sent")
    reference, words = somebody.code()
    complaint = sent(kept, reference)
    assert (complaint.what_happened, complaint.wished) == (WORDS, "I want my bag back.")
    assert (complaint.kind, complaint.about, complaint.answer_by, complaint.state) == (
        Kind.COMPLAINT, About.COUNCIL, Answer.HERE, State.RECEIVED,
    )  # fmt: skip
    assert (complaint.name, complaint.tell_provider, complaint.urgent) == (None, False, False)
    assert words not in complaint.passphrase_hash and "$argon2id$" in complaint.passphrase_hash


def test_a_text_arrives_as_it_was_typed(visits: Visits, kept: Session) -> None:
    text = f"{HOSTILE}\n{'😀' * 10_000}"
    reference, words = (somebody := somebody_at(visits.app)).send_all(happened={"happened": text})
    assert sent(kept, reference).what_happened == text
    somebody.open(reference, words)
    shown = html.fromstring(somebody.get("/follow/read").text).xpath("//p[@class='public-said']")
    assert shown[0].text_content() == text


def test_sent_twice_it_arrives_once_and_is_answered_alike(
    somebody: Somebody, kept: Session
) -> None:
    reference, words = somebody.send_all()
    assert somebody.send().location.endswith("/tell-us/sent")
    assert somebody.code() == (reference, words)
    found = select(func.count(Complaint.id)).where(Complaint.reference == reference)
    assert kept.scalar(found) == 1
    at_once = select(func.count(AuditEvent.id)).where(AuditEvent.subject_label == reference)
    assert kept.scalar(at_once) == 1


def test_the_code_is_shown_until_it_is_written_down_and_never_again(somebody: Somebody) -> None:
    _reference, words = somebody.send_all()
    assert somebody.post("/tell-us/finish").status_code == 303
    again = somebody.get("/tell-us/sent")
    assert again.status_code == 303 and words not in again.text


def test_a_name_is_told_to_the_service_only_by_the_senders_own_word(
    visits: Visits, kept: Session
) -> None:
    about = {"about": "provider", "provider": str(visits.world.larkspur.id)}
    for said, expected in (("no", False), ("yes", True)):
        reference, _words = somebody_at(visits.app).send_all(
            about=about, name={"named": "yes", "name": "Sam"}, tell={"tell": said}
        )
        complaint = sent(kept, reference)
        assert complaint.provider_id == visits.world.larkspur.id
        assert (complaint.name, complaint.tell_provider) == ("Sam", expected)


def test_each_answer_is_checked_beside_its_own_question(visits: Visits) -> None:
    somebody = somebody_at(visits.app)
    somebody.say_all(
        answer={"answer_by": "phone", "phone": "01632 960001"},
        contact={"safe_times": "After school", "message": "no"},
        needs=None,
    )
    somebody.say("needs")
    words = " ".join(html.fromstring(somebody.get("/tell-us/check").text).text_content().split())
    assert "01632 960001" in words and "After school" in words
    assert "may we leave a message? No, somebody else could see or hear it" in words


def test_what_was_thought_better_of_is_not_sent(visits: Visits, kept: Session) -> None:
    reference, _words = somebody_at(visits.app).send_all(
        name={"named": "no", "name": "Sam"},
        answer={"answer_by": "here", "email": "sam@school.example"},
        helper={"helper": "no", "helper_contact": "My aunt"},
    )
    complaint = sent(kept, reference)
    assert (complaint.name, complaint.contact, complaint.helper_contact) == (None, "", "")


def test_files_come_with_it(visits: Visits, kept: Session) -> None:
    somebody = somebody_at(visits.app)
    named = f"{uuid4().hex}.txt"
    somebody.say_all(files={"files": (BytesIO(DIARY), named)})
    stored = kept.scalars(select(StoredFile).where(StoredFile.name == named)).one()
    assert stored.council_id is None, "no council has it before it is sent"
    somebody.send()
    complaint = sent(kept, somebody.code()[0])
    found = select(Attachment).where(Attachment.complaint_id == complaint.id)
    assert kept.scalars(found).one().stored_file_id == stored.id
    parties = select(StoredFile.council_id, StoredFile.following_id)
    now_of = kept.execute(parties.where(StoredFile.id == stored.id)).one()
    assert tuple(now_of) == (complaint.council_id, complaint.id)


def test_another_councils_provider_cannot_be_chosen(visits: Visits) -> None:
    somebody = somebody_at(visits.app)
    somebody.say("what", kind="complaint")
    foreign = {"about": "provider", "provider": str(visits.world.nettlewood.id)}
    answered = somebody.post("/tell-us/about", foreign)
    assert answered.status_code == 422 and "Nettlewood" not in answered.text


def test_the_record_says_that_something_came_and_not_what(
    somebody: Somebody, kept: Session
) -> None:
    reference, _words = somebody.send_all()
    event = kept.scalars(select(AuditEvent).where(AuditEvent.subject_label == reference)).one()
    assert (event.person_name, event.person_id) == ("Somebody without an account", None)
    assert event.provider_id is None
    assert event.details == {"kind": "complaint", "urgent": False}


@pytest.mark.parametrize("safe", ["yes", "no"])
def test_a_worry_about_safety_meets_help_first_and_reaches_the_leads_at_once(
    app: Flask, owner_database: Database, run_jobs: RunJobs, letters: Letters, safe: str
) -> None:
    operator = Scope.system(Task.OPERATOR)
    with owner_database.transaction(operator) as session:
        council = make_council(session, name="Aldermoor Council")
        for role in (Role.COMPLAINTS_MANAGER, Role.REFERRER, Role.APPROVER):
            make_person(session, organisation=council, roles=[role], email=f"{role}@a.example")
    somebody = somebody_at(app)
    somebody.say("what", kind="worry")
    met = somebody.say("safe", safe=safe)
    assert met.location.endswith("/tell-us/help") is (safe == "no")
    if safe == "no":
        page = somebody.get("/tell-us/help").text
        assert page.index("999") < page.index("0800 1111") < page.index("Tell us what is happening")
    asked = ANSWERS if safe == "yes" else {}
    left_out = {name: asked.get(name) for name in ("about", "wish", "helper", "files", "needs")}
    somebody.send_all(what={"kind": "worry"}, safe={"safe": safe}, **left_out)
    run_jobs()
    manager, lead = (f"{role}@a.example" for role in (Role.COMPLAINTS_MANAGER, Role.REFERRER))
    at_once = {letter.to for letter in letters()}
    assert at_once == ({manager, lead} if safe == "no" else set())
    with owner_database.session(operator) as session:
        notices = session.scalars(select(Notice)).all()
        told = {session.get_one(Person, notice.person_id).email for notice in notices}
        assert told == ({manager, lead} if safe == "no" else {manager})
        assert session.scalars(select(Complaint.urgent)).one() is (safe == "no")
        said = [notice.sentence for notice in notices]
        said += [f"{letter.subject}{letter.body}" for letter in letters()]
        assert not any(WORDS in words for words in said)
