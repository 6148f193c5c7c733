"""Changes of agreements: suspensions, endings, and what one side proposes to the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.agreements.changing.models import Ending
from portal.agreements.changing.rules import EndOutcome, EndReason, ProposalState
from portal.agreements.models import Agreement, Suspension
from portal.agreements.subcontractors.models import Subcontractor
from portal.agreements.transfers.models import SharedNote, Transfer
from portal.agreements.variations.models import Variation
from portal.identity.models import Organisation, Person
from portal.identity.rules import Role
from portal.kernel.ids import new_id
from portal.kernel.money import Money
from tests.makers.rows import add

PROPOSED_AT = datetime(2026, 4, 20, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Changes:
    """What was proposed about one agreement."""

    variation: Variation
    subcontractor: Subcontractor
    transfer: Transfer


def make_suspension(
    session: Session,
    *,
    agreement: Agreement,
    by: Person,
    starts_on: date,
    ends_on: date | None = None,
) -> Suspension:
    """Days on which an agreement stood still."""
    return add(
        session,
        Suspension(
            agreement_id=agreement.id,
            council_id=agreement.council_id,
            provider_id=agreement.provider_id,
            starts_on=starts_on,
            ends_on=ends_on,
            because="School holidays",
            suspended_by_id=by.id,
            suspended_by_name=by.name,
            suspended_at=PROPOSED_AT,
        ),
    )


def make_changes(
    session: Session,
    *,
    agreement: Agreement,
    council_person: Person,
    provider_person: Person,
    moves_to: Organisation,
) -> Changes:
    """An agreement with a past suspension, an ending, and a proposal of each kind, taken back."""
    make_suspension(
        session, agreement=agreement, by=council_person,
        starts_on=date(2026, 1, 12), ends_on=date(2026, 1, 16),
    )  # fmt: skip
    add(
        session,
        Ending(
            agreement_id=agreement.id,
            council_id=agreement.council_id,
            provider_id=agreement.provider_id,
            last_day=date(2027, 1, 31),
            reason=EndReason.AS_PLANNED,
            outcome=EndOutcome.PARTLY,
            words="Goes to lessons again",
            by_id=council_person.id,
            by_name=council_person.name,
            at=PROPOSED_AT,
        ),
    )
    variation = add(
        session,
        Variation(
            **_proposed(agreement, council_person, of_council=True),
            starts_on=date(2026, 7, 1),
            authorised_weekly=180,
        ),
    )
    subcontractor = add(
        session,
        Subcontractor(
            **_proposed(agreement, provider_person, of_council=False),
            name="Bramble Climbing",
            work="Climbing lessons",
            percentage=20,
            cost=Money.pounds("80.00"),
            starts_on=date(2026, 6, 1),
        ),
    )
    transfer = add(
        session,
        Transfer(
            **{**_proposed(agreement, council_person, of_council=True), "to_id": moves_to.id},
            place_id=agreement.place_id,
            category_id=agreement.category_id,
            unit=agreement.unit,
            price=Money.pounds("42.00"),
            last_day=date(2026, 6, 30),
        ),
    )
    add(
        session,
        SharedNote(
            transfer_id=transfer.id,
            council_id=transfer.council_id,
            to_id=transfer.to_id,
            provider_id=transfer.provider_id,
            session_id=new_id(),
            day=date(2026, 4, 1),
            minutes=120,
            summary="Went to the library",
        ),
    )
    return Changes(variation, subcontractor, transfer)


def make_world_changes(
    session: Session,
    *,
    agreements: Sequence[Agreement],
    people: Mapping[tuple[UUID, Role], Person],
    moves_to: Sequence[Organisation],
) -> dict[UUID, Changes]:
    """The changes of each agreement, by its id, each with the council that it was to move to."""
    return {
        agreement.id: make_changes(
            session,
            agreement=agreement,
            council_person=people[agreement.council_id, Role.REFERRER],
            provider_person=people[agreement.provider_id, Role.PROVIDER_ADMINISTRATOR],
            moves_to=council,
        )
        for agreement, council in zip(agreements, moves_to, strict=True)
    }


def _proposed(agreement: Agreement, by: Person, *, of_council: bool) -> dict[str, Any]:
    sides = (agreement.council_id, agreement.provider_id)
    from_id, to_id = sides if of_council else sides[::-1]
    return {
        "agreement_id": agreement.id,
        "council_id": agreement.council_id,
        "provider_id": agreement.provider_id,
        "from_id": from_id,
        "to_id": to_id,
        "state": ProposalState.WITHDRAWN,
        "because": "More hours before the exams",
        "proposed_by_id": by.id,
        "proposed_by_name": by.name,
        "proposed_at": PROPOSED_AT,
    }
