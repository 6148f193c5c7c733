"""A complete application is declared, submitted, changed, withdrawn; an incomplete one never."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from portal.frameworks.applications.models import Application, Submission
from portal.frameworks.questions.rules import QuestionKind
from portal.frameworks.rounds.models import Round
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
from tests.makers.announced import make_late_door
from tests.support.visits import Visits


def test_a_complete_application_is_submitted_with_a_receipt(visits: Visits) -> None:
    one = begin(visits, arranged(visits))
    one.complete()
    check = one.visitor.open(f"{one.home}/check")
    assert check.heading == "Check your answers" and "£28.00 an hour" in check.words
    assert "In date until 31 May 2028" in check.words
    form = one.visitor.open(check.link("Continue to the declaration"))
    assert form.heading == "Declare and submit"
    unsure = one.visitor.send(f"{one.home}/submit", {"seen": form.values("seen")[0]})
    assert unsure.status == 422
    assert "Enter your position" in unsure.words
    assert "Confirm that you may declare this" in unsure.words

    sent = one.submit()
    assert sent.status == 303
    receipt = one.visitor.open(str(sent.response.location))
    assert receipt.status == 200 and "Director" in receipt.words
    page = one.tasks()
    assert "Submitted" in page.words and "This one counts" in page.words
    with visits.standing.owner.session(OPERATOR) as session:
        found = session.scalars(
            select(Submission).where(Submission.application_id == one.application_id)
        ).one()
        assert found.declared_as == "Director" and found.reference in page.words
        assert found.provider_id == visits.world.larkspur.id


def test_changed_and_submitted_again_until_closing(visits: Visits) -> None:
    made = arranged(visits)
    one = begin(visits, made)
    one.complete()
    one.submit()
    with visits.standing.owner.transaction(OPERATOR) as session:
        first = session.scalars(
            select(Submission).where(Submission.application_id == one.application_id)
        ).one()
        first.received_at -= timedelta(hours=1)
    one.price("1a", "27.50")
    page = one.tasks()
    assert "Changed since you submitted" in page.words
    assert "Until you submit it again, what you submitted before counts" in page.words
    assert one.submit().status == 303
    with visits.standing.owner.session(OPERATOR) as session:
        numbers = session.scalars(
            select(Submission.number)
            .where(Submission.application_id == one.application_id)
            .order_by(Submission.number)
        ).all()
        assert numbers == [1, 2]
    close(visits, made)
    late = one.visitor.send(f"{one.home}/submit", {"declared_as": "Director", "declare": "y"})
    assert late.status == 409 and "This round closed on" in late.words
    page = one.tasks()
    assert "Until then nobody can read yours" in page.words
    assert not page.forms("/applications/")
    assert "was not submitted, and does not count" not in page.words


def test_what_was_changed_and_never_submitted_again_is_said_to_count_for_nothing(
    visits: Visits,
) -> None:
    made = arranged(visits)
    one = begin(visits, made)
    one.complete()
    one.submit()
    with visits.standing.owner.transaction(OPERATOR) as session:
        first = session.scalars(
            select(Submission).where(Submission.application_id == one.application_id)
        ).one()
        first.received_at -= timedelta(hours=3)
    one.price("1a", "27.50")
    close(visits, made)
    for path in ("", "/check"):
        words = one.visitor.open(one.home + path).words
        assert "was not submitted, and does not count" in words


def test_an_incomplete_application_is_not_submitted(visits: Visits) -> None:
    one = begin(visits, arranged(visits))
    one.complete()
    seen = one.visitor.open(f"{one.home}/submit").values("seen")[0]
    one.answer("insured", "no")
    assert one.visitor.open(f"{one.home}/submit").response.location == f"{one.home}/check"
    form = {"declared_as": "Director", "declare": "y", "seen": seen}
    refused = one.visitor.send(f"{one.home}/submit", form)
    assert refused.status == 422
    assert "not complete yet, so it was not submitted" in refused.words
    assert "Only those who can answer “Yes” can be given a place" in refused.words


def test_what_a_colleague_changed_after_the_check_is_not_submitted_unseen(
    visits: Visits,
) -> None:
    one = begin(visits, arranged(visits))
    one.complete()
    seen = one.visitor.open(f"{one.home}/submit").values("seen")[0]
    with visits.standing.owner.transaction(OPERATOR) as session:
        application = session.get_one(Application, one.application_id)
        application.started_at -= timedelta(days=1)
    colleague(visits, one).answer("others", "yes")
    colleague(visits, one).answer("which", "Hill Climbers")
    form = {"declared_as": "Director", "declare": "y", "seen": seen}
    refused = one.visitor.send(f"{one.home}/submit", form)
    assert refused.status == 409
    assert "A colleague changed this application after you opened the page" in refused.words


def test_a_withdrawn_application_can_be_taken_up_again(visits: Visits) -> None:
    one = begin(visits, arranged(visits))
    one.complete()
    one.submit()
    page = one.visitor.open(f"{one.home}/withdraw")
    assert page.heading == "Withdraw this application"
    assert one.visitor.send(f"{one.home}/withdraw", {}).status == 422
    assert one.visitor.send(f"{one.home}/withdraw", {"sure": "y"}).status == 303
    page = one.tasks()
    assert "This application was withdrawn on" in page.words
    refused = one.visitor.send(one.question("about"), {"answer": "More", "version": "1"})
    assert refused.status == 409 and "Take it up again before you change it" in refused.words
    assert one.visitor.send(f"{one.home}/take-up", {}).status == 303
    assert "Your application is in" in one.tasks().words


def test_a_late_door_lets_one_provider_in(visits: Visits) -> None:
    made = arranged(visits)
    one = begin(visits, made)
    one.complete()
    close(visits, made)
    assert one.submit().status == 409
    with visits.standing.owner.transaction(OPERATOR) as session:
        make_late_door(
            session,
            round_=session.get_one(Round, made.round.id),
            provider=visits.world.larkspur,
            by=visits.world.person(visits.world.aldermoor, Role.COMMISSIONER),
            agreed_by=visits.world.person(visits.world.aldermoor, Role.COUNCIL_ADMINISTRATOR),
            until=now_of(session) + timedelta(hours=2),
        )
    assert one.submit().status == 303


def test_no_council_learns_of_an_application_before_opening(visits: Visits) -> None:
    made = arranged(visits)
    world = visits.world

    def read() -> list[str]:
        return [
            visits.by(world.aldermoor, role).open(path).words
            for role in (Role.COMMISSIONER, Role.AUDITOR, Role.EVALUATOR)
            for path in ("/", "/notices", f"/rounds/{made.round.id}")
        ]

    before = read()
    one = begin(visits, made)
    one.complete()
    one.submit()
    assert read() == before
    own, theirs = (
        visits.by(organisation, role).open("/audit").rows
        for organisation, role in (
            (world.larkspur, Role.PROVIDER_ADMINISTRATOR),
            (world.aldermoor, Role.AUDITOR),
        )
    )
    assert any("Began an application" in row for row in own)
    assert not any("application" in row.lower() for row in theirs)


def test_a_question_asked_after_submitting_is_missing_until_answered(visits: Visits) -> None:
    made = arranged(visits)
    one = begin(visits, made)
    one.complete()
    one.submit()
    with visits.standing.owner.transaction(OPERATOR) as session:
        ask(session, made, "new", QuestionKind.YES_NO, "Do you keep records?")
    page = one.tasks()
    assert "“Do you keep records?” Answer yes or no" in page.words
