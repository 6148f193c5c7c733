"""Beginning an application: with empty pages, or with what was said before."""

from __future__ import annotations

import io
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from portal.frameworks.applications.models import ApplicationFile
from portal.frameworks.applications.opened import Bid
from portal.frameworks.evaluation.deciding.models import Award
from portal.frameworks.evaluation.models import ComplianceCheck
from portal.frameworks.evaluation.rules import Outcome
from portal.frameworks.questions.rules import QuestionKind
from portal.frameworks.rounds.models import Round
from portal.identity.rules import Role
from portal.kernel.clock import now_of
from tests.frameworks.applications.arranged import (
    OPERATOR,
    Applicant,
    Arranged,
    arranged,
    ask,
    begin,
    close,
)
from tests.kernel.files.samples import PDF
from tests.makers import csrf_token
from tests.makers.rounds import open_it
from tests.support.visits import Visits


def lent(visits: Visits, made: Arranged) -> Applicant:
    """Begin with what the last application said."""
    visitor = visits.by(visits.world.larkspur, Role.BIDS)
    path = f"/applications/rounds/{made.round.id}"
    page = visitor.open(path)
    assert "With what you said in your last application" in page.words
    unchosen = visitor.send(path, {})
    assert unchosen.status == 422 and "Choose how you want to begin" in unchosen.words
    answer = visitor.send(path, {"lend": "yes"})
    return Applicant(visitor, made, UUID(str(answer.response.location).rsplit("/", 1)[1]))


def send_file(one: Applicant, code: str, content: bytes = PDF, name: str = "Policy.pdf") -> int:
    """Answer a question with a file; the status of the answer."""
    page = one.visitor.open(one.question(code))
    form: MultiDict[str, object] = MultiDict(
        {"csrf_token": csrf_token(page.markup), "version": page.values("version")[0]}
    )
    form.add("answer", FileStorage(io.BytesIO(content), name))
    boundary, body = encode_multipart(form)
    answer = one.visitor.client.post(
        one.question(code), data=body, content_type=f"multipart/form-data; boundary={boundary}"
    )
    return answer.status_code


def test_an_application_begins_once_for_everybody_of_a_provider(visits: Visits) -> None:
    made = arranged(visits)
    visitor = visits.by(visits.world.larkspur, Role.BIDS)
    path = f"/applications/rounds/{made.round.id}"
    page = visitor.open(path)
    assert page.heading == f"Apply to {made.round.title}"
    assert "5 questions at most" in page.words and "1 kind, taken from your wallet" in page.words
    one = begin(visits, made)
    again = visits.by(visits.world.larkspur, Role.PROVIDER_ADMINISTRATOR)
    assert again.open(path).response.location == one.home
    assert again.send(path, {"lend": "no"}).response.location == one.home
    listed = visitor.open("/applications")
    assert made.round.title in listed.words and "Not submitted yet" in listed.words
    assert visits.by(visits.world.millstone, Role.BIDS).open("/applications").rows == []


def test_nothing_begins_before_a_round_opens_or_after_it_closes(visits: Visits) -> None:
    made = arranged(visits)
    visitor = visits.by(visits.world.larkspur, Role.BIDS)
    path = f"/applications/rounds/{made.round.id}"
    with visits.standing.owner.transaction(OPERATOR) as session:
        round_ = session.get_one(Round, made.round.id)
        round_.opens_at = now_of(session) + timedelta(days=1)
    assert "You can apply from 1 May 2026 at 10am" in visitor.open(path).words
    early = visitor.send(path, {"lend": "no"})
    assert early.status == 409 and "This round opens on 1 May 2026" in early.words
    close(visits, made)
    assert "This round closed on" in visitor.open(path).words
    assert visitor.send(path, {"lend": "no"}).status == 409


