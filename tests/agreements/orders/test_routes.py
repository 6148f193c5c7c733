"""The pages from an offer to an agreement, and who sees who the young person is."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from portal.agreements.models import Mentor
from portal.audit.events import Event
from portal.audit.models import AuditEvent
from portal.identity.rules import Role
from portal.kernel.tenancy import Scope, Task
from tests.makers.referrals import make_recipient, make_referral, make_young_person
from tests.makers.rows import numbers
from tests.support.size import ONE_ENGINE
from tests.support.visits import Visitor, Visits

pytestmark = pytest.mark.parametrize("visits", ONE_ENGINE, indirect=True)

OPERATOR = Scope.system(Task.OPERATOR)
NAME, FAMILY = "Bartholomew", "Quackenbush"


@pytest.fixture
def referral_id(visits: Visits) -> str:
    """A referral of Aldermoor's to Larkspur and Millstone, to be answered by 5 May 2026."""
    world, number = visits.world, next(numbers)
    with visits.standing.owner.transaction(OPERATOR) as session:
        dealings = world.between(world.aldermoor, world.larkspur)
        referral = make_referral(
            session, category=dealings.category, council=world.aldermoor,
            by=world.person(world.aldermoor, Role.REFERRER), reference=f"RF-TEST-{number:04}",
            young_person=make_young_person(
                session, council=world.aldermoor, given_name=NAME, family_name=FAMILY
            ),
        )  # fmt: skip
        for provider in (world.larkspur, world.millstone):
            place = world.between(world.aldermoor, provider).place
            make_recipient(session, referral=referral, provider=provider, place=place)
        return str(referral.id)


def typed(**fields: str) -> dict[str, Any]:
    return {
        "mentor": "", "starts_on-day": "18", "starts_on-month": "5", "starts_on-year": "2026",
        "price": "41.00", "words": "We begin gently.",
    } | fields  # fmt: skip


def people(visits: Visits) -> tuple[Visitor, Visitor, Visitor]:
    world = visits.world
    return (
        visits.by(world.aldermoor, Role.REFERRER),
        visits.by(world.larkspur, Role.PROVIDER_ADMINISTRATOR),
        visits.by(world.millstone, Role.BIDS),
    )


def test_from_an_offer_to_an_agreement_through_the_pages(visits: Visits, referral_id: str) -> None:
    referrer, administrator, rival = people(visits)
    offer = f"/referrals/{referral_id}/offer"
    asked = administrator.open(offer)
    assert "At most your framework price, £42.00 on 18 May 2026" in asked.words
    assert asked.section == "Referrals"
    dear = administrator.send(offer, typed(price="42.01"))
    assert dear.status == 422
    assert "Your framework price on 18 May 2026 is £42.00. Offer that or less" in dear.words
    assert dear.values("price") == ["42.01"], "what was typed is kept"
    free = administrator.send(offer, typed(price="0"))
    assert free.status == 422 and "Enter a price above £0.00" in free.words
    assert administrator.send(offer, typed()).status == 303
    assert "Take your offer back" in administrator.open(offer).words
    assert rival.send(offer, typed(price="39.50", mentor="")).status == 303

    home = referrer.open("/").words
    assert re.search(r"Choose for RF-TEST-\d{4}: 2 offers", home)
    compare = referrer.open(f"/referrals/{referral_id}/offers")
    cheaper, dearer = compare.rows
    assert cheaper.startswith("Millstone Care") and "£39.50 an hour £1,580.00" in cheaper
    assert dearer.startswith("Larkspur Mentoring") and "£41.00 an hour £1,640.00" in dearer
    assert administrator.open(f"/referrals/{referral_id}/offers").status == 403

    form = compare.addresses("/offers/")[1]
    page = referrer.open(form)
    assert page.heading == "Order from Larkspur Mentoring"
    assert page.values("authorised_weekly") == ["2"] and page.values("authorised_total") == ["40"]
    terms = {"authorised_weekly": "2", "authorised_total": "40", "cost_code": "VS-7"}
    none = referrer.send(form, {**terms, "authorised_weekly": "0", "because": "Known"})
    assert none.status == 422 and "Enter more than 0, or leave it empty" in none.words
    silent = referrer.send(form, terms)
    assert silent.status == 422 and "Say why you chose this offer" in silent.words
    issued = referrer.send(form, {**terms, "because": "Known to the school"})
    order = str(issued.response.location)
    assert "Known to the school" in referrer.open(order).words

    read = administrator.open(order)
    assert "Known to the school" not in read.words, "the reason is the council's own"
    assert "Answer by" in read.words and "2 hours a week, at most 40 hours in total" in read.words
    assert "Accept order form" in administrator.open("/").words
    assert rival.open(order).status == 404
    pdf = administrator.open(f"{order}/pdf").response
    assert pdf.mimetype == "application/pdf" and pdf.data.startswith(b"%PDF")
    assert administrator.send(f"{order}/refuse", {}).status == 422

    accepted = administrator.send(f"{order}/accept", {})
    assert accepted.status == 303
    agreement = str(accepted.response.location)
    shown = administrator.open(agreement)
    assert "£41.00 an hour" in shown.words
    who = administrator.open(f"{agreement}/young-person")
    assert f"{NAME} {FAMILY}" in who.words and "That you looked is recorded" in who.words
    for page in (read, shown, rival.open(f"/referrals-received/{referral_id}"), rival.open("/")):
        assert NAME not in page.words and FAMILY not in page.words
    assert "Not chosen" in rival.open(offer).words
    with visits.standing.owner.session(OPERATOR) as session:
        seen = session.scalars(
            select(AuditEvent).where(AuditEvent.event == Event.IDENTITY_SEEN)
        ).all()
        assert len(seen) == 1 and seen[0].details["reason"].startswith("Accepted the order form")
        assert NAME not in str(seen[0].details) and NAME not in seen[0].subject_label


