"""Every list of an evaluation costs the same for three applications and for nine."""

from __future__ import annotations

from sqlalchemy import select

from portal.frameworks.applications.opened import Bid, BidPrice, OpenedAnswer
from portal.frameworks.evaluation.deciding.models import Award
from portal.frameworks.evaluation.letters.models import OutcomeLetter
from portal.frameworks.evaluation.rules import Outcome
from portal.identity.rules import Role
from portal.kernel.money import Money
from tests.frameworks.evaluation.scene import SENT, Scene
from tests.makers import make_evidence, make_provider, make_submission
from tests.support.visits import counting

PAGES = ("evaluation", "compliance", "moderation", "decisions", "letters", "agreements")


def test_lists_cost_the_same_for_three_applications_and_for_nine(scene: Scene) -> None:
    scene.tell()
    before = statements(scene)
    for number in range(6):
        add_another(scene, f"Provider {number}")
    assert statements(scene) == before


def statements(scene: Scene) -> dict[str, int]:
    """How many statements each page takes, once it was opened before."""
    asked = {page: (scene.lead, Role.COMMISSIONER, page) for page in PAGES}
    asked["scoring"] = (scene.lead, Role.EVALUATOR, "scoring")
    asked["category"] = (scene.lead, Role.COMMISSIONER, f"decisions/{scene.category.id}")
    counts = {}
    for name, page in asked.items():
        scene.open(*page)
        with counting(scene.app) as sent:
            answer = scene.open(*page)
        assert answer.status_code == 200
        counts[name] = len(sent)
    return counts


def add_another(scene: Scene, name: str) -> None:
    """One more opened bid, with a place and its letter."""
    with scene.operating() as session:
        provider = make_provider(session, name=name)
        make_evidence(session, provider=provider)
        submission = make_submission(session, round_=scene.round, provider=provider)
        parties = {
            "round_id": scene.round.id,
            "framework_id": scene.framework.id,
            "lead_council_id": scene.lead.id,
            "provider_id": provider.id,
        }
        of_submission = {
            **parties,
            "submission_id": submission.id,
            "application_id": submission.application_id,
        }
        bid = Bid(**of_submission, category_id=scene.category.id)
        session.add(bid)
        session.flush()
        session.add(BidPrice(**parties, bid_id=bid.id, price=Money.pounds("3500")))
        for version in scene.questions:
            session.add(OpenedAnswer(**of_submission, question_version_id=version.id, answer="yes"))
        session.add(
            Award(
                **parties, bid_id=bid.id, category_id=scene.category.id, outcome=Outcome.PLACE,
                rank=4, quality=0, price=0, reason="One more", at=SENT, by_name="",
                by_id=scene.people[scene.lead.id, Role.COMMISSIONER].id,
            )
        )  # fmt: skip
        like = session.scalars(select(OutcomeLetter).order_by(OutcomeLetter.id)).first()
        assert like is not None
        session.add(OutcomeLetter(**parties, content=like.content, sent_by_name="", sent_at=SENT))
