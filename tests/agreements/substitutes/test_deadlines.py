"""Contacts and the deadlines that follow from them, as both sides use them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time

from portal.agreements.models import Agreement
from portal.identity.rules import Role
from portal.notices.rules import NoticeKind
from tests.agreements.substitutes.mentors import (
    a_mentor,
    day,
    on_sqlite,
)
from tests.support.visits import Read, Visitor, Visits


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
    ordered("IA-REMIND", a_mentor(visits, "Mo Minded", person=person), date(2026, 4, 30))
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
    mentor = a_mentor(visits, "Vic Mailed")
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
