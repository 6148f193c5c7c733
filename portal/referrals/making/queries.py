"""What a referral can be for, and who can be sent it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from portal.evidence.queries import pieces_begun
from portal.evidence.rules import NEEDED_TO_DELIVER, EvidenceKind, Piece
from portal.frameworks.lots.demands.queries import asked_in
from portal.frameworks.models import Category, Framework, FrameworkCouncil, Lot, Place, PlacePrice
from portal.frameworks.rules import in_force
from portal.identity.models import Organisation
from portal.identity.rules import OrganisationKind
from portal.kernel.errors import NotFound
from portal.referrals.capacity.models import PlaceCapacity
from portal.referrals.eligibility import Asked, Candidate, left_out_because, ranked
from portal.referrals.models import Referral
from portal.referrals.occupancy import taken
from portal.referrals.rules import Route


@dataclass(frozen=True, slots=True)
class Excluded:
    """A provider that cannot be sent a referral, and why, in sentences."""

    candidate: Candidate
    because: str


@dataclass(frozen=True, slots=True)
class Field:
    """Who can be sent a referral, in the order of the ranking, and who cannot."""

    eligible: list[Candidate]
    left_out: list[Excluded]


def categories(session: Session, council_id: UUID, today: date) -> list[Category]:
    """The categories that a council can buy from today, each with its framework."""
    return list(
        session.scalars(
            select(Category)
            .join(Framework, Framework.id == Category.framework_id)
            .join(FrameworkCouncil, FrameworkCouncil.framework_id == Framework.id)
            .where(
                FrameworkCouncil.council_id == council_id,
                Framework.starts_on <= today,
                Framework.ends_on >= today,
            )
            .options(joinedload(Category.lot).joinedload(Lot.framework))
            .order_by(Framework.title, Framework.id, Category.code)
        )
    )


def bands(session: Session, category_id: UUID) -> list[str]:
    """The bands that a category's places have prices for; none where each has only one price."""
    found = session.scalars(
        select(PlacePrice.band)
        .join(Place, Place.id == PlacePrice.place_id)
        .where(Place.category_id == category_id, PlacePrice.band != "")
        .distinct()
        .order_by(PlacePrice.band)
    )
    return list(found)


def field_of(session: Session, referral: Referral, today: date) -> Field:
    """Everybody who could deliver a referral, parted by whether they can be sent it.

    For quotes these are all the providers that the council knows, else those with a place in the
    category. Six statements, however many they are.
    """
    covers = asked_in(session, referral.category_id)
    candidates = (
        _known(session, covers, today)
        if referral.route is Route.QUOTES
        else _placed(session, referral, covers, today)
    )
    asked = Asked(
        starts_on=referral.starts_on,
        covers=covers,
        emergency=referral.emergency,
        outside_area=referral.outside_area,
        specialist=referral.specialist,
        quotes=referral.route is Route.QUOTES,
    )
    eligible, left_out = [], []
    for one in candidates:
        if reasons := left_out_because(one, asked, today):
            left_out.append(Excluded(one, " ".join(reasons)))
        else:
            eligible.append(one)
    return Field(ranked(eligible), sorted(left_out, key=lambda one: one.candidate.name))


def get_draft(session: Session, referral_id: UUID, *, to_change: bool = False) -> Referral:
    """A referral for the council that makes it, with whom it is for; to change it, held as it is.

    Raises NotFound.
    """
    statement = (
        select(Referral)
        .where(Referral.id == referral_id)
        .options(joinedload(Referral.category), joinedload(Referral.young_person))
    )
    if to_change:
        statement = statement.with_for_update(of=Referral)
    found = session.scalars(statement).first()
    if found is None:
        raise NotFound
    return found


def _known(session: Session, kinds: Collection[EvidenceKind], today: date) -> list[Candidate]:
    providers = session.execute(
        select(Organisation.id, Organisation.name)
        .where(Organisation.kind == OrganisationKind.PROVIDER)
        .order_by(Organisation.name, Organisation.id)
    ).all()
    pieces = pieces_begun(session, [provider_id for provider_id, _ in providers], kinds, today)
    return [
        Candidate(provider_id, name, _counting(pieces[provider_id]))
        for provider_id, name in providers
    ]


def _placed(
    session: Session, referral: Referral, kinds: Collection[EvidenceKind], today: date
) -> list[Candidate]:
    newest = _newest_places(session, referral.category_id)
    ids = [place.id for place in newest]
    prices: dict[UUID, list[PlacePrice]] = {}
    for dated in session.scalars(
        select(PlacePrice)
        .where(PlacePrice.place_id.in_(ids), PlacePrice.band == referral.band)
        .order_by(PlacePrice.starts_on)
    ):
        prices.setdefault(dated.place_id, []).append(dated)
    capacities = {
        one.place_id: one
        for one in session.scalars(select(PlaceCapacity).where(PlaceCapacity.place_id.in_(ids)))
    }
    counts = taken(session, ids, today)
    pieces = pieces_begun(session, [place.provider_id for place in newest], kinds, today)
    found = []
    for place in newest:
        price = in_force(prices.get(place.id, []), referral.starts_on)
        capacity = capacities.get(place.id)
        found.append(
            Candidate(
                provider_id=place.provider_id,
                name=place.provider.name,
                evidence=_counting(pieces[place.provider_id]),
                place_id=place.id,
                state=place.state,
                starts_on=place.starts_on,
                ends_on=place.ends_on,
                rank=place.rank,
                price=price.price if price else None,
                most=capacity.most if capacity else None,
                taken=counts[place.id],
                selected=_selected(capacity),
            )
        )
    return found


def _newest_places(session: Session, category_id: UUID) -> list[Place]:
    """Each provider's newest place in a category."""
    places = session.scalars(
        select(Place)
        .join(Place.provider)
        .where(Place.category_id == category_id)
        .options(contains_eager(Place.provider))
        .order_by(Place.starts_on, Place.id)
    )
    return list({place.provider_id: place for place in places}.values())


def _counting(pieces: dict[EvidenceKind, list[Piece]]) -> dict[EvidenceKind, list[Piece]]:
    """What is looked at: the insurances, and of the rest what was given.

    What was never given here was judged when the provider was appointed.
    """
    return {kind: pieces.get(kind, []) for kind in (*NEEDED_TO_DELIVER, *pieces)}


def _selected(capacity: PlaceCapacity | None) -> frozenset[str]:
    if capacity is None:
        return frozenset()
    flags = {
        "emergency": capacity.emergencies,
        "outside_area": capacity.outside_area,
        "specialist": capacity.specialist,
    }
    return frozenset(flag for flag, chosen in flags.items() if chosen)
