"""The complaints manager's pages, as they use them."""

from __future__ import annotations

import zipfile
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.audit.events import Event
from portal.audit.models import AuditEvent
from portal.complaints.handling.steps import STEPS
from portal.complaints.models import Complaint
from portal.complaints.rules import Answer, Kind
from portal.identity.rules import Role
from portal.kernel.post.models import Letter
from portal.kernel.tenancy import Scope, Task
from tests.dealings import AT
from tests.makers import make_case, make_complaint
from tests.support.visits import Visitor, Visits

OPERATOR = Scope.system(Task.OPERATOR)
TODAY = AT.date()


def day(name: str, on: date) -> dict[str, str]:
    """A date as its three boxes send it."""
    parts = {"day": on.day, "month": on.month, "year": on.year}
    return {f"{name}-{part}": str(number) for part, number in parts.items()}


def manager(visits: Visits) -> Visitor:
    """Aldermoor's complaints manager."""
    return visits.by(visits.world.aldermoor, Role.COMPLAINTS_MANAGER)


def new_complaint(visits: Visits, **said: Any) -> str:
    """The address of a complaint that Aldermoor has just received."""
    world = visits.world
    with visits.standing.owner.transaction(OPERATOR) as session:
        made = make_complaint(
            session, council=world.aldermoor, provider=world.larkspur, received_at=AT, **said
        )
    return f"/complaints/{made.id}"


def take(visitor: Visitor, path: str, step: str, **typed: str) -> None:
    """Take one step with what the page offers; fails where it is not taken."""
    page = visitor.open(f"{path}/do/{step}")
    assert page.status == 200, step
    (version,) = page.values("version")
    done = visitor.send(f"{path}/do/{step}", {"version": version, **typed})
    assert done.status == 303, done.words


def choices(visitor: Visitor, path: str, step: str, name: str) -> list[str]:
    """The values that a step's page offers under a name."""
    return visitor.open(f"{path}/do/{step}").values(name)


def test_a_complaint_is_taken_up_answered_and_closed(visits: Visits) -> None:
    visitor, path = manager(visits), new_complaint(visits)
    assert "Not taken up yet" in visitor.open(path).words
    empty = visitor.send(f"{path}/do/take-up", {"version": "1"})
    assert empty.status == 422
    assert "Choose the track" in empty.words and "Write at least one point" in empty.words

    take(visitor, path, "take-up", track="children", reason="In our care", points="One\nTwo\n")
    page = visitor.open(path)
    assert "Stage 1, local answer: to be answered" in page.words
    assert "15 May 2026" in page.words, "ten working days over the early May bank holiday"
    assert "skipped Early May bank holiday" in page.words

    take(visitor, path, "acknowledge", text="Thank you for telling us.")
    take(visitor, path, "extend", reason="Somebody is away", **day("new_day", date(2026, 5, 29)))
    early = visitor.send(f"{path}/do/answer", {"version": "4", "text": "We are sorry."})
    assert early.status == 422
    assert "Say first what was found on each point" in early.words
    assert "We are sorry." in early.markup, "what was typed is kept"
    for point in choices(visitor, path, "finding", "point"):
        take(visitor, path, "finding", point=point, outcome="upheld")
    take(visitor, path, "answer", text="We are sorry.")
    page = visitor.open(path)
    assert "Upheld at stage 1" in page.words
    assert "you can ask us to look again" in page.words
    assert "We need more time. We will answer you by 29 May 2026" in page.words
    take(visitor, path, "close", text="")
    assert "Closed" in visitor.open(path).words


def test_how_it_reads_is_told_before_anything_is_sent(visits: Visits) -> None:
    visitor, path = manager(visits), new_complaint(visits)
    hard = (
        "Notwithstanding considerable and persistent organisational difficulties, appropriate "
        "investigations "
        "concerning responsibilities regarding accommodation were subsequently undertaken "
        "independently throughout multidisciplinary consultation, notwithstanding limitations."
    )
    page = visitor.send(f"{path}/do/message", {"version": "1", "text": hard, "check": "reading"})
    assert (page.status, "Aim for 9" in page.words) == (200, True)
    assert hard in page.markup
    assert "No message has been written yet" in visitor.open(path).words


def test_a_stale_form_changes_nothing_and_keeps_what_was_typed(visits: Visits) -> None:
    visitor, path = manager(visits), new_complaint(visits)
    take(visitor, path, "message", text="First.")
    stale = visitor.send(f"{path}/do/message", {"version": "1", "text": "Second."})
    assert stale.status == 409
    assert "Somebody else changed this complaint" in stale.words and "Second." in stale.markup
    assert visitor.send(f"{path}/do/message", {"version": "2", "text": "Second."}).status == 303
    assert "First." in visitor.open(path).words


def test_a_form_sent_twice_is_done_once(visits: Visits) -> None:
    visitor, path = manager(visits), new_complaint(visits)
    typed = {"version": "1", "text": "Only once."}
    for _ in range(2):
        assert visitor.send(f"{path}/do/message", typed, nonce=path[-20:]).status == 303
    assert visitor.open(path).words.count("Only once.") == 1


