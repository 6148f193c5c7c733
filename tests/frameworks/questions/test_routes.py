"""The question pages as commissioners build with them and everybody else reads them."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from uuid import UUID

import pytest

from portal.frameworks.models import Lot
from portal.frameworks.questions.rules import QuestionKind
from portal.frameworks.rounds.models import Round
from portal.identity.rules import Role
from portal.kernel.tenancy import Scope, Task
from tests.makers.questions import make_question
from tests.makers.rounds import make_round
from tests.support.visits import Read, Visitor, Visits


@pytest.fixture
def drafted(visits: Visits) -> UUID:
    """A fresh draft of a round that Copperholt runs."""
    with visits.standing.owner.transaction(Scope.system(Task.OPERATOR)) as session:
        return make_round(session, framework=visits.world.advertised.framework).id


@pytest.fixture
def commissioner(visits: Visits) -> Visitor:
    return visits.by(visits.world.copperholt, Role.COMMISSIONER)


def typed(**fields: Any) -> dict[str, Any]:
    return {"lot": "", "wording": "Do volunteers help?", "kind": "yes-no", **fields}


def test_every_kind_of_question_is_written_and_read(commissioner: Visitor, drafted: UUID) -> None:
    path = f"/rounds/{drafted}/questions"
    assert "Nothing is asked here" in commissioner.open(path).words
    for fields in (
        typed(yes_or_no="yes", code="volunteers"),
        typed(wording="How?", kind="text", most_words="250", asked_if="volunteers:yes"),
        typed(
            wording="Where?", kind="choice", code="where",
            **{"options-0-label": "In a town", "options-1-label": "Elsewhere"},
            **{"options-1-code": "other", "required_option": "in-a-town", "most_words": "9"},
        ),
        typed(wording="How many?", kind="number", lot="1"),
        typed(wording="How much?", kind="money", optional="y"),
        typed(wording="When?", kind="date"),
        typed(wording="What plan?", kind="file", points="60"),
        typed(wording="Which cover?", kind="evidence", evidence_kind="public-liability"),
    ):  # fmt: skip
        assert commissioner.send(f"{path}/add", fields).status == 303
    page = commissioner.open(path)
    assert page.heading == "Questions"
    for row, words in zip(
        page.rows,
        [
            "Do volunteers help? volunteers Yes or no; only “Yes” passes",
            "How? how Asked after “Yes” to volunteers Text, at most 250 words",
            "Where? where One of 2 options; only “In a town” passes",
            "How much? how-much An amount of money; may be left out",
            "When? when A date",
            "What plan? what-plan A file 60",
            "Which cover? which-cover Evidence: Public liability insurance",
            "How many? how-many A whole number",
        ],
        strict=True,
    ):
        assert row.startswith(words)
    assert "60 of the 60 points for quality" in page.words

    shown = commissioner.open(page.link("Where?"))
    assert shown.heading == "Where?"
    assert shown.values("answer") == ["in-a-town", "other"]
    assert "You can enter up to 250 words" in commissioner.open(page.link("How?")).words


def test_a_wrong_question_keeps_what_was_typed_and_says_what_to_change(
    commissioner: Visitor, drafted: UUID
) -> None:
    path = f"/rounds/{drafted}/questions/add"
    empty = commissioner.send(path, {})
    assert empty.status == 422
    assert "Write the question" in empty.words and "Choose how it is answered" in empty.words
    wrong = commissioner.send(
        path,
        typed(kind="choice", points="5", **{"options-3-label": "Kept as typed"}),
    )
    assert wrong.status == 422
    assert "Give between 2 and 30 options" in wrong.words
    assert "Only a text or a file is scored" in wrong.words
    assert "Kept as typed" in wrong.markup and "Do volunteers help?" in wrong.markup
    assert commissioner.send(path, typed(kind="essay")).status == 422
    assert commissioner.send(path, typed(lot="7")).status == 422
    assert commissioner.send(path, typed(wording="Ελληνικά;")).status == 422, "no code to be made"


def test_a_question_is_changed_and_a_stale_form_shows_both(
    commissioner: Visitor, drafted: UUID
) -> None:
    path = f"/rounds/{drafted}/questions"
    commissioner.send(f"{path}/add", typed())
    question = commissioner.open(path).link("Do volunteers help?")
    form = commissioner.open(f"{question}/change")
    (seen,) = form.values("seen")
    first = typed(wording="Do unpaid people help?", seen=seen)
    assert commissioner.send(f"{question}/change", first).status == 303
    second = typed(wording="Do helpers help?", seen=seen)
    stale = commissioner.send(f"{question}/change", second)
    assert stale.status == 409
    assert "As it was saved meanwhile" in stale.words
    assert "Do unpaid people help?" in stale.words and "Do helpers help?" in stale.markup
    (seen,) = stale.values("seen")
    assert commissioner.send(f"{question}/change", typed(wording="Both", seen=seen)).status == 303
    assert commissioner.open(question).heading == "Both"
    wrong = commissioner.send(f"{question}/change", typed(kind="date", points="5", seen="1.3"))
    assert wrong.status == 422 and "Only a text or a file is scored" in wrong.words


def test_questions_move_and_are_withdrawn(commissioner: Visitor, drafted: UUID) -> None:
    path = f"/rounds/{drafted}/questions"
    for wording in ("First?", "Second?"):
        commissioner.send(f"{path}/add", typed(wording=wording))
    second = commissioner.open(path).link("Second?")
    assert commissioner.send(f"{second}/move", {"direction": "up"}).status == 303
    assert [row.split()[0] for row in commissioner.open(path).rows] == ["Second?", "First?"]
    assert commissioner.open(f"{second}/withdraw").heading == "Withdraw the question"
    assert commissioner.send(f"{second}/withdraw", {}).status == 303
    assert [row.split()[0] for row in commissioner.open(path).rows] == ["First?"]
    assert commissioner.open(second).status == 404


def test_a_ready_made_set_is_read_before_it_is_taken(commissioner: Visitor, drafted: UUID) -> None:
    path = f"/rounds/{drafted}/questions"
    assert "Residential homes" in commissioner.open(f"{path}/sets").words
    page = commissioner.open(f"{path}/sets/mentoring")
    assert page.heading == "Mentoring" and len(page.rows) == 12
    assert commissioner.send(f"{path}/sets/mentoring", {"lot": "1"}).status == 303
    assert len(commissioner.open(path).rows) == 12
    again = commissioner.send(f"{path}/sets/mentoring", {"lot": ""})
    assert again.status == 422 and "This round asked it of other bidders already" in again.words
    assert commissioner.send(f"{path}/sets/mentoring", {"lot": "9"}).status == 422
    assert commissioner.open(f"{path}/sets/astronauts").status == 404


def test_questions_go_out_as_a_file_and_come_back(commissioner: Visitor, drafted: UUID) -> None:
    path = f"/rounds/{drafted}/questions"
    commissioner.send(f"{path}/sets/every-provider", {"lot": ""})
    taken = commissioner.open(f"{path}/sets/questions.yaml")
    assert taken.response.mimetype == "application/yaml"

    def send(content: bytes) -> Read:
        return commissioner.send(f"{path}/sets", {"file": (BytesIO(content), "mine.yaml")})

    content = taken.response.data.replace(b"question: uses-volunteers", b"question: nobody", 1)
    broken = send(content)
    assert broken.status == 422
    assert "Nothing of the file was brought in" in broken.words
    assert "It follows the question “nobody”" in broken.words
    assert "(line " in broken.words
    assert send(b"questions: {").status == 422
    assert commissioner.send(f"{path}/sets", {}).status == 422
    assert send(b"#" * (400 * 1024 + 1)).status == 422
    changed = taken.response.data.replace(b"on which the law", b"for which the law", 1)
    assert send(changed).status == 303
    page = commissioner.open(path)
    assert "0 questions added, 1 changed, 17 as before" in page.words


def test_once_announced_everybody_reads_but_nobody_else_writes(visits: Visits) -> None:
    world = visits.world
    path = f"/rounds/{world.advertised.round.id}/questions"
    provider = visits.by(world.nettlewood, Role.BIDS)
    page = provider.open(path)
    assert page.heading == "Questions" and any("uses-volunteers" in row for row in page.rows)
    assert "Write a question" not in page.words and "points for quality" not in page.words
    question = page.link(world.advertised.of_round.asks.wording)
    assert provider.open(question).heading == world.advertised.of_round.asks.wording
    assert provider.open(f"{path}/add").status == 403
    assert visits.by(world.aldermoor, Role.COMMISSIONER).open(f"{path}/add").status == 404
    hidden = f"/rounds/{world.advertised.draft.id}/questions"
    assert provider.open(hidden).status == 404
    assert visits.by(world.copperholt, Role.EVALUATOR).open(hidden).status == 200


def test_the_list_costs_the_same_for_two_questions_and_forty(
    visits: Visits, commissioner: Visitor, drafted: UUID
) -> None:
    path = f"/rounds/{drafted}/questions"

    def add(count: int) -> Read:
        with visits.standing.owner.transaction(Scope.system(Task.OPERATOR)) as session:
            own = session.get_one(Round, drafted)
            lot = session.query(Lot).filter_by(framework_id=own.framework_id).one()
            for number in range(count):
                make_question(
                    session, round_=own, lot=lot if number % 2 else None, kind=QuestionKind.TEXT
                )
        return commissioner.open(path)

    few, many = add(2), add(38)
    assert (len(few.rows), len(many.rows)) == (2, 40)
    assert many.statements == few.statements
