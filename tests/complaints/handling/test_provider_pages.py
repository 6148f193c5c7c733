"""The provider's pages, and what crosses between it and the council."""

from __future__ import annotations

import re
from datetime import date

from portal.identity.rules import Role
from portal.kernel.tenancy import Scope, Task
from tests.complaints.handling.test_pages import day, manager, new_complaint, take
from tests.dealings import AT
from tests.makers import make_case, make_complaint, make_own_complaint, make_shared
from tests.support.visits import Visitor, Visits

OPERATOR = Scope.system(Task.OPERATOR)


def test_a_complaint_is_shared_answered_and_taken_back(visits: Visits) -> None:
    world = visits.world
    visitor, path = manager(visits), new_complaint(visits, what_happened="The blue room upstairs")
    provider = visits.by(world.larkspur, Role.PROVIDER_ADMINISTRATOR)
    page = visitor.open(f"{path}/do/share")
    assert "Share their name" not in page.words, "what they did not agree to is not asked"
    take(
        visitor, path, "share", provider=str(world.larkspur.id),
        summary="Something about a bedroom", **day("answer_by", date(2026, 5, 8)),
    )  # fmt: skip
    assert "Nothing else" in visitor.open(path).words

    listed = provider.open("/shared-complaints")
    (row,) = [row for row in listed.rows if "bedroom" in row]
    assert "Aldermoor Council" in row and "by 8 May 2026" in row
    address = next(a for a in listed.addresses("/shared-complaints/") if _is_of(provider, a))
    assert address in provider.open("/").addresses("/shared-complaints/")
    empty = provider.send(address, {"version": "1"})
    assert (empty.status, "Write your answer" in empty.words) == (422, True)
    stale = provider.send(address, {"version": "9", "answer": "We looked."})
    assert stale.status == 409 and "We looked." in stale.markup
    assert provider.send(address, {"version": "1", "answer": "We looked."}).status == 303
    page = visitor.open(path)
    assert "We looked." in page.words
    (back,) = page.forms("take-back")
    assert visitor.send(back, {"version": "2"}).status == 303
    assert provider.open(address).status == 404


def _is_of(visitor: Visitor, address: str) -> bool:
    return "bedroom" in visitor.open(address).words


def test_the_providers_whole_site_says_nothing_of_who(visits: Visits) -> None:
    """Every link of every page that the provider's people can open."""
    world = visits.world
    new_complaint(visits, name="Kit Yarrow", what_happened="The attic with the yellow door")
    secret = re.compile(
        r"Kit Yarrow|yellow door|CT-[0-9B-Z]{4}-[0-9B-Z]{4}|What a young person says"
    )
    for role in (Role.PROVIDER_ADMINISTRATOR, Role.FINANCE, Role.DELIVERY):
        visitor = visits.by(world.larkspur, role)
        seen: set[str] = set()
        waiting = ["/"]
        while waiting and len(seen) < 80:
            address = waiting.pop()
            if address in seen:
                continue
            seen.add(address)
            page = visitor.open(address)
            assert not (found := secret.search(page.markup)), (address, found)
            if page.response.mimetype == "text/html" and page.status == 200:
                waiting += [
                    a.split("#")[0] for a in page.addresses("/") if "/young-people" not in a
                ]
        assert len(seen) > 10
        for query in ("Kit", "attic", "complaint"):
            assert not secret.search(visitor.open(f"/invoices?search={query}").markup)


def test_the_log_of_ones_own_is_kept_and_the_virtual_school_told(visits: Visits) -> None:
    world = visits.world
    provider = visits.by(world.larkspur, Role.PROVIDER_ADMINISTRATOR)
    typed = {
        "category": "staff", "what": "Somebody was rude", "council": str(world.aldermoor.id),
        **day("received_on", date(2026, 4, 28)), **day("due_on", date(2026, 5, 12)),
    }  # fmt: skip
    late = provider.send(
        "/shared-complaints/log/new", {**typed, **day("received_on", date(2026, 5, 9))}
    )
    assert (late.status, "must not be in the future" in late.words) == (422, True)
    assert provider.send("/shared-complaints/log/new", typed).status == 303
    log = provider.open("/shared-complaints/log")
    assert "How somebody behaved" in log.words and "Told to Aldermoor Council" in log.words
    school = visits.by(world.aldermoor, Role.REFERRER).open("/alerts")
    assert "How somebody behaved" in school.words
    with visits.standing.owner.transaction(OPERATOR) as session:
        own = make_own_complaint(session, provider=world.larkspur)
    address = f"/shared-complaints/log/{own.id}"
    assert "Enter the day it was answered" in provider.send(address, {"version": "1"}).words
    done = {
        "version": "1", "looked_into_by": "The board", "outcome": "upheld",
        "action": "We said sorry", **day("answered_on", date(2026, 4, 24)),
    }  # fmt: skip
    assert provider.send(address, done).status == 303
    assert provider.send(address, done).status == 409, "somebody else changed it"
    assert "In time" in provider.open("/shared-complaints/log").words


