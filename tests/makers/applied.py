"""What was submitted to a council's rounds: sealed in one that is open, read in one that was
opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from portal.frameworks.applications.models import Submission
from portal.frameworks.rounds.models import EscrowShare, Round, RoundOpener
from portal.frameworks.sealing.boxes import seal
from portal.identity.models import Organisation, Person
from tests.makers.announced import AT, Advertised
from tests.makers.parties import make_person, make_provider
from tests.makers.questions import make_question
from tests.makers.rounds import (
    escrow_pair,
    make_open_round,
    make_opener,
    make_opener_key,
    make_submission,
    open_it,
)
from tests.makers.rows import add


@dataclass(frozen=True)
class Applied:
    """A round that was opened, with what one provider and a rival of it submitted.

    The rival has submitted to the open round, too, of which nobody may learn.
    """

    round: Round
    provider: Organisation
    rival: Organisation
    submission: Submission
    of_rival: Submission
    sealed: Submission

    @property
    def bidders(self) -> set[UUID]:
        """Whoever's bids were opened."""
        return {self.provider.id, self.rival.id}


def make_applied(
    session: Session,
    *,
    advertised: Advertised,
    commissioner: Person,
    second: Person,
    bidder: Person,
) -> Applied:
    """A round of the advertised framework that closed three weeks ago; its provider and a rival."""
    council = session.get_one(Organisation, advertised.framework.lead_council_id)
    rival = make_provider(session, name="Ottermere Homes")
    of_rival = make_person(session, organisation=rival, roles=[])
    round_ = make_open_round(
        session, framework=advertised.framework, made_by=commissioner,
        openers=[commissioner, second], title="Winter applications",
        opens_at=AT - timedelta(days=60), closes_at=AT - timedelta(days=20),
    )  # fmt: skip
    asks = make_question(session, round_=round_, code="approach")
    said = {asks.id: "We meet each young person where they are."}
    submission, other = (
        make_submission(
            session, round_=round_, provider=provider, by=by, prices={"1a": price}, answers=said
        )
        for provider, by, price in (
            (advertised.provider, bidder, "41.50"),
            (rival, of_rival, "43.75"),
        )
    )
    open_it(session, round_)
    sealed = make_submission(session, round_=advertised.round, provider=rival, by=of_rival)
    make_opener(session, round_=advertised.draft, person=commissioner, council=council)
    return Applied(round_, advertised.provider, rival, submission, other, sealed)


def make_named(
    session: Session, *, round_: Round, council: Organisation, person: Person
) -> RoundOpener:
    """Somebody with a key who is named to open a round, and a share of it in escrow."""
    make_opener_key(session, person=person, council=council)
    add(
        session,
        EscrowShare(
            round_id=round_.id,
            framework_id=round_.framework_id,
            lead_council_id=round_.lead_council_id,
            share=seal(round_.id.bytes, to=escrow_pair().public),
            escrow_public_key=escrow_pair().public,
        ),
    )
    return make_opener(session, round_=round_, person=person, council=council)
