"""An opened round with everything that its evaluation leaves behind, up to the signatures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.frameworks.applications.models import Application, ApplicationFile
from portal.frameworks.applications.opened import Bid, OpenedAnswer
from portal.frameworks.evaluation.deciding.models import Award, Reopening
from portal.frameworks.evaluation.letters.models import OutcomeLetter
from portal.frameworks.evaluation.letters.queries import drafted
from portal.frameworks.evaluation.models import ComplianceCheck, Consensus, Evaluator, Score
from portal.frameworks.evaluation.rules import Duty, Outcome, standstill_ends
from portal.frameworks.evaluation.signing.models import Signature
from portal.frameworks.questions.models import Question
from portal.frameworks.rounds.models import Round
from portal.identity.models import Organisation, Person
from tests.makers.applications import make_application_file
from tests.makers.files import make_stored_file
from tests.makers.frameworks import make_category, make_framework
from tests.makers.lots import make_set_up
from tests.makers.parties import make_council, make_person
from tests.makers.questions import make_question
from tests.makers.rounds import make_open_round, make_submission, open_it
from tests.makers.rows import add, numbers


@dataclass(frozen=True)
class Evaluated:
    """A round in its standstill, once its decisions stood after somebody asked to open them again;
    its evaluator has a score, its one moderator a consensus.

    ``file`` was submitted; ``left_out`` was sent to the same question, and not submitted.
    """

    round: Round
    application: Application
    provider: Organisation
    evaluator: Evaluator
    moderator: Evaluator
    award: Award
    letter: OutcomeLetter
    file: ApplicationFile
    left_out: ApplicationFile
    reopening: Reopening


def make_evaluated(
    session: Session,
    *,
    round_: Round,
    provider: Organisation,
    council: Organisation,
    evaluator: Person,
    moderator: Person,
    commissioner: Person,
    signs: Person,
    at: datetime,
) -> Evaluated:
    """Take an opened round to a standstill of ten working days that began at that moment.

    Everybody who bid has a place; the provider has signed.
    """
    scores = make_evaluator(session, round_=round_, person=evaluator, council=council, at=at)
    moderates = make_evaluator(
        session, round_=round_, person=moderator, council=council, duty=Duty.MODERATOR, at=at
    )
    question = session.scalars(
        select(Question).where(Question.round_id == round_.id).order_by(Question.position)
    ).first()
    assert question is not None
    bids = session.scalars(select(Bid).where(Bid.round_id == round_.id).order_by(Bid.id)).all()
    awards = {}
    for bid in bids:
        of_application = {
            "application_id": bid.application_id,
            "round_id": round_.id,
            "framework_id": round_.framework_id,
            "lead_council_id": round_.lead_council_id,
            "provider_id": bid.provider_id,
        }
        add(session, ComplianceCheck(
            **of_application, part="evidence:public-liability", passed=True,
            by_id=commissioner.id, by_name=commissioner.name, at=at,
        ))  # fmt: skip
        said = {"question_id": question.id, "score": 4, "reason": "Clear and well shown", "at": at}
        add(session, Score(
            **of_application, **said, council_id=council.id, person_id=evaluator.id,
        ))  # fmt: skip
        add(session, Consensus(**of_application, **said, person_id=moderator.id))
        awards[bid.provider_id] = add(session, Award(
            bid_id=bid.id, round_id=round_.id, framework_id=round_.framework_id,
            lead_council_id=round_.lead_council_id, provider_id=bid.provider_id,
            category_id=bid.category_id, outcome=Outcome.PLACE, rank=1, tier=None, quality=0,
            price=4000, reason="Ranked 1.", by_id=commissioner.id, by_name=commissioner.name,
            at=at,
        ))  # fmt: skip
    round_.evaluating_at = round_.moderated_at = round_.decided_at = at
    session.flush()
    of_round = {
        "round_id": round_.id,
        "framework_id": round_.framework_id,
        "lead_council_id": round_.lead_council_id,
    }
    letters = {
        one.provider.id: add(session, OutcomeLetter(
            **of_round, provider_id=one.provider.id, content=dict(one.letter),
            sent_by_name=commissioner.name, sent_at=at,
        ))
        for one in drafted(session, round_, at)
    }  # fmt: skip
    reopening = add(session, Reopening(
        **of_round, reason="One score may be a slip", asked_by_id=commissioner.id,
        asked_by_name=commissioner.name, asked_at=at, refused_at=at,
    ))  # fmt: skip
    round_.standstill_until = standstill_ends(at, 10)
    add(session, Signature(
        **of_round, provider_id=provider.id, organisation_id=provider.id,
        organisation_name=provider.name, person_id=signs.id, name=signs.name,
        signed_as="Director", at=at,
    ))  # fmt: skip
    own = next(bid for bid in bids if bid.provider_id == provider.id)
    application = session.get_one(Application, own.application_id)
    file, left_out = (
        make_application_file(
            session, application=application, question=question,
            file=make_stored_file(session, provider=provider, name=name),
        )
        for name in ("Approach.pdf", "Approach, first try.pdf")
    )  # fmt: skip
    answer = session.scalars(
        select(OpenedAnswer).where(OpenedAnswer.application_id == application.id)
    ).one()
    answer.file_id = file.file_id
    return Evaluated(
        round_, application, provider, scores, moderates, awards[provider.id],
        letters[provider.id], file, left_out, reopening,
    )  # fmt: skip


def make_elsewhere(session: Session, *, bidder: Organisation, at: datetime) -> Evaluated:
    """The same of a council that deals with nobody else, and of one provider's bid to it."""
    council = make_council(session, name="Dunlin Council")
    first, second, third = (make_person(session, organisation=council, roles=[]) for _ in range(3))
    framework = make_framework(session, lead=council, title="Homes elsewhere")
    make_category(session, framework=framework)
    make_set_up(session, framework=framework, by=first)
    round_ = make_open_round(
        session, framework=framework, made_by=first, openers=[first, second],
        opens_at=at - timedelta(days=60), closes_at=at - timedelta(days=20),
    )  # fmt: skip
    asks = make_question(session, round_=round_)
    by = make_person(session, organisation=bidder, roles=[])
    make_submission(session, round_=round_, provider=bidder, by=by, answers={asks.id: "yes"})
    open_it(session, round_)
    return make_evaluated(
        session, round_=round_, provider=bidder, council=council, evaluator=second,
        moderator=third, commissioner=first, signs=by, at=at,
    )  # fmt: skip


def make_evaluator(
    session: Session,
    *,
    round_: Round,
    person: Person,
    council: Organisation,
    duty: Duty = Duty.EVALUATOR,
    at: datetime,
) -> Evaluator:
    """Somebody's part in a round, without a conflict and done."""
    evaluates = duty is Duty.EVALUATOR
    return add(
        session,
        Evaluator(
            round_id=round_.id,
            person_id=person.id,
            framework_id=round_.framework_id,
            lead_council_id=round_.lead_council_id,
            council_id=council.id,
            duty=duty,
            name=person.name,
            mailbox=f"{next(numbers):064}",
            named_by_name="Robin Invented",
            named_at=at - timedelta(days=3),
            declared_at=at - timedelta(days=2),
            finished_at=at - timedelta(days=1) if evaluates else None,
            moderating_at=None if evaluates else at - timedelta(days=1),
        ),
    )
