"""A receipt is shown to its provider, kept as a file, and checked by whoever is given it."""

from __future__ import annotations

from urllib.parse import quote

from sqlalchemy import select

from portal.frameworks.applications.models import Submission
from portal.frameworks.applications.opened import BidPrice
from portal.frameworks.sealing.receipts import Receipt
from portal.identity.rules import Role
from portal.kernel.money import Money
from tests.frameworks.opening.scene import Scene
from tests.makers import make_person, make_provider
from tests.visiting import stranger


def line_of(submission: Submission) -> str:
    receipt = Receipt(submission.reference, submission.received_at, submission.digest)
    return receipt.line(submission.signature)


def checked(scene: Scene, line: str) -> str:
    """What anybody reads of a receipt."""
    answer = stranger(scene.app).get(f"/receipts/check?receipt={quote(line)}")
    assert answer.status_code == 200
    return answer.text


def open_round(scene: Scene) -> None:
    scene.close()
    for person in scene.openers:
        scene.give(person)
    assert scene.is_opened()


def test_the_provider_reads_and_keeps_it_and_nobody_else(scene: Scene) -> None:
    submission = scene.submit()
    browser = scene.browser(scene.bidder, scene.provider)
    page = browser.get(f"/receipts/{submission.id}")
    assert page.status_code == 200
    assert submission.reference in page.text and line_of(submission) in page.text
    assert "Sealed" in page.text and "41.50" not in page.text
    kept = browser.get(f"/receipts/{submission.id}/file")
    assert kept.headers["Content-Disposition"].startswith("attachment")
    assert kept.text.splitlines()[-1] == line_of(submission)
    assert "41.50" not in kept.text
    opener = scene.browser(scene.openers[0])
    assert opener.get(f"/receipts/{submission.id}").status_code == 403


def test_anybody_checks_it_and_learns_nothing_more(scene: Scene) -> None:
    submission = scene.submit()
    page = checked(scene, line_of(submission))
    assert "Signed by this portal" in page and "Nobody has read it" in page
    assert scene.provider.name not in page and scene.round.title not in page
    assert "Copy the whole line" in stranger(scene.app).get("/receipts/check").text


def test_what_the_portal_did_not_sign_is_said(scene: Scene) -> None:
    line = line_of(scene.submit())
    other = line.replace(line.split()[3], "0" * 64)
    assert "was not signed by this portal" in checked(scene, other)
    assert "is not a receipt" in checked(scene, "hello")
    assert "Enter a receipt" in checked(scene, "")


def test_after_opening_it_says_whether_the_bid_is_as_it_was_sent(scene: Scene) -> None:
    replaced, counts = scene.submit("43.00"), scene.submit("41.50")
    open_round(scene)
    assert "Opened as it was sent" in checked(scene, line_of(counts))
    assert "Never opened" in checked(scene, line_of(replaced))
    page = scene.browser(scene.bidder, scene.provider).get(f"/receipts/{counts.id}").text
    assert "Opened as it was sent" in page
    with scene.operating() as session:
        session.scalars(select(BidPrice)).one().price = Money.pounds("41.51")
    assert "Altered" in checked(scene, line_of(counts))


def test_a_submission_that_was_removed_or_changed_is_noticed(scene: Scene) -> None:
    submission = scene.submit()
    line = line_of(submission)
    with scene.operating() as session:
        session.get_one(Submission, submission.id).digest = "0" * 64
    assert "Altered" in checked(scene, line)
    with scene.operating() as session:
        session.delete(session.get_one(Submission, submission.id))
    assert "Altered" in checked(scene, line)


def test_another_provider_finds_nothing_there(scene: Scene) -> None:
    submission = scene.submit()
    with scene.operating() as session:
        rival = make_provider(session)
        person = make_person(session, organisation=rival, roles=[Role.BIDS], password=None)
    assert scene.browser(person, rival).get(f"/receipts/{submission.id}").status_code == 404
