"""Contacts, deadlines, mentors' records and substitutes, as both sides use them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.agreements.clocks.actions import start_clocks
from portal.agreements.disclosing.models import Disclosure
from portal.agreements.models import Agreement, Assignment, Clearance, Mentor
from portal.agreements.rules import AgreementState
from portal.delivery.models import DeliverySession
from portal.identity.models import Person
from portal.identity.rules import Role
from portal.kernel.jobs.registry import SCHEDULES
from portal.kernel.jobs.worker import Worker
from portal.kernel.tenancy import Scope, Task
from portal.notices.models import Notice
from portal.notices.rules import NoticeKind
from tests.dealings import AT, Dealings
from tests.makers import (
    make_agreement,
    make_assignment,
    make_mentor,
    make_person,
    make_session,
)
from tests.makers.orders import make_disclosure
from tests.support.visits import Read, Visitor, Visits

OPERATOR = Scope.system(Task.OPERATOR)
EASTER = date(2026, 4, 2)
LATER = AT + timedelta(hours=1)
on_sqlite = pytest.mark.parametrize("visits", ["sqlite"], indirect=True, scope="module")


def day(name: str, when: date) -> dict[str, str]:
    """A day as the three boxes of a form."""
    return {f"{name}-{part}": str(getattr(when, part)) for part in ("day", "month", "year")}


@pytest.fixture
def dealings(visits: Visits) -> Dealings:
    """What Aldermoor and Larkspur have between them."""
    return visits.world.between(visits.world.aldermoor, visits.world.larkspur)


@pytest.fixture
def provider(visits: Visits) -> Visitor:
    """Larkspur's administrator."""
    return visits.by(visits.world.larkspur, Role.PROVIDER_ADMINISTRATOR)


@pytest.fixture
def council(visits: Visits) -> Visitor:
    """Aldermoor's Virtual School officer."""
    return visits.by(visits.world.aldermoor, Role.REFERRER)


@pytest.fixture
def ordered(visits: Visits, dealings: Dealings) -> Callable[..., Agreement]:
    """Make an agreement of both, ordered on a day, with a mentor of its own."""

    def make(reference: str, mentor: Mentor | None = None, starts_on: date = EASTER) -> Agreement:
        with visits.standing.owner.transaction(OPERATOR) as session:
            agreement = make_agreement(
                session, place=dealings.place, council=dealings.council, reference=reference,
                starts_on=starts_on,
            )  # fmt: skip
            start_clocks(session, agreement, starts_on)
            if mentor is not None:
                make_assignment(session, agreement=agreement, mentor=mentor)
        return agreement

    return make


@pytest.fixture
def told(visits: Visits) -> Callable[..., list[tuple[str, str]]]:
    """Do what waits in the background; whom it has told of a kind, by address."""

    def run(
        kind: NoticeKind, about: str, at: datetime = LATER, *schedules: str
    ) -> list[tuple[str, str]]:
        own = {name: SCHEDULES[name] for name in schedules}
        worker = Worker(visits.app, moment=lambda _session: at, schedules=own)
        while worker.once():
            pass
        with visits.standing.application.session(Scope.system(Task.POST)) as session:
            notices = session.scalars(
                select(Notice).where(Notice.kind == kind.value, Notice.sentence.contains(about))
            )
            found = [(one.person_id, one.sentence) for one in notices]
        with visits.standing.owner.session(OPERATOR) as session:
            return sorted((session.get_one(Person, to).email, said) for to, said in found)

    return run


def _mentor(visits: Visits, name: str, **options: object) -> Mentor:
    with visits.standing.owner.transaction(OPERATOR) as session:
        return make_mentor(session, provider=visits.world.larkspur, name=name, **options)  # type: ignore[arg-type]


def _contact(
    visitor: Visitor, agreement: Agreement, when: date, kind: str, how: str, words: str = ""
) -> Read:
    data = {"kind": kind, "how": how, "words": words, **day("day", when)}
    return visitor.send(f"/agreements/{agreement.id}/contacts", data)


