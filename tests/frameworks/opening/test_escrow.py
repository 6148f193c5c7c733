"""The escrow's key: made, drilled, and used with one opener; alone or early it opens nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import select

from portal.frameworks.applications.opened import Bid
from portal.frameworks.opening.escrow.files import write
from portal.frameworks.opening.events import Event
from portal.frameworks.opening.models import EscrowKey
from portal.frameworks.opening.queries import newest_escrow_key
from portal.frameworks.opening.rules import WhyNot
from portal.frameworks.rounds.models import EscrowShare
from portal.frameworks.sealing.boxes import KeyPair
from tests.frameworks.opening.scene import Scene
from tests.makers.rounds import PHRASE, escrow_pair


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """The file of the escrow key that the makers' rounds are sealed to."""
    path = tmp_path / "escrow.key"
    write(path, escrow_pair(), PHRASE)
    return path


def run(scene: Scene, *arguments: str, phrase: str = PHRASE, reason: str = "A drill") -> Result:
    given = [*arguments, "--reason", reason, "--phrase", phrase]
    return scene.app.test_cli_runner().invoke(args=given)


def refused(scene: Scene) -> list[str]:
    return [one.details["why"] for one in scene.events(Event.ESCROW_REFUSED)]


def test_a_key_is_made_in_a_file_and_seals_new_rounds(scene: Scene, tmp_path: Path) -> None:
    path = tmp_path / "new.key"
    weak = run(scene, "escrow-make", str(path), phrase="short")
    assert weak.exit_code == 1 and not path.exists()
    done = run(scene, "escrow-make", str(path))
    assert done.exit_code == 0, done.output
    assert path.stat().st_mode & 0o077 == 0, "its owner's alone"
    with scene.operating() as session:
        newest = newest_escrow_key(session)
        assert newest is not None and newest.public_key.hex() in path.read_text()
    again = run(scene, "escrow-make", str(path))
    assert again.exit_code == 1 and "Nothing was written" in again.output
    assert len(scene.events(Event.ESCROW_MADE)) == 1


def test_a_drill_tries_every_share_that_waits_and_opens_nothing(scene: Scene, key: Path) -> None:
    scene.submit()
    with scene.operating() as session:
        before = session.scalars(select(EscrowKey)).one().drilled_at
    done = run(scene, "escrow-drill", str(key))
    assert done.exit_code == 0 and "opens 1 share of rounds that wait" in done.output
    assert not scene.is_opened()
    with scene.operating() as session:
        assert session.scalars(select(EscrowKey)).one().drilled_at > before
        session.scalars(select(EscrowShare)).one().share = b"altered"
    failed = run(scene, "escrow-drill", str(key))
    assert failed.exit_code == 1 and "does not open the share" in failed.output
    assert len(scene.events(Event.ESCROW_DRILLED)) == 1


def test_a_drill_refuses_a_foreign_key_and_a_wrong_pass_phrase(
    scene: Scene, key: Path, tmp_path: Path
) -> None:
    foreign = tmp_path / "foreign.key"
    write(foreign, KeyPair.new(), PHRASE)
    assert "not an escrow key of this portal" in run(scene, "escrow-drill", str(foreign)).output
    assert "not the pass phrase" in run(scene, "escrow-drill", str(key), phrase="x").output
    (tmp_path / "no.key").write_text("placewell")
    assert "not an escrow key" in run(scene, "escrow-drill", str(tmp_path / "no.key")).output


def test_it_opens_nothing_early_or_alone(scene: Scene, key: Path) -> None:
    scene.submit()
    early = run(scene, "escrow-open", str(scene.round.id), str(key))
    assert early.exit_code == 1 and "Nobody can open it before" in early.output
    scene.close()
    alone = run(scene, "escrow-open", str(scene.round.id), str(key))
    assert alone.exit_code == 1 and "opens nothing alone" in alone.output
    assert not scene.is_opened()
    assert refused(scene) == [WhyNot.TOO_EARLY, WhyNot.NO_SHARE]


def test_with_one_opener_it_stands_in_for_the_other(scene: Scene, key: Path) -> None:
    scene.submit()
    scene.close()
    scene.give(scene.openers[1])
    done = run(scene, "escrow-open", str(scene.round.id), str(key), reason="One is on leave")
    assert done.exit_code == 0, done.output
    assert scene.is_opened() and scene.count(Bid) == 1
    (used,) = scene.events(Event.ESCROW_USED)
    assert used.council_id == scene.council.id and used.details["reason"] == "One is on leave"
    again = run(scene, "escrow-open", str(scene.round.id), str(key))
    assert again.exit_code == 1 and "was opened on" in again.output


def test_another_key_does_not_open_it(scene: Scene, tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.key"
    write(foreign, KeyPair.new(), PHRASE)
    scene.close()
    scene.give(scene.openers[0])
    answer = run(scene, "escrow-open", str(scene.round.id), str(foreign))
    assert answer.exit_code == 1 and "does not open this round" in answer.output
    assert refused(scene) == [WhyNot.NOT_ITS_KEY]
    assert not scene.is_opened()
