"""Around one agreement: a concern in two steps, a conversation, a notice of risk; who sees what."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from portal.agreements.conversations.models import ConversationMessage
from portal.audit.actions import Actor
from portal.audit.models import AuditEvent
from portal.delivery.concerns.actions import AlreadyAcknowledged, acknowledge, add_note
from portal.delivery.concerns.models import Concern, SafeguardingLead
from portal.delivery.risks.models import Risk
from portal.identity.rules import Role
from portal.kernel.jobs.worker import Worker
from portal.kernel.tenancy import Scope, Task
from portal.kernel.transitions import IllegalStep
from portal.notices.models import Notice
from tests.dealings import AT
from tests.kernel.files.samples import PDF
from tests.makers import csrf_token
from tests.makers.care import make_concern, make_risk
from tests.makers.referrals import make_recipient
from tests.support.size import ONE_ENGINE
from tests.support.visits import Read, Visitor, Visits

pytestmark = pytest.mark.parametrize("visits", ONE_ENGINE, indirect=True, scope="module")
OPERATOR = Scope.system(Task.OPERATOR)
NOW = AT + timedelta(minutes=10)  # the world's clock goes on from there
SEEN = "She has a burn on her arm and says her uncle did it."
RAISED = {"safety": "not-sure", "words": SEEN, "done": "Rang the office"}


@pytest.fixture(autouse=True)
def posted(visits: Visits, tmp_path: Path) -> None:
    """E-mail goes to a folder."""
    visits.app.config["POST_FOLDER"] = str(tmp_path)


def work(visits: Visits, at: datetime = NOW) -> None:
    """Do what the background has to do by a moment."""
    worker = Worker(visits.app, moment=lambda _session: at, schedules={})
    while worker.once():
        pass


def told(visits: Visits, sentence: str) -> set[str]:
    """Who has a notice that begins like this, by the first part of their address."""
    with visits.standing.owner.session(OPERATOR) as session:
        people = {person.id: person.email for person in visits.world.people.values()}
        found = session.scalars(select(Notice).where(Notice.sentence.startswith(sentence)))
        return {people[one.person_id].split(".")[0] for one in found}


def letters(visits: Visits) -> list[str]:
    """What every e-mail says that was sent."""
    folder = Path(visits.app.config["POST_FOLDER"])
    sent = [message_from_bytes(one.read_bytes(), policy=SMTP) for one in folder.glob("*.eml")]
    return [f"{one['Subject']} {one.get_content()}" for one in sent]


def newest(session: Session, model: Any) -> Any:
    """The row that was added last."""
    return session.scalars(select(model).order_by(model.id.desc())).first()


def raised(visits: Visits, by: Visitor, agreement_id: UUID, **more: str) -> UUID:
    """Raise a concern in two steps; its id."""
    form = by.open("/").link("Raise a concern")
    assert "call 999 first" in by.open(f"{form}?agreement={agreement_id}").words
    answer = by.send(form, {**RAISED, "agreement": str(agreement_id), **more})
    assert answer.status == 303, answer.words
    with visits.standing.owner.session(OPERATOR) as session:
        concern_id: UUID = newest(session, Concern).id
        return concern_id


def with_files(visitor: Visitor, path: str, words: str, files: Mapping[str, bytes]) -> Read:
    """Send a message with files; the body is in memory."""
    token = csrf_token(visitor.client.get(path).get_data(as_text=True))
    form: MultiDict[str, Any] = MultiDict({"words": words, "csrf_token": token})
    for name, content in files.items():
        form.add("files", FileStorage(io.BytesIO(content), name))
    boundary, body = encode_multipart(form)
    kind = f"multipart/form-data; boundary={boundary}"
    return Read(visitor.client.post(path, data=body, content_type=kind), 0)


def test_a_concern_reaches_the_lead_at_once_and_is_closed_with_its_outcome(visits: Visits) -> None:
    world = visits.world
    own = world.between(world.aldermoor, world.larkspur)
    mentor = visits.by(world.larkspur, Role.DELIVERY)
    lead = visits.by(world.aldermoor, Role.REFERRER)
    page = mentor.open(f"/delivery/agreements/{own.hourly.id}")
    form = mentor.open(page.link("Raise a concern"))
    chosen = form.markup.split(" selected")[0].rsplit("value=", 1)[1]
    assert str(own.hourly.id) in chosen
    wrong = mentor.send("/concerns/raise", {"agreement": str(own.hourly.id), "words": SEEN})
    assert (wrong.status, SEEN in wrong.words) == (422, True)
    assert "Say whether the young person is safe now" in wrong.words
    concern_id = raised(visits, mentor, own.hourly.id)
    address = f"/concerns/{concern_id}"
    assert "The designated lead of Aldermoor Council is told" in mentor.open(address).words

    work(visits)
    assert told(visits, "A safeguarding concern was raised on") == {"referrer@aldermoor"}
    assert any("Safeguarding concerns" in one and address in one for one in letters(visits))
    assert not any(SEEN in one or own.hourly.young_person in one for one in letters(visits))
    work(visits, NOW + timedelta(hours=1, minutes=1))
    again = told(visits, "Nobody has acknowledged the safeguarding concern on")
    assert again == {f"{role.value}@aldermoor" for role in HANDLERS}

    assert address in lead.open("/").addresses("/concerns/")
    assert SEEN in lead.open(address).words
    too_soon = lead.send(f"{address}/close", {"outcome": "police"})
    assert too_soon.status == 409
    assert lead.send(f"{address}/acknowledge", {}).status == 422
    said = {"told": "Social care knows. Ask her nothing more today."}
    assert lead.send(f"{address}/acknowledge", said).status == 303
    assert "Referrer of Aldermoor acknowledged this concern" in (
        lead.send(f"{address}/acknowledge", said).words
    )
    lead.send(f"{address}/notes", {"words": "Strategy meeting at 4pm"})
    mentor.send(f"{address}/notes", {"words": "She was not in school today"})
    lead.send(f"{address}/close", {"outcome": "social-care", "told": "Thank you"})
    work(visits, NOW + timedelta(hours=5))
    assert told(visits, "The safeguarding concern you raised is closed") == {"delivery@larkspur"}
    seen = mentor.open(address).words
    assert "Referred to children's social care" in seen and "Ask her nothing more today" in seen
    assert "She was not in school today" in seen and "Strategy meeting" not in seen
    assert "Strategy meeting at 4pm" in lead.open(address).words
    assert mentor.send(f"{address}/notes", {"words": "Late"}).status == 409
    with visits.standing.owner.session(OPERATOR) as session:
        events = session.scalars(
            select(AuditEvent.event)
            .where(AuditEvent.subject_id == concern_id)
            .order_by(AuditEvent.at, AuditEvent.id)
        ).all()
    steps = [event.rsplit(":", 1)[1] for event in events if event.startswith("delivery")]
    assert steps == ["raised", "acknowledged", "added", "added", "closed"]
    assert events.count("looks:identity:seen") == 3, "each page, the one with the wrong form too"


HANDLERS = (Role.REFERRER, Role.COMPLAINTS_MANAGER, Role.COUNCIL_ADMINISTRATOR)


def test_who_sees_a_concern(visits: Visits) -> None:
    """A mentor and finance their own, an administrator all but what is kept from them."""
    world = visits.world
    own = world.between(world.aldermoor, world.larkspur)
    agreement_id = own.hourly.id
    mentor, administrator, finance = (
        visits.by(world.larkspur, role)
        for role in (Role.DELIVERY, Role.PROVIDER_ADMINISTRATOR, Role.FINANCE)
    )
    officer = visits.by(world.aldermoor, Role.REFERRER)
    open_ = raised(visits, mentor, agreement_id)
    kept = raised(visits, mentor, agreement_id, kept="y")
    councils = raised(visits, officer, agreement_id)
    of_finance = raised(visits, finance, agreement_id)
    expected = {
        open_: (mentor, administrator, officer),
        kept: (mentor, officer),
        councils: (officer,),
        of_finance: (finance, administrator, officer),
    }
    for concern_id, readers in expected.items():
        for one in (mentor, administrator, finance, officer):
            status = one.open(f"/concerns/{concern_id}").status
            assert status == (200 if one in readers else 404)
        assert (
            visits.by(world.brackenvale, Role.REFERRER).open(f"/concerns/{concern_id}").status
            == 404
        )
    assert "Only whoever raised it" in officer.open(f"/concerns/{kept}").words
    with visits.standing.application.session(Scope(world.larkspur.id)) as session:
        of_concerns = AuditEvent.event.startswith("delivery:concern")
        told_of = set(session.scalars(select(AuditEvent.subject_id).where(of_concerns)))
    assert open_ in told_of and not {kept, councils} & told_of


def test_nothing_is_acknowledged_twice_and_leads_are_chosen_among_those_who_may(
    visits: Visits,
) -> None:
    world = visits.world
    own = world.between(world.aldermoor, world.millstone)
    officer = world.person(world.aldermoor, Role.REFERRER)
    manager = world.person(world.aldermoor, Role.COMPLAINTS_MANAGER)
    recorder = world.person(world.millstone, Role.DELIVERY)
    with visits.standing.owner.transaction(OPERATOR) as session:
        concern_id = make_concern(session, agreement=own.hourly, by=recorder).id
    actor = Actor(officer.id, officer.name, world.aldermoor.id)
    scope = Scope(world.aldermoor.id, officer.id)
    with visits.standing.application.transaction(scope) as session:
        acknowledge(session, actor, concern_id, told="I have it", at=NOW)
    with (
        pytest.raises(AlreadyAcknowledged),
        visits.standing.application.transaction(scope) as session,
    ):
        acknowledge(session, actor, concern_id, told="So have I", at=NOW)
    lead = visits.by(world.aldermoor, Role.REFERRER)
    page = lead.open("/concerns/leads")
    assert set(page.values("leads")) == {
        str(world.person(world.aldermoor, role).id) for role in HANDLERS
    }
    stranger = world.person(world.aldermoor, Role.APPROVER).id
    assert lead.send("/concerns/leads", {"leads": str(stranger)}).status == 422
    assert lead.send("/concerns/leads", {"leads": str(manager.id)}).status == 303
    with visits.standing.owner.session(OPERATOR) as session:
        named = session.scalars(
            select(SafeguardingLead.person_id).where(
                SafeguardingLead.council_id == world.aldermoor.id
            )
        ).all()
    assert named == [manager.id]
    raised(
        visits,
        visits.by(world.larkspur, Role.DELIVERY),
        world.between(world.aldermoor, world.larkspur).weekly.id,
    )
    work(visits, NOW + timedelta(minutes=5))
    assert "complaints-manager@aldermoor" in told(visits, "A safeguarding concern was raised on")


def test_the_pages_of_concerns_cost_the_same_for_few_and_many(visits: Visits) -> None:
    world = visits.world
    own = world.between(world.brackenvale, world.larkspur)
    officer = world.person(world.brackenvale, Role.REFERRER)
    lead = visits.by(world.brackenvale, Role.REFERRER)
    recorder = world.person(world.larkspur, Role.DELIVERY)
    with visits.standing.owner.transaction(OPERATOR) as session:
        concern_id = make_concern(session, agreement=own.hourly, by=recorder).id
    pages = ("/concerns", f"/concerns/{concern_id}")
    lead.open(pages[1])  # the look is recorded once
    few = [lead.open(page).statements for page in pages]
    actor = Actor(officer.id, officer.name, world.brackenvale.id)
    with visits.standing.application.transaction(Scope(world.brackenvale.id)) as session:
        for words in ("Rang the school", "Rang the carer", "Rang the police"):
            add_note(session, actor, concern_id, words=words, at=NOW)
    with visits.standing.owner.transaction(OPERATOR) as session:
        for agreement in (own.hourly, own.weekly) * 3:
            make_concern(session, agreement=agreement, by=recorder)
    assert [lead.open(page).statements for page in pages] == few


def test_two_sides_converse_on_an_agreement(visits: Visits) -> None:
    world = visits.world
    own = world.between(world.aldermoor, world.millstone)
    path = f"/conversations/agreements/{own.weekly.id}"
    officer = visits.by(world.aldermoor, Role.REFERRER)
    administrator = visits.by(world.millstone, Role.PROVIDER_ADMINISTRATOR)
    assert officer.send(path, {"words": " "}).status == 422
    assert with_files(officer, path, "Bed times?", {"Plan.pdf": PDF}).status == 303
    work(visits)
    assert "provider-administrator@millstone" in told(visits, "There is a new message on agr")
    assert not any("Bed times?" in one for one in letters(visits))
    assert any(path in one for one in letters(visits))

    assert path in administrator.open("/").addresses("/conversations/")
    page = administrator.open(path)
    assert "Bed times?" in page.words and "New" in page.words
    file = administrator.open(page.link("Plan.pdf")).response
    assert (file.status_code, file.get_data()) == (200, PDF)
    assert file.headers["Content-Disposition"].startswith("attachment")
    (newest_id,) = page.values("newest")
    assert administrator.send(f"{path}/read", {"newest": newest_id}).status == 303
    assert administrator.open(path).values("newest") == []
    assert path not in administrator.open("/").addresses("/conversations/")
    assert administrator.send(path, {"words": "Half past eight"}).status == 303
    assert path in officer.open("/").addresses("/conversations/")
    listed = officer.open("/conversations")
    assert any("Millstone Care" in row and "Not read" in row for row in listed.rows)
    mentor = visits.by(world.millstone, Role.DELIVERY)
    assert mentor.open(path).status == 404
    assert visits.by(world.millstone, Role.BIDS).open(path).status == 403
    assert visits.by(world.brackenvale, Role.REFERRER).open(path).status == 404
    few = officer.open(path).statements
    for words in ("Nine, then", "Or ten", "Or noon"):
        assert administrator.send(path, {"words": words}).status == 303
    assert officer.open(path).statements == few


def test_on_a_referral_each_provider_has_a_conversation_of_its_own(visits: Visits) -> None:
    """Nothing tells who the young person is, nor a provider that was not asked that it exists."""
    world = visits.world
    own = world.between(world.aldermoor, world.larkspur)
    referral, young = own.referred.referral, own.referred.young_person
    asked = f"/conversations/referrals/{own.referred.recipient.id}"
    with visits.standing.owner.transaction(OPERATOR) as session:
        waiting = make_recipient(session, referral=referral, provider=world.millstone, sent=False)
    later = f"/conversations/referrals/{waiting.id}"
    officer = visits.by(world.aldermoor, Role.REFERRER)
    given_away = officer.send(asked, {"words": f"{young.given_name} likes boxing"})
    assert (given_away.status, "Take out" in given_away.words) == (422, True)
    assert officer.send(asked, {"words": "A quiet room, please"}).status == 303
    refused = officer.send(later, {"words": "Hello"})
    assert (refused.status, "has not been asked yet" in refused.words) == (409, True)
    assert "has not been asked yet" in officer.open(later).words
    bids, rival = visits.by(world.larkspur, Role.BIDS), visits.by(world.millstone, Role.BIDS)
    council_page = officer.open(f"/referrals/{referral.id}")
    assert council_page.addresses("/conversations/") == [asked]
    inbox = bids.open(f"/referrals-received/{referral.id}")
    assert inbox.addresses("/conversations/") == [asked]
    assert "A quiet room, please" in bids.open(asked).words
    assert bids.send(asked, {"words": "We have one"}).status == 303
    assert (rival.open(asked).status, rival.open(later).status) == (404, 404)
    assert visits.by(world.larkspur, Role.DELIVERY).open(asked).status == 403
    work(visits)
    assert told(visits, f"There is a new message on referral {referral.reference}") >= {
        "bids@larkspur", "commissioner@aldermoor", "referrer@aldermoor",
    }  # fmt: skip
    with visits.standing.owner.session(OPERATOR) as session:
        assert not any(
            "Hello" in words for words in session.scalars(select(ConversationMessage.words))
        )


def test_a_provider_gives_notice_of_a_risk_and_the_council_closes_it(visits: Visits) -> None:
    world = visits.world
    own = world.between(world.aldermoor, world.larkspur)
    mentor = visits.by(world.larkspur, Role.DELIVERY)
    administrator = visits.by(world.larkspur, Role.PROVIDER_ADMINISTRATOR)
    commissioner = visits.by(world.aldermoor, Role.COMMISSIONER)
    whole = f"{world.aldermoor.id.hex}-{own.framework.id.hex}"
    said = {
        "kind": "insurance", "words": "Renewal is late", "doing": "The broker has it",
        "from_day-day": "1", "from_day-month": "6", "from_day-year": "2026",
    }  # fmt: skip
    assert administrator.send("/risks/give", {**said, "about": "no-contract"}).status == 422
    assert administrator.send("/risks/give", {**said, "about": whole}).status == 303
    assert whole not in mentor.open("/risks/give").values("about")
    alone = mentor.send(
        f"/risks/give?agreement={own.hourly.id}",
        {**said, "kind": "staff", "about": str(own.hourly.id)},
    )
    assert alone.status == 303
    with visits.standing.owner.session(OPERATOR) as session:
        risk = newest(session, Risk)
        assert (risk.agreement_id, risk.framework_id) == (own.hourly.id, own.framework.id)
    work(visits)
    assert told(visits, "A provider gave notice") >= {
        "commissioner@aldermoor", "referrer@aldermoor",
    }  # fmt: skip
    contract = f"/risks?party={world.larkspur.id}&framework={own.framework.id}"
    before = commissioner.open(contract)
    assert "Shared mentoring and placements All of it" in " ".join(before.rows)
    assert f"Agreement {own.hourly.reference}" in " ".join(before.rows)
    assert "Insurance" not in " ".join(mentor.open("/risks").rows)
    with visits.standing.owner.transaction(OPERATOR) as session:
        recorder = world.person(world.larkspur, Role.DELIVERY)
        for _ in range(3):
            make_risk(session, agreement=own.hourly, by=recorder, alone=False)
    assert commissioner.open(contract).statements == before.statements
    address = f"/risks/{risk.id}"
    assert commissioner.send(address, {}).status == 422
    closing = {"outcome": "delivery-changed", "words": "A second mentor is in"}
    assert commissioner.send(address, closing).status == 303
    assert commissioner.send(address, closing).status == 409
    assert "A second mentor is in" in mentor.open(address).words
    assert visits.by(world.brackenvale, Role.COMMISSIONER).open(address).status == 404
    work(visits)
    assert told(visits, "A council closed the notice") == {"delivery@larkspur"}


def test_a_step_that_leads_nowhere_is_named(visits: Visits) -> None:
    world = visits.world
    own = world.between(world.brackenvale, world.millstone)
    lead = visits.by(world.brackenvale, Role.REFERRER)
    answer = lead.send(f"/concerns/{own.cared.concern.id}/close", {"outcome": "police"})
    assert (answer.status, IllegalStep.status) == (409, 409)
    assert "this is now raised" in answer.words