@on_sqlite
def test_both_sides_are_reminded_before_and_after(
    visits: Visits,
    ordered: Callable[..., Agreement],
    told: Callable[..., list[tuple[str, str]]],
) -> None:
    """Ordered on Thursday 30 April 2026: due on Tuesday 5 May, after the bank holiday."""
    person = visits.world.person(visits.world.larkspur, Role.DELIVERY)
    ordered("IA-REMIND", _mentor(visits, "Mo Minded", person=person), date(2026, 4, 30))
    before = "First contact on IA-REMIND is due in 4 days, 5 May 2026"
    missed = "First contact on IA-REMIND was due by 5 May 2026"
    own = {f"{role}@larkspur.example" for role in ("provider-administrator", "finance", "delivery")}
    seen = []
    for when in (date(2026, 4, 30), date(2026, 5, 1), date(2026, 5, 5), date(2026, 5, 6)):
        at = datetime.combine(when, time(9), UTC)
        seen.append(set(told(NoticeKind.DEADLINE, "IA-REMIND", at, "clocks:remind")))
    assert seen[0] == set()
    assert seen[1] == seen[2] == {(address, before) for address in own}
    assert seen[3] - seen[2] == {
        (address, missed) for address in {*own, "referrer@aldermoor.example"}
    }


def test_a_voicemail_stops_nothing_a_contact_does(
    visits: Visits, provider: Visitor, council: Visitor, ordered: Callable[..., Agreement]
) -> None:
    mentor = _mentor(visits, "Vic Mailed")
    agreement = ordered("IA-EASTER", mentor)
    path = f"/agreements/{agreement.id}/contacts"
    assert provider.open(path).heading == "Contacts and deadlines"
    empty = provider.send(path, {"how": "phone"})
    assert empty.status == 422
    assert "Choose what came of it" in empty.words and "Enter the day" in empty.words
    wrong = _contact(provider, agreement, date(2026, 4, 1), "attempt", "phone", "Rang twice")
    assert wrong.status == 422 and "Rang twice" in wrong.markup
    assert "The order form is of 2 April 2026" in wrong.words

    sent = _contact(provider, agreement, date(2026, 4, 3), "attempt", "voicemail", "No answer")
    assert sent.status == 303
    waiting = council.open(path)
    assert (
        "First contact by 8 April 2026 Missed 22 days late. Waits for Larkspur Mentoring. Counted "
        "2 working days from 2 April 2026 (day 0, the order form); skipped Good Friday and Easter "
        "Monday." in waiting.words
    )
    assert "First contact on IA-EASTER: Larkspur Mentoring" in council.open("/").words
    assert "First contact on IA-EASTER" in provider.open("/").words

    assert _contact(provider, agreement, date(2026, 4, 7), "contact", "phone").status == 303
    page = council.open(path)
    assert "First contact by 8 April 2026 Met Met on 7 April 2026." in page.words
    assert "First meeting by 21 April 2026 Missed 9 days late." in page.words
    by = "Provider Administrator of Larkspur 30 April 2026 at 10am"
    assert [row.split(" (")[0] for row in page.rows] == [
        f"7 April 2026 Spoke or wrote, and got an answer Phone call None {by}",
        f"3 April 2026 Tried, not reached Voicemail No answer {by}",
    ]
    assert "First meeting by 21 April 2026" in council.open(f"/agreements/{agreement.id}").words

    (withdraw,) = provider.open(path).addresses("/contacts/")[:1]
    assert provider.send(withdraw, {}).status == 422
    assert provider.open(withdraw).heading == "Withdraw a contact"
    assert provider.send(withdraw, {"because": "Wrong agreement"}).status == 303
    assert provider.send(withdraw, {"because": "Again"}).status == 409
    after = provider.open(path)
    assert "First contact by 8 April 2026 Missed" in after.words
    assert "First meeting" not in after.words
    assert "Withdrawn Wrong agreement (Provider Administrator of Larkspur" in after.words

    session = {
        "start": "16:00", "minutes": "1", "mentor": str(mentor.id), "state": "delivered",
        "mode": "face-to-face", **day("day", date(2026, 4, 14)),
    }  # fmt: skip
    assert provider.send(f"/delivery/agreements/{agreement.id}/sessions", session).status == 303
    met = provider.open(path)
    assert "First contact by 8 April 2026 Met late Met on 14 April 2026, 6 days late." in met.words
    assert "First meeting by 28 April 2026 Met Met on 14 April 2026." in met.words
    assert "14 April 2026 Met In person A session was recorded for that day." in met.words
    again = {**session, **day("day", date(2026, 4, 15))}
    assert provider.send(f"/delivery/agreements/{agreement.id}/sessions", again).status == 303
    assert len(provider.open(path).rows) == 3, "only what was waited for is noted"

    commissioner = visits.by(visits.world.aldermoor, Role.COMMISSIONER).open(path)
    assert "No answer" not in commissioner.markup, "notes are for who reads what was delivered"
    assert visits.by(visits.world.brackenvale, Role.REFERRER).open(path).status == 404


