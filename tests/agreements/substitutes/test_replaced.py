"""Mentors who are away, rejected, replaced or over, and what they see from then on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy import select

from portal.agreements.models import Agreement, Assignment
from portal.agreements.rules import AgreementState
from portal.delivery.models import DeliverySession
from portal.identity.rules import Role
from portal.notices.rules import NoticeKind
from tests.agreements.substitutes.mentors import (
    LATER,
    OPERATOR,
    a_mentor,
    day,
    knows,
    on_sqlite,
)
from tests.dealings import AT, Dealings
from tests.makers import (
    make_session,
)
from tests.makers.orders import make_disclosure
from tests.support.visits import Visitor, Visits


def test_whoever_is_not_available_is_replaced_within_seven_days(
    visits: Visits,
    dealings: Dealings,
    provider: Visitor,
    council: Visitor,
    ordered: Callable[..., Agreement],
    told: Callable[..., list[tuple[str, str]]],
) -> None:
    person = visits.world.person(visits.world.larkspur, Role.DELIVERY)
    gone = a_mentor(visits, "Gale Away", person=person)
    agreement = ordered("IA-AWAY", gone, date(2026, 3, 2))
    a_mentor(visits, "Uma Unchecked", cleared=False)
    fresh = a_mentor(visits, "Nell Fresh")
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
    assert knows(visits, agreement.id) == [], "who left knows no longer who it is"
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


@on_sqlite
def test_whoever_is_back_in_time_stays_the_mentor(
    visits: Visits, provider: Visitor, council: Visitor, ordered: Callable[..., Agreement]
) -> None:
    mentor = a_mentor(visits, "Bea Back")
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
    mentor = a_mentor(visits, "Rex Rejected", person=person)
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
    assert knows(visits, agreement.id) == []
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
    mentor = a_mentor(visits, "Una Wanted")
    page = f"/agreements/{ordered('IA-UNWANTED', mentor).id}"
    away = {"reason": "away", **day("first_day", date(2026, 4, 28))}
    assert provider.send(f"/mentors/{mentor.id}/away", away).status == 303
    assert council.send(f"{page}/mentor/reject", {"because": "Not again"}).status == 303
    (back,) = provider.open(f"/mentors/{mentor.id}").addresses(f"/mentors/{mentor.id}/away/")
    assert provider.send(back, day("back_on", date(2026, 5, 2))).status == 303
    assert "Substitute mentor by 5 May 2026 Running" in council.open(page).words


def test_what_a_mentor_was_told_ends_after_their_last_day(
    visits: Visits,
    dealings: Dealings,
    ordered: Callable[..., Agreement],
    told: Callable[..., list[tuple[str, str]]],
) -> None:
    person = visits.world.person(visits.world.larkspur, Role.DELIVERY)
    agreement = ordered("IA-OVER", a_mentor(visits, "Ola Over", person=person))
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
    assert knows(visits, agreement.id) == [person.id], "today is their last day"
    assert own.open(page).status == 200
    told(NoticeKind.MENTOR, "", LATER + timedelta(days=1), "substitutes:end")
    assert knows(visits, agreement.id) == []
    assert own.open(page).status == 404


def test_the_last_mentor_of_an_agreement_that_ended_still_writes_its_report(
    visits: Visits,
    dealings: Dealings,
    provider: Visitor,
    ordered: Callable[..., Agreement],
    told: Callable[..., list[tuple[str, str]]],
) -> None:
    person = visits.world.person(visits.world.larkspur, Role.DELIVERY)
    agreement = ordered("IA-ENDED", a_mentor(visits, "Elle Last", person=person))
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
    assert knows(visits, agreement.id) == [], "the report needs no name"
    own = visits.by(visits.world.larkspur, Role.DELIVERY)
    assert own.open(f"/agreements/{agreement.id}").status == 200
    known = f"/agreements/{agreement.id}/known-to"
    assert provider.open(known).values("person") == []
    late = provider.send(known, {"person": str(person.id), "because": "We should like to know"})
    assert late.status == 409
    assert knows(visits, agreement.id) == []