def test_what_was_said_is_carried_over_and_what_changed_is_confirmed(visits: Visits) -> None:
    first = arranged(visits)
    with visits.standing.owner.transaction(OPERATOR) as session:
        ask(session, first, "policy", QuestionKind.FILE, "Send your policy")
        ask(session, first, "old", QuestionKind.TEXT, "Asked only then?")
    one = begin(visits, first)
    one.complete()
    one.answer("old", "Then")
    assert send_file(one, "policy") == 303
    close(visits, first)
    second = arranged(visits, framework=first.framework)
    with visits.standing.owner.transaction(OPERATOR) as session:
        ask(session, second, "policy", QuestionKind.FILE, "Send your policy")
        ask(session, second, "insured", QuestionKind.YES_NO, "Are you insured, for £10m?")
    again = lent(visits, second)
    page = again.tasks()
    assert "changed this question since you answered it" in page.words
    assert page.words.count("Enter a price") == 0
    group = again.visitor.open(f"{again.home}/questions/all")
    assert f"As you answered in {first.round.title}" in group.words
    again.answer("insured", "yes")
    assert "Nothing is missing." in again.tasks().words

    file = again.visitor.open(f"{again.question('policy')}/file").response
    assert file.get_data() == PDF
    with visits.standing.owner.session(OPERATOR) as session:
        files = session.scalars(
            select(ApplicationFile.file_id).where(
                ApplicationFile.application_id.in_([one.application_id, again.application_id])
            )
        ).all()
        assert len(set(files)) == 2

    assert again.choose("1a", "2b").status == 303  # one lot more, and nothing else to write
    assert "“How many homes have you?”" in again.tasks().words
    again.answer("homes", "3")
    again.price("1a", "27.00")  # one changed price
    assert again.submit().status == 303


def test_a_file_is_replaced_taken_out_and_refused_by_its_kind(visits: Visits) -> None:
    made = arranged(visits)
    with visits.standing.owner.transaction(OPERATOR) as session:
        ask(session, made, "policy", QuestionKind.FILE, "Send your policy")
    one = begin(visits, made)
    assert send_file(one, "policy", b"MZ not a document", "policy.pdf") == 422
    assert send_file(one, "policy") == 303
    assert send_file(one, "policy", name="Newer.pdf") == 303
    page = one.visitor.open(one.question("policy"))
    assert "Newer.pdf" in page.words and "Policy.pdf" not in page.words
    with visits.standing.owner.session(OPERATOR) as session:
        kept = session.scalars(
            select(ApplicationFile).where(ApplicationFile.application_id == one.application_id)
        ).all()
        assert len(kept) == 1
    version = page.values("version")[0]
    out = one.visitor.send(f"{one.question('policy')}/remove", {"version": version})
    assert out.status == 303
    assert "“Send your policy” Choose a file" in one.tasks().words
    assert one.visitor.open(f"{one.question('policy')}/file").status == 404


def test_only_what_failed_is_sent_again(visits: Visits) -> None:
    first = arranged(visits)
    one = begin(visits, first)
    one.complete()
    one.submit()
    close(visits, first)
    officer = visits.world.person(visits.world.aldermoor, Role.COMMISSIONER)
    with visits.standing.owner.transaction(OPERATOR) as session:
        round_ = session.get_one(Round, first.round.id)
        open_it(session, round_)
        bid = session.scalars(select(Bid).where(Bid.round_id == round_.id)).one()
        at = now_of(session)
        said = {
            "round_id": round_.id, "framework_id": round_.framework_id,
            "lead_council_id": round_.lead_council_id, "provider_id": bid.provider_id,
            "by_id": officer.id, "by_name": officer.name, "at": at,
        }  # fmt: skip
        session.add(
            ComplianceCheck(
                application_id=one.application_id, part="answer:insured", passed=False,
                reason="The certificate has lapsed", **said,
            )
        )  # fmt: skip
        session.add(
            Award(
                bid_id=bid.id, category_id=bid.category_id, outcome=Outcome.PLACE, rank=1,
                quality=5000, price=4000, reason="The best of all", **said,
            )
        )  # fmt: skip
        round_.evaluating_at = round_.moderated_at = round_.decided_at = at
        round_.standstill_until = at
    again = lent(visits, arranged(visits, framework=first.framework))
    page = again.tasks()
    assert "1 thing is missing" in page.words
    assert f"“Are you insured?” This did not pass in {first.round.title}" in page.words
    typed = {"answer": "yes", "version": "1"}
    again.type(f"{again.question('insured')}/draft", typed)
    assert "1 thing is missing" in again.tasks().words
    again.answer("insured", "yes")
    assert "Nothing is missing." in again.tasks().words