@on_sqlite
def test_a_mentors_record_is_kept(visits: Visits, provider: Visitor) -> None:
    person = visits.world.person(visits.world.larkspur, Role.PROVIDER_ADMINISTRATOR)
    bad = provider.send("/mentors/new", {"name": " ", "caseload_limit": "0"})
    assert bad.status == 422
    assert "Enter the mentor's name" in bad.words and "between 1 and 200" in bad.words
    about = {"name": "Robin Ash", "caseload_limit": "2", "person": str(person.id)}
    made = provider.send("/mentors/new", about)
    path = str(made.response.location)
    assert provider.open(path).heading == "Robin Ash"
    twice = provider.send("/mentors/new", {**about, "name": "Another"})
    assert twice.status == 422
    assert "This is the account of the mentor Robin Ash already" in twice.words
    assert "Cannot be assigned until a new enhanced DBS check" in provider.open(path).words

    early, late = date(2026, 4, 20), date(2029, 4, 19)
    check = {**day("checked_on", early), **day("valid_until", late), "result": "assessed"}
    assert provider.send(f"{path}/checks/new", {}).status == 422
    ahead = provider.send(f"{path}/checks/new", {**check, **day("checked_on", date(2026, 5, 1))})
    assert "must be today or earlier" in ahead.words
    assert provider.send(f"{path}/checks/new", check).status == 303
    again = provider.send(f"{path}/checks/new", check)
    assert "A check of that day is recorded already" in again.words
    trained = {"kind": "other", **day("taken_on", date(2024, 4, 1))}
    assert "Say what the training was" in provider.send(f"{path}/training/new", trained).words
    named = {**trained, "title": "Trauma and attachment"}
    assert provider.send(f"{path}/training/new", named).status == 303
    half = provider.send(f"{path}/hours", {"from_0": "15:00", "from_2": "9am", "until_2": "8am"})
    assert half.status == 422
    assert "Enter until when on Monday" in half.words
    assert "On Wednesday it must end after it begins" in half.words
    hours = {"from_0": "15:00", "until_0": "7:30pm", "from_5": "9am", "until_5": "midday"}
    assert provider.send(f"{path}/hours", hours).status == 303
    assert provider.send(f"{path}/hours", {**hours, "from_5": "", "until_5": ""}).status == 303
    page = provider.open(path)
    assert "Hours Monday 3pm to 7:30pm Now" not in page.words
    assert "Monday 3pm to 7:30pm" in page.words and "Saturday" not in page.words
    assert page.rows[0].startswith(
        "20 April 2026 Something recorded, risk assessed and accepted In date until 19 April 2029"
    )
    assert page.rows[1] == "Trauma and attachment 1 April 2024 Lapsed on 31 March 2026"
    (version,) = provider.open(f"{path}/edit").values("version")
    changed = {**about, "name": "Robin Ashe", "volunteer": "y", "version": version}
    assert provider.send(f"{path}/edit", changed).status == 303
    stale = provider.send(f"{path}/edit", {**changed, "name": "Rob Ash"})
    assert stale.status == 409
    assert "Rob Ash" in stale.markup and "Name Robin Ashe" in stale.words
    assert "A volunteer cannot be assigned" in provider.open(path).words

    end = provider.open(path).link("Rely on it no longer: check of 20 April 2026")
    assert provider.send(end, {}).status == 422
    assert provider.send(end, {"because": "news"}).status == 303
    assert "Lapsed on 29 April 2026" in provider.open(path).words
    assert "has lapsed already" in provider.send(end, {"because": "news"}).words
    assert provider.send(end, {"because": "mistake"}).status == 303
    assert "No check is recorded" in provider.open(path).words

    elsewhere = visits.by(visits.world.millstone, Role.PROVIDER_ADMINISTRATOR)
    assert elsewhere.send(f"{path}/hours", hours).status == 404


