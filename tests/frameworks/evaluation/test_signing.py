"""The letters begin the standstill; after it the agreement is signed, and places are given."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from portal.frameworks.evaluation.letters import actions as letters
from portal.frameworks.evaluation.letters.documents import letter_pdf
from portal.frameworks.evaluation.letters.models import OutcomeLetter
from portal.frameworks.evaluation.signing import actions as signing
from portal.frameworks.evaluation.signing.models import Signature
from portal.frameworks.evaluation.steps import NotNow
from portal.frameworks.models import Place, PlacePrice
from portal.frameworks.rounds.models import Round
from portal.frameworks.rules import PlaceState
from portal.frameworks.standing.models import PlaceChange
from portal.identity.rules import Role
from portal.kernel.errors import Forbidden, NotFound
from portal.kernel.money import Money
from portal.kernel.transitions import IllegalStep
from portal.notices.models import Notice
from tests.frameworks.evaluation.scene import AFTER, Scene
from tests.makers import make_place
from tests.support.background import RunJobs

ADMINISTRATOR = Role.PROVIDER_ADMINISTRATOR
RUNS = Role.COMMISSIONER
STARTS = date(2027, 2, 1)


def signed(scene: Scene, provider: str) -> None:
    """The provider signs, and every council after it."""
    own = scene.providers[provider]
    scene.act(own, ADMINISTRATOR, signing.sign, signed_as="Director")
    for council in scene.councils:
        scene.act(council, RUNS, signing.countersign, provider_id=own.id, signed_as="Head")


def test_letters_are_sent_once_and_stay_as_they_were(scene: Scene, run_jobs: RunJobs) -> None:
    scene.tell()
    with pytest.raises(IllegalStep):
        scene.act(scene.lead, RUNS, letters.send)
    assert run_jobs() > 0
    with scene.operating() as session:
        round_ = session.get_one(Round, scene.round.id)
        assert round_.standstill_until is not None
        assert round_.standstill_until.isoformat() == "2027-01-06T00:00:00+00:00"
        told = session.scalars(select(Notice).where(Notice.kind == "outcome")).all()
        assert {notice.organisation_id for notice in told} == {
            provider.id for provider in scene.providers.values()
        }
        sent = session.scalars(select(OutcomeLetter).order_by(OutcomeLetter.id)).first()
        assert sent is not None
        pdf = letter_pdf(sent.letter, sent.sent_at)
    assert pdf == letter_pdf(sent.letter, sent.sent_at), "the same letter, the same bytes"
    assert b"/MarkInfo" in pdf, "tagged"


def test_nobody_signs_too_early_twice_or_out_of_turn(scene: Scene) -> None:
    scene.tell()
    millstone, larkspur = scene.providers["Millstone"], scene.providers["Larkspur"]
    with pytest.raises(NotNow, match="It lasts until the end of 5 January 2027"):
        scene.act(millstone, ADMINISTRATOR, signing.sign, signed_as="Director")
    with pytest.raises(NotNow, match="The standstill is not over"):
        scene.act(scene.lead, RUNS, signing.conclude, starts_on=STARTS, without_unsigned=True)
    scene.clock(AFTER)
    with pytest.raises(NotFound):
        scene.act(larkspur, ADMINISTRATOR, signing.sign, signed_as="Director")
    with pytest.raises(NotNow, match="Millstone signs first"):
        scene.act(scene.lead, RUNS, signing.countersign, provider_id=millstone.id, signed_as="Head")
    answer = scene.by(millstone, Role.BIDS).post(f"/outcomes/{scene.round.id}/sign")
    assert answer.status_code == 403, "only somebody who may sign"
    signed(scene, "Millstone")
    with pytest.raises(NotNow, match="signed already"):
        scene.act(millstone, ADMINISTRATOR, signing.sign, signed_as="Director")
    with pytest.raises(NotNow, match="countersigned already"):
        scene.act(scene.lead, RUNS, signing.countersign, provider_id=millstone.id, signed_as="Head")


def test_a_round_is_concluded_with_what_is_wholly_signed(scene: Scene) -> None:
    scene.tell()
    scene.clock(AFTER)
    signed(scene, "Millstone")
    with pytest.raises(Forbidden):
        scene.act(
            scene.councils[1], RUNS, signing.conclude, starts_on=STARTS, without_unsigned=True
        )
    with scene.operating() as session:
        before = make_place(
            session, category=scene.category, provider=scene.providers["Millstone"],
            price="3000.00", state=PlaceState.RESERVE,
        )  # fmt: skip
    page = "agreements/conclude"
    day = {"starts_on-day": "1", "starts_on-month": "2", "starts_on-year": "2027"}
    waits = scene.send(scene.lead, RUNS, page, day)
    assert waits.status_code == 422
    assert "Not wholly signed yet: Nettlewood." in waits.text
    early = scene.send(
        scene.lead, RUNS, page, {**day, "starts_on-day": "5", "starts_on-month": "1"}
    )
    assert early.status_code == 422
    assert "Places start from 6 January 2027 to 31 August 2029" in early.text
    done = scene.send(scene.lead, RUNS, page, {**day, "without_unsigned": "y"})
    assert done.status_code == 303
    with scene.operating() as session:
        (place,) = session.scalars(select(Place)).all()
        assert (place.id, place.state, place.rank) == (before.id, PlaceState.ACTIVE, 1)
        prices = session.scalars(select(PlacePrice).order_by(PlacePrice.starts_on)).all()
        assert [(price.price, price.starts_on) for price in prices] == [
            (Money.pounds("3000"), before.starts_on), (Money.pounds("3454"), STARTS),
        ]  # fmt: skip
        (change,) = session.scalars(select(PlaceChange)).all()
        assert change.on_day == STARTS
    nettlewood = scene.by(scene.providers["Nettlewood"], Role.BIDS)
    assert "what you were awarded has lapsed" in nettlewood.get(f"/outcomes/{scene.round.id}").text


def test_a_signature_and_a_letter_are_never_changed(scene: Scene) -> None:
    scene.tell()
    scene.clock(AFTER)
    millstone = scene.providers["Millstone"]
    scene.act(millstone, ADMINISTRATOR, signing.sign, signed_as="Director")
    for change in (
        update(Signature).values(signed_as="Cleaner"),
        update(OutcomeLetter).values(sent_by_name="Somebody else"),
        delete(Signature),
    ):
        with (
            pytest.raises(DBAPIError, match="append-only"),
            scene.operating() as session,
        ):
            session.execute(change.execution_options(synchronize_session=False))
