"""Running a round by its pages: made, announced, told of, cancelled, and read by everybody."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from portal.audit.models import AuditEvent
from portal.frameworks.models import Framework
from portal.frameworks.rounds.events import Event
from portal.frameworks.rounds.models import Round, RoundCategory, RoundNotice
from portal.frameworks.rounds.queries import standing_as
from portal.frameworks.rounds.rules import RoundState, state
from portal.identity.rules import Role
from tests.dealings import AT
from tests.frameworks.rounds.scene import (
    boxes,
    changing,
    draft_to_announce,
    newest,
    open_round,
    plan,
)
from tests.makers.rounds import make_round
from tests.support.visits import Visits
from tests.visiting import stranger


def test_a_round_is_made_changed_and_seen_by_nobody_else(visits: Visits) -> None:
    world = visits.world
    runner = visits.by(world.copperholt, Role.COMMISSIONER)
    path = f"/frameworks/{world.advertised.framework.id}/rounds/new"
    assert runner.open(path).heading == "Make a round"
    made = runner.send(path, plan(visits, "Autumn applications"))
    assert made.status == 303
    round_ = newest(visits, Round, title="Autumn applications")
    assert made.response.location == f"/rounds/{round_.id}"
    assert newest_category(visits, round_) is not None
    page = runner.open(f"/rounds/{round_.id}")
    assert "10 May 2026 at 9am" in page.words and "Draft" in page.words
    other = visits.by(world.aldermoor, Role.COMMISSIONER)
    bidder = visits.by(world.nettlewood, Role.BIDS)
    for visitor in (other, bidder):
        assert visitor.open(f"/rounds/{round_.id}").status == 404
    assert stranger(visits.app).get(f"/opportunities/{round_.id}").status_code == 404

    edit = f"/rounds/{round_.id}/edit"
    changed = runner.send(edit, plan(visits, "Autumn bids", version=str(round_.version)))
    assert changed.status == 303
    stale = runner.send(edit, plan(visits, "Late bids", version=str(round_.version)))
    assert stale.status == 409
    assert "Saved meanwhile" in stale.words and "Autumn bids" in stale.words
    assert 'value="Late bids"' in stale.markup, "what was typed is kept"


def newest_category(visits: Visits, round_: Round) -> RoundCategory | None:
    """A category that a round takes bids for."""
    with changing(visits) as session:
        stmt = select(RoundCategory).where(RoundCategory.round_id == round_.id)
        return session.scalars(stmt).first()


def test_wrong_dates_and_titles_are_said_where_they_stand(visits: Visits) -> None:
    world = visits.world
    runner = visits.by(world.copperholt, Role.COMMISSIONER)
    path = f"/frameworks/{world.advertised.framework.id}/rounds/new"
    for changes, sentence in (
        (boxes("opens", AT - timedelta(days=1)), "The round must open in the future"),
        (boxes("closes", AT + timedelta(days=9)), "The round must close after it opens"),
        (boxes("questions", AT + timedelta(days=41)), "The last moment for questions must be"),
        ({"title": "Spring applications"}, "This framework has a round of that title already"),
        ({"categories": []}, "Choose at least one category"),
        (
            boxes("closes", AT.replace(year=2026, month=10, day=25), "1:30am"),
            "That time comes twice",
        ),
    ):
        answer = runner.send(path, plan(visits, "Never made", **changes))
        assert answer.status == 422
        assert sentence in answer.words
    assert newest(visits, Round, title="Never made") is None


def test_a_partner_reads_and_does_not_run(visits: Visits) -> None:
    world = visits.world
    draft = newest(visits, Round, framework_id=world.shared.id)
    partner = visits.by(world.brackenvale, Role.COMMISSIONER)
    page = partner.open(f"/rounds/{draft.id}")
    assert page.status == 200 and "Check and announce" not in page.words
    for path in ("edit", "announce", "cancel", "extension", "late-doors", "clarifications"):
        assert partner.open(f"/rounds/{draft.id}/{path}").status == 404
    new = partner.open(f"/frameworks/{world.shared.id}/rounds/new")
    assert new.status == 409 and "Only the framework's lead council" in new.words


def test_announcing_says_what_is_missing_and_then_fixes_everything(visits: Visits) -> None:
    world = visits.world
    runner = visits.by(world.copperholt, Role.COMMISSIONER)
    with changing(visits) as session:
        bare = make_round(
            session, framework=session.get_one(Framework, world.advertised.framework.id),
            title="Bare", opens_at=AT + timedelta(days=10), closes_at=AT + timedelta(days=40),
        )  # fmt: skip
    lacking = runner.open(f"/rounds/{bare.id}/announce")
    assert "Name 2 people to open the bids" in lacking.words
    assert "The scored questions for lot 1 come to 0 points. Quality is worth 60" in lacking.words
    refused = runner.send(f"/rounds/{bare.id}/announce", {"version": "1"})
    assert refused.status == 422 and newest(visits, Round, title="Bare").announced_at is None

    ready = draft_to_announce(visits, "Ready")
    path = f"/rounds/{ready.id}/announce"
    form = runner.open(path)
    assert "Only the two people named can open the bids" in form.words
    version = form.values("version")[0]
    assert runner.send(path, {"version": version}).status == 303
    announced = newest(visits, Round, title="Ready")
    assert announced.announced_at is not None and announced.public_key is not None
    assert newest(visits, AuditEvent, event=Event.ANNOUNCED.value).subject_id == ready.id
    assert stranger(visits.app).get(f"/opportunities/{ready.id}").status_code == 200
    for closed in ("edit", "announce"):
        assert runner.open(f"/rounds/{ready.id}/{closed}").status == 409


def test_everybody_is_told_and_a_cancelled_round_stays_readable(visits: Visits) -> None:
    world = visits.world
    round_ = open_round(visits, "To be cancelled")
    runner = visits.by(world.copperholt, Role.COMMISSIONER)
    told = runner.send(f"/rounds/{round_.id}/notice", {"sentence": "Page 2 was corrected."})
    assert told.status == 303
    public = stranger(visits.app).get(f"/opportunities/{round_.id}").text
    assert "Page 2 was corrected." in public
    empty = runner.send(f"/rounds/{round_.id}/notice", {"sentence": ""})
    assert empty.status == 422 and "Write the notice" in empty.words

    path = f"/rounds/{round_.id}/cancel"
    version = runner.open(path).values("version")[0]
    assert runner.send(path, {"version": version, "reason": ""}).status == 422
    assert runner.send(path, {"version": version, "reason": "No funds."}).status == 303
    kept = newest(visits, Round, title="To be cancelled")
    assert state(kept, AT) is RoundState.CANCELLED
    notice = newest(visits, RoundNotice, round_id=round_.id)
    assert notice.sentence == "This round is cancelled. No funds."
    assert "No funds." in stranger(visits.app).get(f"/opportunities/{round_.id}").text
    assert runner.open(path).status == 409, "once"


def test_the_list_filters_by_stage_and_costs_the_same_for_many(visits: Visits) -> None:
    world = visits.world
    runner = visits.by(world.copperholt, Role.AUDITOR)
    before = runner.open("/rounds")
    assert before.heading == "Rounds"
    drafts = runner.open("/rounds?state=draft")
    assert any("Applications to come" in row for row in drafts.rows)
    assert not any("Spring applications" in row for row in drafts.rows)
    with changing(visits) as session:
        for number in range(20):
            make_round(
                session, framework=session.get_one(Framework, world.advertised.framework.id),
                title=f"One of many {number}", opens_at=AT + timedelta(days=50),
                closes_at=AT + timedelta(days=60 + number),
            )  # fmt: skip
    after = runner.open("/rounds")
    assert len(after.rows) >= len(before.rows) + 20
    assert after.statements == before.statements
    assert not visits.by(world.aldermoor, Role.AUDITOR).open("/rounds?state=open").rows


def test_the_public_list_says_what_is_open_and_until_when(visits: Visits) -> None:
    public = stranger(visits.app)
    page = public.get("/opportunities")
    assert page.status_code == 200
    assert "Advertised to everybody: Spring applications" in page.text
    assert "closes on 30 May 2026 at 10am" in page.text
    assert "Applications to come" not in page.text, "drafts are nobody's business"
    assert "/register" in page.text
    assert "Spring applications" not in public.get("/opportunities?stage=closed").text
    aldermoor = visits.world.aldermoor.id
    assert "Spring applications" in public.get(f"/opportunities?council={aldermoor}").text


def test_the_public_page_says_what_is_asked(visits: Visits) -> None:
    world = visits.world
    page = stranger(visits.app).get(f"/opportunities/{world.advertised.round.id}").text
    for words in (
        "optimum £45.00 an hour",
        "60 of 100 points for quality",
        "40 of 100 points for price",
        "Public liability insurance",
        "Is there a minimum of hours?",
        "The guidance has a new second page.",
        "Register as a provider",
    ):
        assert words in page
    assert "Nettlewood" not in page, "nobody learns who asks, or who may come late"
    bidder = visits.by(world.nettlewood, Role.BIDS)
    moved = bidder.open(f"/opportunities/{world.advertised.round.id}")
    assert moved.response.location == f"/rounds/{world.advertised.round.id}"
    own = bidder.open(f"/rounds/{world.advertised.round.id}")
    assert "May sessions take place outside school?" in own.words
    rival = visits.by(world.larkspur, Role.BIDS).open(f"/rounds/{world.advertised.round.id}")
    assert rival.status == 200 and "outside school" not in rival.words
    assert "Apply" in rival.words


def test_the_list_in_sql_agrees_with_the_rule(visits: Visits) -> None:
    open_round(visits, "Closed an hour ago", closes_at=AT - timedelta(hours=1))
    with changing(visits) as session:
        every = session.scalars(select(Round)).all()
        assert len({state(one, AT) for one in every}) >= 4
        for wanted in RoundState:
            found = set(session.scalars(select(Round.id).where(standing_as(wanted, AT))))
            assert found == {one.id for one in every if state(one, AT) is wanted}