def test_whoever_is_not_available_is_replaced_within_seven_days(
    visits: Visits,
    dealings: Dealings,
    provider: Visitor,
    council: Visitor,
    ordered: Callable[..., Agreement],
    told: Callable[..., list[tuple[str, str]]],
) -> None:
    person = visits.world.person(visits.world.larkspur, Role.DELIVERY)
    gone = _mentor(visits, "Gale Away", person=person)
    agreement = ordered("IA-AWAY", gone, date(2026, 3, 2))
    _mentor(visits, "Uma Unchecked", cleared=False)
    fresh = _mentor(visits, "Nell Fresh")
    with visits.standing.owner.transaction(OPERATOR) as session:
        met = make_session(
            session, agreement=agreement, mentor=gone, day=date(2026, 3, 25), recorded_by=person
        )
        make_disclosure(
            session, agreement=agreement, young_person=dealings.ordered.young_person, person=person
        )
    page, path = f"/agreements/{agreement.id}", f"/agreements/{agreement.id}/mentor"
    kept = provider.open(path)
    assert "Gale Away works on this agreement. The mentor changes only when" in kept.words
    assert kept.values("mentor") == []
    refused = provider.send(path, {"mentor": str(fresh.id), **day("starts_on", AT.date())})
    assert refused.status == 422 and "Gale Away works on this agreement" in refused.words

    away = f"/mentors/{gone.id}/away"
    assert provider.send(away, {}).status == 422
    short = {"reason": "away", **day("first_day", date(2026, 3, 10))}
    assert provider.send(away, {**short, **day("last_day", date(2026, 3, 16))}).status == 303
    assert "Substitute mentor" not in council.open(page).words, "back on the seventh day"
    left = {"reason": "left", **day("first_day", date(2026, 3, 30))}
    wrong = provider.send(away, {**left, **day("last_day", date(2026, 4, 30))})
    assert "Somebody who has left has no last day away" in wrong.words
    over = provider.send(away, {"reason": "away", **day("first_day", date(2026, 3, 12))})
    assert "Gale Away is away from 10 March 2026 already" in over.words
    assert provider.send(away, left).status == 303

    due = "Substitute mentor by 6 April 2026 Missed 24 days late. Waits for Larkspur Mentoring."
    assert due in council.open(page).words
    assert "Assign a substitute" in provider.open(page).words
    assert "Substitute mentor on IA-AWAY" in provider.open("/").words
    sentence = (
        "Gale Away is not available for IA-AWAY from 30 March 2026. A substitute is due by "
        "6 April 2026."
    )
    assert told(NoticeKind.MENTOR, "IA-AWAY") == [("referrer@aldermoor.example", sentence)]
    assert _knows(visits, agreement.id) == [], "who left knows no longer who it is"
    own = visits.by(visits.world.larkspur, Role.DELIVERY)
    for address in (page, f"{page}/contacts", f"{page}/young-person", f"/delivery{page}"):
        assert own.open(address).status == 404, "nor sees anything of it"
    assert "IA-AWAY" not in own.open("/agreements").markup

    ask = provider.open(path)
    assert ask.heading == "Assign a substitute"
    assert str(fresh.id) in ask.values("mentor") and str(gone.id) not in ask.values("mentor")
    assert "Uma Unchecked has no enhanced DBS check" in ask.words
    early = provider.send(path, {"mentor": str(fresh.id), **day("starts_on", date(2026, 3, 29))})
    assert "The last day of Gale Away is 29 March 2026. Choose a later day" in early.words
    back = provider.send(path, {"mentor": str(gone.id), **day("starts_on", date(2026, 4, 30))})
    assert "Gale Away cannot be assigned from 30 April 2026: is not available" in back.words
    fits = {"mentor": str(fresh.id), **day("starts_on", date(2026, 4, 7))}
    assert provider.send(path, fits).status == 303
    after = council.open(page)
    assert "Substitute mentor by 6 April 2026 Met late Met on 7 April 2026, 1 day late." in (
        after.words
    )
    assert "Gale Away, not available from 30 March 2026. Nell Fresh took over on 7 April 2026." in (
        after.words
    )
    assert "Nell Fresh From 7 April 2026 Now Substitute for Gale Away" in after.rows
    assert "Gale Away 2 to 29 March 2026" in after.rows
    with visits.standing.owner.transaction(OPERATOR) as session:
        assert session.get_one(DeliverySession, met.id).mentor_id == gone.id