def test_each_side_takes_back_what_it_may(visits: Visits, referral_id: str) -> None:
    referrer, administrator, _ = people(visits)
    page = f"/referrals/{referral_id}/offer"
    terms = {"authorised_weekly": "2", "authorised_total": "40"}
    mentor = visits.world.between(visits.world.aldermoor, visits.world.larkspur).mentor
    because = {"because": "Somebody is ill"}

    assert administrator.send(page, typed(mentor=str(mentor.id))).status == 303
    changed = administrator.open(f"{page}/change")
    assert changed.values("price") == ["41.00"]
    assert administrator.send(page, typed(price="40.00", mentor=str(mentor.id))).status == 303
    (form,) = referrer.open(f"/referrals/{referral_id}/offers").addresses("/offers/")
    first = str(referrer.send(form, terms).response.location)
    assert administrator.send(page, typed()).status == 409, "it is ordered"
    assert referrer.send(f"{first}/withdraw", {}).status == 422
    named = referrer.send(f"{first}/withdraw", {"because": f"{NAME} went home"})
    assert named.status == 422 and f"Take out “{NAME}”" in named.words
    assert referrer.send(f"{first}/withdraw", because).status == 303
    assert "Somebody is ill" in administrator.open(first).words
    assert administrator.send(f"{first}/accept", {}).status == 409

    second = str(referrer.send(form, terms).response.location)
    with visits.standing.owner.transaction(OPERATOR) as session:
        session.get_one(Mentor, mentor.id).volunteer = True
    refused = administrator.send(f"{second}/accept", {})
    assert refused.status == 422 and "is a volunteer" in refused.words
    with visits.standing.owner.transaction(OPERATOR) as session:
        session.get_one(Mentor, mentor.id).volunteer = False
    assert administrator.send(f"{second}/refuse", because).status == 303
    assert "Somebody is ill" in referrer.open(second).words

    assert administrator.send(page, typed()).status == 303, "it may offer once more"
    (withdraw,) = administrator.open(page).forms("/withdraw")
    assert administrator.send(withdraw, {}).status == 422
    assert administrator.send(withdraw, because).status == 303
    assert "No offer stands" in referrer.open(f"/referrals/{referral_id}/offers").words


def test_a_provider_that_was_not_asked_finds_nothing(visits: Visits, referral_id: str) -> None:
    world = visits.world
    own = world.between(world.aldermoor, world.larkspur)
    for role in (Role.PROVIDER_ADMINISTRATOR, Role.BIDS, Role.DELIVERY):
        outsider = visits.by(world.nettlewood, role)
        for path in (
            f"/referrals/{referral_id}/offer",
            f"/referrals-received/{referral_id}",
            f"/orders/{own.ordered.order.id}",
            f"/orders/{own.ordered.order.id}/pdf",
            f"/agreements/{own.hourly.id}",
            f"/agreements/{own.hourly.id}/young-person",
        ):
            answer = outsider.open(path)
            assert answer.status in (403, 404), path
            assert NAME not in answer.words and "RF-TEST" not in answer.words


def test_only_whom_the_administrator_tells_sees_who_it_is(visits: Visits) -> None:
    world = visits.world
    dealings = world.between(world.aldermoor, world.larkspur)
    agreement = f"/agreements/{dealings.hourly.id}"
    administrator = visits.by(world.larkspur, Role.PROVIDER_ADMINISTRATOR)
    mentor = visits.by(world.larkspur, Role.DELIVERY)
    referrer = visits.by(world.aldermoor, Role.REFERRER)
    assert mentor.open(f"{agreement}/young-person").status == 200
    known = administrator.open(f"{agreement}/known-to")
    assert len(known.rows) == 2
    (end,) = known.forms(f"/{dealings.ordered.disclosures[1].id}/end")
    assert mentor.send(end, {}).status == 403, "nobody ends or gives it but the administrator"
    assert administrator.send(end, {}).status == 303
    assert mentor.open(f"{agreement}/young-person").status == 404
    assert administrator.send(f"{agreement}/known-to", {"person": "", "because": ""}).status == 422
    (person,) = [one for one in administrator.open(f"{agreement}/known-to").values("person") if one]
    told = {"person": person, "because": "Stands in at the weekend"}
    assert administrator.send(f"{agreement}/known-to", told).status == 303
    assert mentor.open(f"{agreement}/young-person").status == 200
    whole = referrer.open(f"{agreement}/known-to")
    assert "Stands in at the weekend" in whole.words and not whole.forms("/known-to")
    for path in ("young-person", "known-to"):
        other = visits.by(world.millstone, Role.PROVIDER_ADMINISTRATOR)
        assert other.open(f"{agreement}/{path}").status == 404
        finance = visits.by(world.larkspur, Role.FINANCE)
        assert finance.open(f"{agreement}/{path}").status == 403
