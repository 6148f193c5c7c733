"""A council refers over the pages; a provider answers; nobody else learns anything."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.agreements.offers.models import Offer
from portal.audit.events import Event as AuditEvents
from portal.audit.models import AuditEvent
from portal.home.rules import SHOWN
from portal.identity.rules import Role
from portal.kernel.tenancy import Scope, Task
from portal.referrals.models import Referral, YoungPerson
from portal.referrals.queries import recipient_of
from portal.referrals.rules import ReferralState
from tests.makers import make_provider
from tests.makers.care import make_conversation
from tests.makers.orders import make_offer, make_order
from tests.makers.referrals import make_recipient, make_referral, make_young_person
from tests.support.size import ONE_ENGINE
from tests.support.visits import Read, Visitor, Visits

# Whose rows are whose is tried on both engines by sending, and by every page as everybody.
pytestmark = pytest.mark.parametrize("visits", ONE_ENGINE, indirect=True, scope="module")
OPERATOR = Scope.system(Task.OPERATOR)
WHO = {
    "who": "new",
    "given_name": "Zephyrine",
    "family_name": "Quickthorn",
    "date_of_birth-day": "14",
    "date_of_birth-month": "3",
    "date_of_birth-year": "2012",
    "school": "Sorrel Bank School",
}
NEED = {
    "need": "Somebody patient who likes the outdoors.",
    "outcomes": "Resilience",
    "other_outcomes": "Sees the sea once",
    "age_group": "secondary",
    "weekly_parts": "2",
    "starts_on-day": "18",
    "starts_on-month": "5",
    "starts_on-year": "2026",
    "route": "all-eligible",
    "tier_size": "3",
    "tier_hours": "24",
    "respond_on-day": "6",
    "respond_on-month": "5",
    "respond_on-year": "2026",
    "respond_at": "17:00",
}


@pytest.fixture
def officer(visits: Visits) -> Visitor:
    """The Virtual School officer of Aldermoor."""
    return visits.by(visits.world.aldermoor, Role.REFERRER)


@pytest.fixture
def larkspur(visits: Visits) -> Visitor:
    """Whoever answers referrals for Larkspur, which has a place; Nettlewood has none there."""
    return visits.by(visits.world.larkspur, Role.BIDS)


def _begin(visits: Visits, officer: Visitor, **changed: str) -> str:
    """Make a draft over the first page; its address."""
    category = visits.world.between(visits.world.aldermoor, visits.world.larkspur).category
    sent = officer.send("/referrals/new", {**WHO, "category_id": str(category.id), **changed})
    assert sent.status == 303, sent.words
    return str(sent.response.location).removesuffix("/edit")


def _save(officer: Visitor, referral: str, **changed: str) -> Read:
    version = officer.open(f"{referral}/edit").values("version")[0]
    return officer.send(f"{referral}/edit", {**NEED, "version": version, **changed})


def test_a_young_person_is_referred_in_three_pages_and_the_provider_reads_no_name(
    visits: Visits, officer: Visitor, larkspur: Visitor
) -> None:
    referral = _begin(visits, officer, given_name="Ottoline")
    usual = officer.open(f"{referral}/edit")
    assert usual.values("starts_on-day") == ["15"]  # ten working days from 30 April, past May Day
    assert usual.values("respond_at") == ["17:00"]
    assert _save(officer, referral).status == 303
    check = officer.open(f"{referral}/check")
    assert [row.split(" £")[0] for row in check.rows] == ["Larkspur Mentoring", "Millstone Care"]
    assert "£42.00 2 of 5 young people" in check.rows[0]
    shown = officer.send(f"{referral}/send", {})
    assert shown.status == 303
    assert (
        "Larkspur Mentoring Not answered yet By 6 May 2026 at 5pm" in officer.open(referral).words
    )
    received = larkspur.open(referral.replace("/referrals/", "/referrals-received/"))
    assert received.status == 200
    assert "Somebody patient who likes the outdoors." in received.words
    assert "Sees the sea once" in received.words and "2 hours a week" in received.words
    for hidden in ("Ottoline", "Quickthorn", "2012", "Sorrel", "YP-", "Millstone", "Tier"):
        assert hidden not in received.markup
    assert "Answer Aldermoor Council about Mentoring (1a)" in larkspur.open("/").words


def test_what_is_wrong_is_listed_in_the_order_of_the_page(officer: Visitor) -> None:
    empty = officer.send("/referrals/new", {"who": "new"})
    assert empty.status == 422
    assert empty.wrong == ["given_name", "family_name", "date_of_birth-day", "category_id"]


def test_words_that_name_the_young_person_are_refused_and_kept(
    visits: Visits, officer: Visitor
) -> None:
    referral = _begin(visits, officer, given_name="Peregrine")
    refused = _save(officer, referral, need="Peregrine needs a mentor")
    assert refused.status == 422
    assert "Take out “Peregrine”" in refused.words and "Peregrine needs a mentor" in refused.markup
    first_of_may = {"day": "1", "month": "5", "year": "2026"}
    ended = _save(
        officer, referral, **{f"expected_ends_on-{part}": n for part, n in first_of_may.items()}
    )
    assert ended.status == 422 and "must be on or after the first day" in ended.words
    first = officer.open(f"{referral}/edit").values("version")[0]
    assert _save(officer, referral).status == 303
    stale = officer.send(f"{referral}/edit", {**NEED, "version": first, "area": "Ours"})
    assert stale.status == 409 and "As it is now" in stale.words and "Ours" in stale.markup


def test_a_name_that_was_put_right_since_is_found_before_anything_is_sent(
    visits: Visits, officer: Visitor
) -> None:
    referral = _begin(visits, officer, given_name="Marmadook")
    assert _save(officer, referral, need="Marmaduke likes the outdoors").status == 303
    person = f"/young-people-known/{_one(visits, referral).young_person_id}/edit"
    version = officer.open(person).values("version")[0]
    right = {**WHO, "given_name": "Marmaduke", "version": version}
    assert officer.send(person, right).status == 303
    refused = officer.send(f"{referral}/send", {})
    assert refused.status == 422 and "Take out “Marmaduke”" in refused.words
    assert _one(visits, referral).state is ReferralState.DRAFT


def test_a_draft_that_lacks_something_cannot_be_sent(visits: Visits, officer: Visitor) -> None:
    referral = _begin(visits, officer, given_name="Isambard")
    assert _save(officer, referral, need="", weekly_parts="").status == 303
    check = officer.open(f"{referral}/check")
    assert "Say what the young person needs." in check.words
    assert "Say how much is needed, a week or in total." in check.words
    refused = officer.send(f"{referral}/send", {})
    assert refused.status == 422 and "Say what the young person needs" in refused.words
    assert officer.open(f"{referral}/check").status == 200


def test_one_provider_is_chosen_and_nobody_else_finds_a_clue(
    visits: Visits, officer: Visitor, larkspur: Visitor
) -> None:
    referral = _begin(visits, officer, given_name="Clementine")
    _save(officer, referral, route="direct")
    nobody = officer.send(f"{referral}/send", {})
    assert nobody.status == 422 and "Choose who is asked" in nobody.words
    world = visits.world
    officer.send(f"{referral}/send", {"chosen": str(world.larkspur.id)})
    received = referral.replace("/referrals/", "/referrals-received/")
    assert larkspur.open(received).status == 200
    code = _one(visits, referral).reference
    for other in (world.millstone, world.nettlewood):
        rival = visits.by(other, Role.BIDS)
        for address in (received, f"{received}/ask", f"{received}/decline"):
            assert rival.open(address).status == 404
        assert rival.send(f"{received}/decline", {"code": "price"}).status == 404
        for page in ("/referrals-received", "/referrals-received?show=all", "/", "/capacity"):
            assert code not in rival.open(page).markup
    elsewhere = visits.by(world.brackenvale, Role.REFERRER)
    assert elsewhere.open(referral).status == 404
    assert elsewhere.open(f"/referrals?reference={code}").rows == []


def test_what_was_not_sent_is_answered_like_what_does_not_exist(
    visits: Visits, officer: Visitor, larkspur: Visitor
) -> None:
    """By every address that names it, read or sent, to the byte; before an answer and after it."""
    world = visits.world
    rival = visits.by(world.millstone, Role.PROVIDER_ADMINISTRATOR)
    own_pages = ("/", "/notices", "/referrals-received?show=all", "/conversations", "/capacity")
    before = [_read(rival.open(page)) for page in own_pages]
    with visits.standing.owner.transaction(OPERATOR) as session:
        own = world.between(world.aldermoor, world.larkspur)
        hidden = make_young_person(session, council=world.aldermoor, given_name="Leopoldine")
        made = make_referral(
            session, category=own.category, council=world.aldermoor, young_person=hidden,
            by=world.person(world.aldermoor, Role.REFERRER), places=[own.place],
        )  # fmt: skip
        rival_place = world.between(world.aldermoor, world.millstone).place
        later = make_recipient(  # of a later tier, which is not asked yet
            session, referral=made, provider=world.millstone, place=rival_place, sent=False
        )
        ids = {"referral_id": made.id, "recipient_id": later.id, "young_person_id": hidden.id}
    inbox = f"/referrals-received/{made.id}"
    assert larkspur.send(f"{inbox}/ask", {"asked": "Near the bus?"}).status == 303
    addresses = _addresses(visits.app, ids.keys())
    assert len(addresses) > 20
    for path, method in addresses:
        real = _ask(rival, method, path.format(**ids))
        other = _ask(rival, method, path.format(**dict.fromkeys(ids, uuid4())))
        assert real.status in (403, 404), path
        assert (real.status, _read(real)) == (other.status, _read(other)), path
    assert [_read(rival.open(page)) for page in own_pages] == before
    assert larkspur.send(f"{inbox}/decline", {"code": "area"}).status == 303
    for path in (f"/referrals/{made.id}", f"/young-people-known/{hidden.id}"):
        assert larkspur.open(path).status in (403, 404), "nor whoever declined"
    assert "Leopoldine" not in larkspur.open(inbox).markup


def test_a_provider_asks_and_declines_and_the_council_reads_both(
    visits: Visits, officer: Visitor, larkspur: Visitor
) -> None:
    world = visits.world
    with visits.standing.owner.transaction(OPERATOR) as session:
        own = world.between(world.aldermoor, world.larkspur)
        other = world.between(world.aldermoor, world.millstone)
        made = make_referral(
            session, category=own.category, council=world.aldermoor,
            by=world.person(world.aldermoor, Role.REFERRER), places=[own.place, other.place],
        )  # fmt: skip
    council, inbox = f"/referrals/{made.id}", f"/referrals-received/{made.id}"
    assert larkspur.send(f"{inbox}/ask", {"asked": ""}).status == 422
    assert larkspur.send(f"{inbox}/ask", {"asked": "Is our bus line near?"}).status == 303
    answer = officer.open(council).link("Answer Larkspur Mentoring")
    named = officer.send(
        answer, {"answer": "Ask Quillon", "whom": "all", "reworded": "Is a bus near?"}
    )
    assert named.status == 422 and "Take out “Quillon”" in named.words
    assert officer.send(answer, {"answer": "Yes.", "whom": "all"}).status == 422
    sent = officer.send(answer, {"answer": "Yes.", "whom": "all", "reworded": "Is a bus near?"})
    assert sent.status == 303
    assert officer.open(answer).status == 409
    assert "Is our bus line near?" in larkspur.open(inbox).words
    rival = visits.by(world.millstone, Role.BIDS).open(inbox)
    assert "Is a bus near?" in rival.words
    assert "our bus line" not in rival.words and "Larkspur" not in rival.markup
    assert larkspur.send(f"{inbox}/decline", {"code": "other"}).status == 422
    assert larkspur.send(f"{inbox}/decline", {"code": "area", "words": "Too far"}).status == 303
    page = officer.open(council)
    assert "It is outside the area that we cover : Too far" in page.words.replace(
        "cover:", "cover :"
    )
    assert "You declined this referral." in larkspur.open(inbox).words
    assert larkspur.send(f"{inbox}/ask", {"asked": "Again?"}).status == 409


def test_each_look_at_who_it_is_is_recorded_with_its_reason(
    visits: Visits, officer: Visitor
) -> None:
    world = visits.world
    with visits.standing.owner.transaction(OPERATOR) as session:
        hidden = make_young_person(
            session, council=world.aldermoor, given_name="Evadne", family_name="Larkrise"
        )
    address = f"/young-people-known/{hidden.id}"
    assert "Evadne" not in officer.open("/young-people-known").markup
    asked = officer.open(address)
    assert "You did not refer this young person" in asked.words and "Evadne" not in asked.markup
    assert officer.send(address, {"reason": ""}).status == 422
    shown = officer.send(address, {"reason": "I stand in for a colleague"})
    assert shown.status == 200 and "Evadne Larkrise" in shown.words
    found = officer.send("/young-people-known/find", {"family_name": "larkrise"})
    assert "Evadne Larkrise" in found.words and hidden.reference in found.words
    assert _looks(visits, hidden.id) == ["I stand in for a colleague", "Found by name, to refer"]
    overtaken = officer.send(f"{address}/edit", {**WHO, "version": "0"})
    assert overtaken.status == 409 and "Evadne Larkrise" in overtaken.words
    assert _looks(visits, hidden.id)[2:] == ["To put right what is known"]
    with visits.standing.owner.transaction(OPERATOR) as session:
        category = world.between(world.aldermoor, world.larkspur).category
        make_referral(
            session, category=category, council=world.aldermoor, young_person=hidden,
            by=world.person(world.aldermoor, Role.REFERRER), state=ReferralState.DRAFT,
        )  # fmt: skip
    assert "Evadne Larkrise" in officer.open(address).words
    assert _looks(visits, hidden.id)[-1] == "Referred the young person"
    for other in (world.brackenvale, world.larkspur):
        role = Role.REFERRER if other is world.brackenvale else Role.PROVIDER_ADMINISTRATOR
        assert visits.by(other, role).open(address).status == 404


def test_somebody_known_is_not_added_twice_and_is_put_right(
    visits: Visits, officer: Visitor
) -> None:
    referral = _begin(visits, officer, given_name="Thessaly")
    person = _one(visits, referral).young_person_id
    with visits.standing.owner.session(OPERATOR) as session:
        reference = session.get_one(YoungPerson, person).reference
    category = visits.world.between(visits.world.aldermoor, visits.world.larkspur).category
    again = officer.send(
        "/referrals/new", {**WHO, "given_name": "thessaly", "category_id": str(category.id)}
    )
    assert again.status == 422 and f"as {reference}" in again.words
    unknown = {"who": "known", "reference": "YP-NONE", "category_id": str(category.id)}
    assert officer.send("/referrals/new", unknown).status == 422
    known = officer.send("/referrals/new", {**unknown, "reference": reference.lower()})
    assert known.status == 303
    future = {**WHO, "date_of_birth-year": "2027", "category_id": str(category.id)}
    assert "must be in the past" in officer.send("/referrals/new", future).words
    address = f"/young-people-known/{person}"
    version = officer.open(f"{address}/edit").values("version")[0]
    change = {**WHO, "given_name": "Thessaly", "school": "Beech Hill", "version": version}
    assert officer.send(f"{address}/edit", change).status == 303
    assert "Beech Hill" in officer.open(address).words
    assert officer.send(f"{address}/edit", change).status == 409


def test_a_provider_says_what_it_can_take_and_the_council_sees_it(
    visits: Visits, officer: Visitor
) -> None:
    world = visits.world
    millstone = visits.by(world.millstone, Role.PROVIDER_ADMINISTRATOR)
    place = world.between(world.aldermoor, world.millstone).place
    address = f"/capacity/{place.id}"
    version = millstone.open(address).values("version")[0]
    assert millstone.send(address, {"most": "-1", "version": version}).status == 422
    kept = millstone.send(address, {"most": "2", "kinds": "specialist", "version": version})
    assert kept.status == 303
    assert "Mentoring and placements" not in millstone.open("/capacity").words
    assert "2 2 Specialist work" in " ".join(millstone.open("/capacity").rows)
    assert millstone.send(address, {"most": "9", "version": version}).status == 409
    referral = _begin(visits, officer, given_name="Hesper")
    _save(officer, referral)
    check = officer.open(f"{referral}/check")
    assert "Millstone Care Its capacity is reached: 2 of 2." in check.rows
    rival = visits.by(world.larkspur, Role.PROVIDER_ADMINISTRATOR)
    assert rival.open(address).status == 404


def test_it_is_given_more_time_and_withdrawn_with_a_reason(
    visits: Visits, officer: Visitor, larkspur: Visitor
) -> None:
    referral = _begin(visits, officer, given_name="Marigold")
    _save(officer, referral)
    officer.send(f"{referral}/send", {})
    past = {"respond_on-day": "1", "respond_on-month": "4", "respond_on-year": "2026"}
    later = {**past, "respond_on-month": "6", "respond_at": "12:00"}
    assert officer.send(f"{referral}/more-time", {**past, "respond_at": "9:00"}).status == 422
    less = {**past, "respond_on-day": "5", "respond_on-month": "5", "respond_at": "12:00"}
    refused = officer.send(f"{referral}/more-time", less)
    assert refused.status == 422 and "until 6 May 2026 at 5pm already" in refused.words
    assert officer.send(f"{referral}/more-time", later).status == 303
    assert "1 June 2026 at midday" in officer.open(referral).words
    assert officer.send(f"{referral}/withdraw", {"because": ""}).status == 422
    assert (
        officer.send(f"{referral}/withdraw", {"because": "Found a mentor at school"}).status == 303
    )
    withdrawn = officer.open(referral)
    assert "Found a mentor at school" in withdrawn.words
    assert "Larkspur Mentoring No answer" in withdrawn.words and "By 1 June" not in withdrawn.words
    received = larkspur.open(referral.replace("/referrals/", "/referrals-received/"))
    assert "The council has withdrawn this referral." in received.words
    assert "Found a mentor" not in received.words
    assert officer.open(f"{referral}/edit").status == 409


def test_the_lists_cost_the_same_for_few_and_many(
    visits: Visits, officer: Visitor, larkspur: Visitor
) -> None:
    """Each list, and each page of one referral with its answers, offers and order forms."""
    world = visits.world
    own = world.between(world.aldermoor, world.larkspur)
    by = world.person(world.aldermoor, Role.REFERRER)
    bidder = world.person(world.larkspur, Role.BIDS)

    def refer(session: Session, number: int) -> list[Referral]:
        person = make_young_person(session, council=world.aldermoor)
        made = [
            make_referral(
                session, category=own.category, council=world.aldermoor, young_person=person,
                by=by, places=[own.place], starts_on=date(2026, 6, 1),
            )
            for _ in range(number)
        ]  # fmt: skip
        for one in made:
            asked = recipient_of(session, one.id, world.larkspur.id)
            make_offer(session, recipient=asked, by=bidder)
        return made

    with visits.standing.owner.transaction(OPERATOR) as session:
        one = f"/{refer(session, 1)[0].id}"
        offered = session.scalars(select(Offer).order_by(Offer.id.desc())).first()
        assert offered is not None
        make_order(session, offer=offered, by=by)
    pages = [
        (officer, ["/", "/referrals", f"/referrals{one}", f"/referrals{one}/offers"]),
        (officer, ["/young-people-known", "/conversations"]),
        (larkspur, ["/", "/referrals-received", "/referrals-received?show=all", "/capacity"]),
        (larkspur, [f"/referrals-received{one}", f"/referrals{one}/offer"]),
    ]  # fmt: skip

    def cost() -> dict[str, int]:
        return {page: who.open(page).statements for who, them in pages for page in them}

    few = cost()
    with visits.standing.owner.transaction(OPERATOR) as session:
        refer(session, 12)
        referral = session.get_one(Referral, UUID(one[1:]))
        for _ in range(5):
            rival = make_provider(session)
            asked = make_recipient(session, referral=referral, provider=rival)
            make_offer(session, recipient=asked, by=bidder)
            make_conversation(session, about=asked, by=by)
    assert cost() == few
    assert officer.open("/").words.count("Choose for RF") == SHOWN


def _addresses(app: Flask, names: Collection[str]) -> list[tuple[str, str]]:
    """Every address with nothing but one of these in it, and every way to ask for it."""
    return [
        (re.sub(r"<uuid:(\w+)>", r"{\1}", rule.rule), method)
        for rule in app.url_map.iter_rules()
        if rule.arguments and rule.arguments <= set(names)
        for method in sorted((rule.methods or set()) & {"GET", "POST"})
    ]


def _ask(visitor: Visitor, method: str, path: str) -> Read:
    return visitor.open(path) if method == "GET" else visitor.send(path, {})


def _read(page: Read) -> str:
    """A page without the token against forgery, which differs each time."""
    return re.sub(r'(name="csrf_token"|name="_nonce") value="[^"]*"', "", page.markup)


def _one(visits: Visits, address: str) -> Referral:
    with visits.standing.owner.session(OPERATOR) as session:
        return session.get_one(Referral, UUID(address.rsplit("/", 1)[1]))


def _looks(visits: Visits, young_person_id: UUID) -> list[str]:
    with visits.standing.owner.session(OPERATOR) as session:
        found = session.scalars(
            select(AuditEvent.details)
            .where(
                AuditEvent.event == AuditEvents.IDENTITY_SEEN.value,
                AuditEvent.subject_id == young_person_id,
            )
            .order_by(AuditEvent.at, AuditEvent.id)
        )
        return [details["reason"] for details in found]