def _knows(visits: Visits, agreement_id: UUID) -> list[UUID]:
    with visits.standing.owner.transaction(OPERATOR) as session:
        return list(
            session.scalars(
                select(Disclosure.person_id).where(
                    Disclosure.agreement_id == agreement_id, Disclosure.ended_at.is_(None)
                )
            )
        )


def test_with_a_mentors_account_goes_who_the_young_person_is(
    visits: Visits,
    dealings: Dealings,
    provider: Visitor,
    ordered: Callable[..., Agreement],
    told: Callable[..., list[tuple[str, str]]],
) -> None:
    world = visits.world
    old = world.person(world.larkspur, Role.DELIVERY)
    new = world.person(world.larkspur, Role.FINANCE)
    with visits.standing.owner.transaction(OPERATOR) as session:
        person = make_person(
            session,
            organisation=world.larkspur,
            roles=[Role.DELIVERY],
            email="new@larkspur.example",
        )
    mentor = _mentor(visits, "Ira Account", person=old)
    agreement, ended = ordered("IA-ACCOUNT", mentor), ordered("IA-PAST", mentor)
    with visits.standing.owner.transaction(OPERATOR) as session:
        for one in (agreement, ended):
            make_disclosure(
                session, agreement=one, young_person=dealings.ordered.young_person, person=old
            )
        past = session.scalars(select(Assignment).where(Assignment.agreement_id == ended.id)).one()
        past.ends_on = AT.date() - timedelta(days=1)
    own, page = visits.by(world.larkspur, Role.DELIVERY), f"/agreements/{agreement.id}"
    assert own.open(page).status == 200
    edit = f"/mentors/{mentor.id}/edit"
    (version,) = provider.open(edit).values("version")
    changed = {"name": "Ira Account", "person": str(new.id), "version": version}
    assert provider.send(edit, changed).status == 422, "finance may know no identity"
    assert provider.send(edit, {**changed, "person": str(person.id)}).status == 303
    assert own.open(page).status == 404, "from the next request on"
    assert _knows(visits, agreement.id) == [person.id]
    assert _knows(visits, ended.id) == [], "what is over is told to nobody new"
    assert told(NoticeKind.MENTOR, "IA-ACCOUNT") == [
        ("new@larkspur.example", "You are the mentor on IA-ACCOUNT from 30 April 2026.")
    ]
    (version,) = provider.open(edit).values("version")
    assert provider.send(edit, {**changed, "person": "", "version": version}).status == 303
    assert _knows(visits, agreement.id) == []


@on_sqlite
def test_whoever_is_back_in_time_stays_the_mentor(
    visits: Visits, provider: Visitor, council: Visitor, ordered: Callable[..., Agreement]
) -> None:
    mentor = _mentor(visits, "Bea Back")
    agreement = ordered("IA-BACK", mentor)
    page = f"/agreements/{agreement.id}"
    away = {"reason": "away", **day("first_day", date(2026, 4, 28))}
    assert provider.send(f"/mentors/{mentor.id}/away", away).status == 303
    assert "Substitute mentor by 5 May 2026 Running Due in 5 days." in council.open(page).words
    assert "Bea Back is not available." in council.open(page).words
    (back,) = provider.open(f"/mentors/{mentor.id}").addresses(f"/mentors/{mentor.id}/away/")
    assert provider.send(back, day("back_on", date(2026, 4, 28))).status == 422
    assert provider.send(back, {}).status == 422
    assert provider.open(back).heading == "Back again"
    assert provider.send(back, day("back_on", date(2026, 5, 2))).status == 303
    after = council.open(page)
    assert "Substitute mentor by 5 May 2026 Stopped Stopped on 30 April 2026." in after.words
    assert "Bea Back, not available from 28 April 2026. No substitute was needed." in after.words
    assert "Bea Back From 2 April 2026 Now" in after.rows
    assert provider.send(back, day("back_on", date(2026, 5, 9))).status == 303
    assert "Substitute mentor by 5 May 2026 Running" in council.open(page).words
    later = {**day("first_day", date(2026, 6, 1)), **day("last_day", date(2026, 6, 2))}
    assert provider.send(f"/mentors/{mentor.id}/away", {**away, **later}).status == 303
    assert "Not available from 1 June 2026." in provider.open(f"/mentors/{mentor.id}").words


