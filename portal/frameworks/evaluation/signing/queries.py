"""What each provider was awarded in a round, and who has signed for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from portal.frameworks.applications.opened import Bid
from portal.frameworks.evaluation.deciding.models import Award
from portal.frameworks.evaluation.letters.queries import councils_of
from portal.frameworks.evaluation.rules import Outcome
from portal.frameworks.evaluation.signing.models import Signature
from portal.frameworks.evaluation.signing.rules import Signed, Standing
from portal.frameworks.models import Category, Place
from portal.frameworks.rounds.models import Round
from portal.frameworks.rules import PlaceState
from portal.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Agreed:
    """What one provider was awarded, with the standing of its signatures."""

    awards: tuple[Award, ...]
    standing: Standing

    @property
    def lapsed(self) -> bool:
        """Whether its awards lapsed unsigned."""
        return all(award.lapsed_at is not None for award in self.awards)


def agreements(session: Session, round_: Round) -> list[Agreed]:
    """Each provider that won something, by name, with its awards; constant statements."""
    awards: defaultdict[UUID, list[Award]] = defaultdict(list)
    for award in session.scalars(
        select(Award)
        .join(Award.category)
        .where(Award.round_id == round_.id, Award.outcome != Outcome.NONE)
        .options(
            contains_eager(Award.category),
            joinedload(Award.provider),
            joinedload(Award.bid).selectinload(Bid.prices),
        )
        .order_by(Category.code, Award.rank, Award.id)
    ):
        awards[award.provider_id].append(award)
    signatures: defaultdict[UUID, list[Signed]] = defaultdict(list)
    for one in session.scalars(
        select(Signature)
        .where(Signature.round_id == round_.id)
        .order_by(Signature.at, Signature.id)
    ):
        signatures[one.provider_id].append(
            Signed(one.organisation_id, one.organisation_name, one.name, one.signed_as, one.at)
        )
    councils = tuple((one.id, one.name) for one in councils_of(session, round_.framework_id))
    found = [
        Agreed(
            tuple(won),
            Standing(provider_id, won[0].provider.name, councils, tuple(signatures[provider_id])),
        )
        for provider_id, won in awards.items()
    ]
    return sorted(found, key=lambda one: (one.standing.provider, one.standing.provider_id))


def agreement_with(session: Session, round_: Round, provider_id: UUID) -> Agreed:
    """One provider's. Raises NotFound where it won nothing."""
    for one in agreements(session, round_):
        if one.standing.provider_id == provider_id:
            return one
    raise NotFound


def standing_places(session: Session, framework_id: UUID) -> dict[tuple[UUID, UUID], Place]:
    """The places of a framework that have not ended, by category and provider."""
    places: Sequence[Place] = session.scalars(
        select(Place)
        .where(Place.framework_id == framework_id, Place.state != PlaceState.ENDED)
        .options(selectinload(Place.prices))
        .order_by(Place.starts_on, Place.id)
    ).all()
    return {(place.category_id, place.provider_id): place for place in places}