def test_no_step_is_possible_before_its_time(visits: Visits) -> None:
    visitor, path = manager(visits), new_complaint(visits, kind=Kind.COMPLIMENT)
    possible = set()
    for step in STEPS:
        page = visitor.open(f"{path}/do/{step}")
        assert page.status in (200, 303)
        if page.status == 200:
            possible.add(step)
            assert page.heading == STEPS[step].title
    assert possible == {
        "message", "advocate", "person", "share", "close", "withdraw", "hold"
    }  # fmt: skip


def test_an_unknown_step_is_not_found(visits: Visits) -> None:
    visitor, path = manager(visits), new_complaint(visits)
    assert visitor.open(f"{path}/do/erase").status == 404
    assert visitor.send(f"{path}/do/erase", {}).status == 404


def test_the_queue_costs_the_same_for_one_complaint_and_thirty(visits: Visits) -> None:
    world = visits.world
    visitor = visits.by(world.copperholt, Role.COMPLAINTS_MANAGER)
    before = visitor.open("/complaints")
    with visits.standing.owner.transaction(OPERATOR) as session:
        for number in range(60):
            made = make_complaint(
                session, council=world.copperholt, received_at=AT - timedelta(days=number)
            )
            if number % 2:
                make_case(session, complaint=made)
    after = visitor.open("/complaints")
    assert len(after.rows) == 50 > len(before.rows)
    assert after.statements == before.statements
    older = visitor.open(after.link("Next →"))
    assert 10 <= len(older.rows) < 20
    overdue = visitor.open("/complaints?due=overdue")
    assert overdue.rows and all("Overdue" in row for row in overdue.rows)
    assert visitor.open("/complaints?stage=0").words.count("Take it up") == 30


def test_a_letter_is_a_tagged_pdf_and_is_recorded(visits: Visits) -> None:
    visitor, path = manager(visits), new_complaint(visits)
    take(visitor, path, "message", text="Hello.\n\nWe have read it.")
    page = visitor.open(path)
    (action,) = page.forms("letters")
    answered = visitor.send(action, {})
    assert answered.response.mimetype == "application/pdf"
    assert answered.response.data.startswith(b"%PDF-")


def test_a_copy_for_the_person_masks_everybody_else(visits: Visits) -> None:
    world = visits.world
    boss = world.person(world.aldermoor, Role.COMPLAINTS_MANAGER)
    visitor = manager(visits)
    path = new_complaint(
        visits, name="Kit Yarrow", what_happened=f"{boss.name} and Commissioner shouted at Kit."
    )
    take(visitor, path, "message", text=f"Hello Kit, this is {boss.name}.")
    answered = visitor.send(f"{path}/copy/download", {})
    with zipfile.ZipFile(BytesIO(answered.response.data)) as packed:
        text = packed.read("complaint.txt").decode()
    assert "shouted at Kit" in text and "Kit Yarrow" in text
    assert boss.name not in text and "Manager" not in text
    assert "[somebody at work]" in text


def test_an_email_says_where_to_look_and_nothing_else(visits: Visits) -> None:
    visitor, path = manager(visits), new_complaint(visits)
    with visits.standing.owner.transaction(OPERATOR) as session:
        complaint = session.get_one(Complaint, UUID(path.rsplit("/", 1)[1]))
        complaint.answer_by, complaint.contact = Answer.EMAIL, "kit@portal.example"
    take(visitor, path, "message", text="The yellow door is mended.")
    with visits.standing.owner.session(OPERATOR) as session:
        (letter,) = session.query(Letter).filter_by(address="kit@portal.example").all()
    assert letter.subject == "A message for you"
    assert letter.body is not None
    assert "/young-people/aldermoor-council" in letter.body
    for secret in ("yellow", "omplaint", complaint.reference):
        assert secret not in letter.body


def test_nobody_without_the_permission_sees_any_of_it(visits: Visits) -> None:
    path = new_complaint(visits)
    world = visits.world
    for role in (Role.COMMISSIONER, Role.AUDITOR, Role.COUNCIL_ADMINISTRATOR, Role.REFERRER):
        assert visits.by(world.aldermoor, role).open(path).status == 403
    assert visits.by(world.brackenvale, Role.COMPLAINTS_MANAGER).open(path).status == 404
    for role in (Role.PROVIDER_ADMINISTRATOR, Role.DELIVERY, Role.FINANCE):
        assert visits.by(world.larkspur, role).open(path).status == 403


def test_each_look_at_who_complained_is_recorded_and_one_without_a_name_is_not(
    visits: Visits,
) -> None:
    named, nameless = new_complaint(visits, name="Sky Invented"), new_complaint(visits, name=None)
    desk = manager(visits)
    for path in (named, named, nameless):
        assert desk.open(path).status == 200
    with visits.standing.owner.session(OPERATOR) as session:
        looks = session.scalars(
            select(AuditEvent)
            .where(AuditEvent.event == Event.IDENTITY_SEEN.value)
            .order_by(AuditEvent.at)
        ).all()
    about = [str(look.subject_id) for look in looks]
    assert about.count(named.rpartition("/")[2]) == 2
    assert nameless.rpartition("/")[2] not in about
    own = next(look for look in looks if str(look.subject_id) in named)
    assert (
        own.person_name == visits.world.person(visits.world.aldermoor, Role.COMPLAINTS_MANAGER).name
    )
    assert own.details == {"reason": "reads the case of this complaint"}
    assert "Sky" not in repr(own.details) + own.subject_label