def test_a_council_rejects_a_mentor(
    visits: Visits,
    dealings: Dealings,
    provider: Visitor,
    council: Visitor,
    ordered: Callable[..., Agreement],
    told: Callable[..., list[tuple[str, str]]],
) -> None:
    person = visits.world.person(visits.world.larkspur, Role.DELIVERY)
    mentor = _mentor(visits, "Rex Rejected", person=person)
    agreement = ordered("IA-REJECT", mentor)
    with visits.standing.owner.transaction(OPERATOR) as session:
        make_disclosure(
            session, agreement=agreement, young_person=dealings.ordered.young_person, person=person
        )
    path = f"/agreements/{agreement.id}/mentor/reject"
    own = visits.by(visits.world.larkspur, Role.DELIVERY)
    assert own.open(f"/agreements/{agreement.id}").status == 200
    assert council.open(path).heading == "Reject the mentor"
    assert council.send(path, {"because": ""}).status == 422
    assert provider.send(path, {"because": "We wish to"}).status == 403
    assert council.send(path, {"because": "They were late three times"}).status == 303
    assert own.open(f"/agreements/{agreement.id}").status == 404, "from the next request on"
    assert own.open(f"/agreements/{agreement.id}/young-person").status == 404
    assert council.send(path, {"because": "Once more"}).status == 409
    assert "Reject the mentor" not in council.open(f"/agreements/{agreement.id}").words
    page = provider.open(f"/agreements/{agreement.id}")
    assert "Substitute mentor by 7 May 2026 Running Due in 7 days." in page.words
    assert (
        "Rex Rejected, rejected by the council from 30 April 2026: They were late three times."
        in page.words
    )
    assert "Rex Rejected 2 to 30 April 2026 Now" in page.rows
    assert _knows(visits, agreement.id) == []
    sentence = (
        "Aldermoor Council rejected Rex Rejected for IA-REJECT. A substitute is due by 7 May 2026."
    )
    assert told(NoticeKind.MENTOR, "IA-REJECT") == [
        ("provider-administrator@larkspur.example", sentence)
    ]
    again = provider.send(
        f"/agreements/{agreement.id}/mentor",
        {"mentor": str(mentor.id), **day("starts_on", date(2026, 5, 1))},
    )
    assert "was rejected by the council for this agreement" in again.words


@on_sqlite
def test_whom_the_council_rejected_while_away_comes_back_to_nothing(
    visits: Visits, provider: Visitor, council: Visitor, ordered: Callable[..., Agreement]
) -> None:
    mentor = _mentor(visits, "Una Wanted")
    page = f"/agreements/{ordered('IA-UNWANTED', mentor).id}"
    away = {"reason": "away", **day("first_day", date(2026, 4, 28))}
    assert provider.send(f"/mentors/{mentor.id}/away", away).status == 303
    assert council.send(f"{page}/mentor/reject", {"because": "Not again"}).status == 303
    (back,) = provider.open(f"/mentors/{mentor.id}").addresses(f"/mentors/{mentor.id}/away/")
    assert provider.send(back, day("back_on", date(2026, 5, 2))).status == 303
    assert "Substitute mentor by 5 May 2026 Running" in council.open(page).words


@on_sqlite
def test_a_check_that_lapses_on_an_assignment_alarms_both_sides(
    visits: Visits,
    provider: Visitor,
    council: Visitor,
    ordered: Callable[..., Agreement],
    told: Callable[..., list[tuple[str, str]]],
) -> None:
    mentor = _mentor(visits, "Lee Lapsed")
    agreement = ordered("IA-LAPSE", mentor)
    with visits.standing.owner.transaction(OPERATOR) as session:
        check = session.scalars(select(Clearance).where(Clearance.mentor_id == mentor.id)).one()
        check.valid_until = AT.date() - timedelta(days=1)
    page = f"/agreements/{agreement.id}"
    for side in (provider, council):
        assert "The enhanced DBS check of Lee Lapsed has lapsed" in side.open(page).words
    assert "Lee Lapsed has no DBS check in date, on IA-LAPSE" in council.open("/").words
    assert "Renew the DBS check of Lee Lapsed" in provider.open("/").words
    sentence = "Lee Lapsed works on IA-LAPSE without an enhanced DBS check in date"
    for at in (LATER, LATER + timedelta(days=1)):
        found = told(NoticeKind.MENTOR, "IA-LAPSE", at, "mentors:remind")
        assert found == [
            ("provider-administrator@larkspur.example", sentence),
            ("referrer@aldermoor.example", sentence),
        ]


