"""A provider answers a round: nothing is lost, and it always knows what is missing."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from portal.audit.models import AuditEvent
from portal.frameworks.applications.models import Application, DraftPart
from portal.frameworks.questions.rules import QuestionKind
from portal.identity.rules import Role
from portal.kernel.clock import now_of
from tests.frameworks.applications.arranged import (
    OPERATOR,
    arranged,
    ask,
    begin,
    close,
    colleague,
)
from tests.makers.applications import make_part
from tests.makers.lots import make_framework_change
from tests.support.visits import Visits


def test_a_draft_says_exactly_what_is_missing_until_nothing_is(visits: Visits) -> None:
    one = begin(visits, arranged(visits))
    page = one.tasks()
    assert page.heading.startswith("Your application to Round")
    assert "Choose at least one category to apply for" in page.words
    assert "Are you insured?" in page.words and "How many homes" not in page.words

    assert one.choose("2a").status == 303
    assert "“How many homes have you?” Enter a whole number, like 12" in one.tasks().words
    assert one.choose("1a").status == 303
    missing = one.visitor.open(f"{one.home}/check")
    assert "1a Mentoring: Enter a price" in missing.words
    assert "How many homes" not in missing.words
    one.complete()
    page = one.tasks()
    assert "Nothing is missing." in page.words and "What is missing" not in page.words
    assert "Which sub-contractors?" not in page.words
    one.answer("others", "yes")
    assert "“Which sub-contractors?” Write an answer" in one.tasks().words


def test_a_text_of_more_characters_than_any_answer_has_is_refused_at_its_field(
    visits: Visits,
) -> None:
    made = arranged(visits)
    with visits.standing.owner.transaction(OPERATOR) as session:
        ask(session, made, "tell", QuestionKind.TEXT, "What else should we know?")
    one = begin(visits, made)
    assert "You can enter up to 50,000 characters" in one.visitor.open(one.question("tell")).words
    assert "You can enter up to 5 words" in one.visitor.open(one.question("about")).words
    for code in ("about", "tell"):
        long = one.answer(code, "x" * 50_001)
        assert long.status == 422
        assert "Use at most 50,000 characters. This has 50,001: take out 1" in long.words
        assert "x" * 50_001 in long.response.text
    assert one.answer("tell", "x" * 50_000).status == 303


def test_an_answer_that_does_not_pass_is_kept_and_says_why(visits: Visits) -> None:
    one = begin(visits, arranged(visits))
    long = "We are six mentors in the green valley"
    answer = one.answer("about", long)
    assert answer.response.location == one.question("about")
    page = one.visitor.open(one.question("about"))
    assert page.heading == "Question 1 of 3"
    assert "Use at most 5 words. This has 8: take out 3" in page.words
    assert long in page.words
    assert one.answer("insured", "no").status == 303
    page = one.visitor.open(one.question("insured"))
    assert "Only those who can answer “Yes” can be given a place" in page.words
    assert one.answer("about", "Six mentors").response.location == one.question("insured")


def test_what_cannot_be_read_is_asked_again_with_what_was_typed(visits: Visits) -> None:
    one = begin(visits, arranged(visits))
    one.choose("2a")
    answer = one.answer("homes", "a dozen")
    assert answer.status == 422
    assert "must be a whole number, like 12" in answer.words
    assert answer.values("answer") == ["a dozen"]


def test_typing_is_kept_without_leaving_the_page(visits: Visits) -> None:
    one = begin(visits, arranged(visits))
    kept = one.type(f"{one.question('about')}/draft", {"answer": "Six mentors", "version": "0"})
    assert kept.status == 200 and "Saved at" in kept.words and "<html" not in kept.markup
    assert kept.values("version") == ["1"]
    assert "Six mentors" in one.visitor.open(one.question("about")).words
    again = one.type(f"{one.question('about')}/draft", {"answer": "Six mentors", "version": "1"})
    assert again.values("version") == ["1"]


def test_two_people_edit_the_same_answer_and_both_see_both(visits: Visits) -> None:
    first = begin(visits, arranged(visits))
    second = colleague(visits, first)
    assert first.answer("about", "Hers", version=0).status == 303
    conflict = second.answer("about", "His", version=0)
    assert conflict.status == 409
    assert "Bids of Larkspur saved this on" in conflict.words
    assert "Hers" in conflict.words and "His" in conflict.words
    assert conflict.values("version") == ["1"]
    while_typing = second.type(
        f"{first.question('about')}/draft", {"answer": "His own", "version": "0"}
    )
    assert while_typing.status == 409
    assert "Yours is not saved yet: press “Save and continue” to see both" in while_typing.words
    assert "Hers" in first.visitor.open(first.question("about")).words
    assert second.answer("about", "His", version=1).status == 303
    assert "His" in first.visitor.open(first.question("about")).words
    assert second.answer("insured", "yes", version=0).status == 303
    assert first.answer("others", "no", version=0).status == 303  # another part, in peace


def test_the_same_words_from_both_are_no_conflict(visits: Visits) -> None:
    first = begin(visits, arranged(visits))
    assert first.answer("about", "Ours", version=0).status == 303
    assert colleague(visits, first).answer("about", "Ours", version=0).status == 303


def test_a_changed_question_is_confirmed_anew(visits: Visits) -> None:
    made = arranged(visits)
    one = begin(visits, made)
    one.complete()
    with visits.standing.owner.transaction(OPERATOR) as session:
        ask(session, made, "insured", QuestionKind.YES_NO, "Are you insured for £10m?")
    assert "changed this question since you answered it" in one.tasks().words
    page = one.visitor.open(one.question("insured"))
    assert "The question as you answered it before Are you insured?" in page.words
    typed = {"answer": "yes", "version": page.values("version")[0]}
    one.type(f"{one.question('insured')}/draft", typed)
    assert "changed this question" in one.tasks().words  # typing confirms nothing
    one.answer("insured", "yes")
    assert "Nothing is missing." in one.tasks().words


def test_changed_terms_are_confirmed_by_saving_what_depends_on_them(visits: Visits) -> None:
    made = arranged(visits)
    one = begin(visits, made)
    one.complete()
    officer = visits.world.person(visits.world.aldermoor, Role.COMMISSIONER)
    with visits.standing.owner.transaction(OPERATOR) as session:
        later = now_of(session) + timedelta(seconds=1)
        make_framework_change(
            session, framework=made.framework, by=officer, at=later,
            category=made.categories["2a"], sentence="Nothing to do with mentoring.",
        )  # fmt: skip
    assert "Nothing is missing." in one.tasks().words
    with visits.standing.owner.transaction(OPERATOR) as session:
        make_framework_change(
            session, framework=made.framework, by=officer, at=now_of(session),
            category=made.categories["1a"], sentence="The floor is £6.00.",
        )  # fmt: skip
    page = one.tasks()
    assert "“The floor is £6.00.”" in page.words and "Save it again to confirm" in page.words
    one.price("1a", "28.00")
    assert "Nothing is missing." in one.tasks().words


def test_nothing_is_changed_after_closing(visits: Visits) -> None:
    made = arranged(visits)
    one = begin(visits, made)
    one.complete()
    close(visits, made)
    late = one.visitor.send(one.question("about"), {"answer": "Too late", "version": "1"})
    assert late.status == 409
    assert "This round closed on" in late.words and "change nothing in it" in late.words
    page = one.visitor.open(one.question("about"))
    assert "Mentors in the valley" in page.words and not page.forms(str(one.application_id))
    assert one.visitor.open(f"{one.home}/check").heading == "Your answers"
    assert "Never submitted" in one.tasks().words


def test_another_provider_and_the_councils_find_nothing(visits: Visits) -> None:
    one = begin(visits, arranged(visits))
    one.complete()
    rival = visits.by(visits.world.millstone, Role.BIDS)
    officer = visits.by(visits.world.aldermoor, Role.COMMISSIONER)
    for path in ("", "/check", "/categories", "/evidence", "/prices/1a", "/submit"):
        assert rival.open(one.home + path).status == 404
        assert officer.open(one.home + path).status == 403
    assert rival.send(one.question("about"), {"answer": "Theirs", "version": "1"}).status == 404


def test_a_draft_is_sealed_and_its_record_names_no_council(visits: Visits) -> None:
    one = begin(visits, arranged(visits))
    one.complete()
    with visits.standing.owner.session(OPERATOR) as session:
        parts = session.scalars(
            select(DraftPart).where(DraftPart.application_id == one.application_id)
        ).all()
        assert len(parts) == 5
        assert not any(b"valley" in part.sealed or b"2800" in part.sealed for part in parts)
        events = session.scalars(
            select(AuditEvent).where(AuditEvent.subject_id == one.application_id)
        ).all()
        assert len(events) == 6
        assert {event.council_id for event in events} == {None}
        assert not any("28" in str(event.details) for event in events)


def test_the_pages_cost_the_same_for_few_and_many(visits: Visits) -> None:
    made = arranged(visits)
    one = begin(visits, made)
    one.complete()
    pages = ("", "/check", "/categories", "/evidence", "/questions/all", "/prices/1a")
    before = [one.visitor.open(one.home + path) for path in pages]
    with visits.standing.owner.transaction(OPERATOR) as session:
        for number in range(30):
            ask(session, made, f"more{number}", QuestionKind.TEXT, f"And {number}?")
        application = session.get_one(Application, one.application_id)
        for code, version in made.versions.items():
            if code.startswith("more"):
                make_part(
                    session, application=application, part=f"answer:{code}", value="Yes",
                    by=visits.world.person(visits.world.larkspur, Role.BIDS),
                    question_version_id=version.id,
                )  # fmt: skip
    after = [one.visitor.open(one.home + path) for path in pages]
    assert {page.status for page in after} == {200}
    assert [page.statements for page in after] == [page.statements for page in before]