def test_what_is_shared_costs_the_same_for_one_and_twenty(visits: Visits) -> None:
    world = visits.world
    provider = visits.by(world.millstone, Role.PROVIDER_ADMINISTRATOR)
    before = provider.open("/shared-complaints")
    with visits.standing.owner.transaction(OPERATOR) as session:
        for _ in range(20):
            made = make_complaint(session, council=world.aldermoor, provider=world.millstone)
            make_shared(session, complaint=made, provider=world.millstone, at=AT)
    after = provider.open("/shared-complaints")
    assert len(after.rows) == len(before.rows) + 20
    assert after.statements == before.statements


def test_an_investigator_sees_the_case_once_free_and_only_that_one(visits: Visits) -> None:
    world = visits.world
    visitor, path = manager(visits), new_complaint(visits, what_happened="A lost blue bag")
    take(visitor, path, "take-up", track="children", reason="In care", points="A bag was lost")
    evaluator = world.person(world.aldermoor, Role.EVALUATOR)
    take(
        visitor, path, "person", part="investigator", account=str(evaluator.id),
        works_for="council",
    )  # fmt: skip
    asked = visits.by(world.aldermoor, Role.EVALUATOR)
    home = asked.open("/")
    (address,) = home.addresses("/appointments/")
    before = asked.open(address)
    assert "A lost blue bag" not in before.words
    assert visits.by(world.aldermoor, Role.AUDITOR).open(address).status == 404
    assert "Say what stands" in asked.send(address, {"free": "conflict"}).words
    assert asked.send(address, {"free": "free"}).status == 303
    assert "A lost blue bag" in asked.open(address).words
    assert asked.open(path).status == 403


def test_the_virtual_school_reads_a_report_and_the_commissioner_what_was_learned(
    visits: Visits,
) -> None:
    world = visits.world
    visitor, path = manager(visits), new_complaint(visits, name="Kit Yarrow")
    take(visitor, path, "take-up", track="children", reason="In care", points="A bag was lost")
    take(visitor, path, "school", summary="Belongings were lost at a move")
    take(visitor, path, "learning", words="A list at each move", framework=str(world.shared.id))
    school = visits.by(world.aldermoor, Role.REFERRER)
    unread = next(a for a in school.open("/").addresses("/alerts/reports/"))
    assert school.send(unread, {}).status == 303
    assert "Kit" not in school.open(unread).words
    commissioner = visits.by(world.aldermoor, Role.COMMISSIONER)
    learned = commissioner.open(f"/learning?framework={world.shared.id}")
    assert "A list at each move" in learned.words and "Kit" not in learned.words
    assert commissioner.open("/complaint-figures").status == 403


def test_the_figures_are_counted_in_a_constant_number_of_questions(visits: Visits) -> None:
    world = visits.world
    auditor = visits.by(world.brackenvale, Role.AUDITOR)
    few = auditor.open("/complaint-figures")
    assert "Fewer than 5 complaints" in few.words
    with visits.standing.owner.transaction(OPERATOR) as session:
        for _ in range(20):
            made = make_complaint(session, council=world.brackenvale, received_at=AT)
            make_case(session, complaint=made)
    many = auditor.open("/complaint-figures")
    assert "complaints in 2026 to 2027" in many.words
    assert many.statements == few.statements
    file = auditor.open(many.addresses("/complaint-figures/")[0]).response
    assert file.mimetype == "text/csv"
    assert b"Children's statutory complaint" in file.data
    assert auditor.open("/complaint-figures/1999-00.csv").status == 404