def test_what_a_mentor_was_told_ends_after_their_last_day(
    visits: Visits,
    dealings: Dealings,
    ordered: Callable[..., Agreement],
    told: Callable[..., list[tuple[str, str]]],
) -> None:
    person = visits.world.person(visits.world.larkspur, Role.DELIVERY)
    agreement = ordered("IA-OVER", _mentor(visits, "Ola Over", person=person))
    with visits.standing.owner.transaction(OPERATOR) as session:
        make_disclosure(
            session, agreement=agreement, young_person=dealings.ordered.young_person, person=person
        )
        stood = session.scalars(
            select(Assignment).where(Assignment.agreement_id == agreement.id)
        ).one()
        stood.ends_on = AT.date()
    own, page = visits.by(visits.world.larkspur, Role.DELIVERY), f"/agreements/{agreement.id}"
    told(NoticeKind.MENTOR, "", LATER, "substitutes:end")
    assert _knows(visits, agreement.id) == [person.id], "today is their last day"
    assert own.open(page).status == 200
    told(NoticeKind.MENTOR, "", LATER + timedelta(days=1), "substitutes:end")
    assert _knows(visits, agreement.id) == []
    assert own.open(page).status == 404


def test_the_last_mentor_of_an_agreement_that_ended_still_writes_its_report(
    visits: Visits,
    dealings: Dealings,
    provider: Visitor,
    ordered: Callable[..., Agreement],
    told: Callable[..., list[tuple[str, str]]],
) -> None:
    person = visits.world.person(visits.world.larkspur, Role.DELIVERY)
    agreement = ordered("IA-ENDED", _mentor(visits, "Elle Last", person=person))
    with visits.standing.owner.transaction(OPERATOR) as session:
        make_disclosure(
            session, agreement=agreement, young_person=dealings.ordered.young_person, person=person
        )
        stood = session.scalars(
            select(Assignment).where(Assignment.agreement_id == agreement.id)
        ).one()
        ended = session.get_one(Agreement, agreement.id)
        ended.state, ended.ends_on = AgreementState.ENDED, AT.date()
        stood.ends_on = ended.ends_on
    told(NoticeKind.MENTOR, "", LATER + timedelta(days=2), "substitutes:end")
    assert _knows(visits, agreement.id) == [], "the report needs no name"
    own = visits.by(visits.world.larkspur, Role.DELIVERY)
    assert own.open(f"/agreements/{agreement.id}").status == 200
    known = f"/agreements/{agreement.id}/known-to"
    assert provider.open(known).values("person") == []
    late = provider.send(known, {"person": str(person.id), "because": "We should like to know"})
    assert late.status == 409
    assert _knows(visits, agreement.id) == []


@on_sqlite
def test_deadlines_are_listed_in_constant_work(
    council: Visitor, ordered: Callable[..., Agreement]
) -> None:
    ordered("IA-LIST-00", starts_on=date(2026, 4, 29))
    before = (council.open("/deadlines"), council.open("/"))
    for number in range(1, 60):
        ordered(f"IA-LIST-{number:02}", starts_on=date(2026, 4, 29))
    after = (council.open("/deadlines"), council.open("/"))
    assert [one.statements for one in before] == [one.statements for one in after]
    assert len(after[0].rows) == 50
    assert "See every open deadline" in after[1].words
    running = council.open("/deadlines?waits=contact", htmx=True).rows
    assert any(row.startswith("1 May 2026 Due tomorrow First contact Running") for row in running)
    missed = council.open("/deadlines?state=missed").rows
    assert all("Missed" in row for row in missed)
    none = council.open("/deadlines?waits=substitute&state=missed")
    assert "No open deadline is like that." in none.words
