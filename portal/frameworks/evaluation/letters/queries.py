"""The letters of a round: as they would be sent now, and as they were sent."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.frameworks.evaluation.deciding.queries import marks
from portal.frameworks.evaluation.letters.models import OutcomeLetter
from portal.frameworks.evaluation.letters.rules import (
    CategoryOutcome,
    Letter,
    category_outcome,
    letter_date,
    opening_sentence,
    standstill_words,
)
from portal.frameworks.lots.queries import terms_of
from portal.frameworks.models import FrameworkCouncil
from portal.frameworks.rounds.models import Round
from portal.identity.models import Organisation
from portal.kernel.errors import NotFound
from portal.kernel.keyset import Page, page_of
from portal.kernel.local_time import local_date
from portal.kernel.wording import say_list


@dataclass(frozen=True, slots=True)
class Addressed:
    """A letter with the provider that it is for, and the moment it was or would be sent."""

    provider: Organisation
    letter: Letter
    at: datetime


def drafted(session: Session, round_: Round, at: datetime) -> list[Addressed]:
    """The letters as they would be sent at that moment, by provider; constant statements."""
    outcomes: defaultdict[UUID, list[CategoryOutcome]] = defaultdict(list)
    for found in marks(session, round_, local_date(at)):
        for one in found.bids:
            if (award := one.award) is None:
                continue
            outcomes[one.bid.provider_id].append(
                category_outcome(
                    code=found.category.code,
                    title=found.category.title,
                    outcome=award.outcome,
                    rank=award.rank,
                    of=one.of,
                    tier=award.tier,
                    reason=award.reason,
                    quality=award.quality,
                    price=award.price,
                    lines=one.lines,
                )
            )
    councils = councils_of(session, round_.framework_id)
    lead = next(one.name for one in councils if one.id == round_.lead_council_id)
    days = terms_of(session, round_.framework_id).standstill_days
    until, counted = standstill_words(at, days)
    providers = session.scalars(
        select(Organisation)
        .where(Organisation.id.in_(outcomes))
        .order_by(Organisation.name, Organisation.id)
    )
    return [
        Addressed(
            provider,
            Letter(
                council=lead,
                councils=say_list([one.name for one in councils]),
                provider=provider.legal_name,
                address=[provider.street, provider.city, provider.postcode],
                framework=round_.framework.title,
                round=round_.title,
                date=letter_date(at),
                opening=opening_sentence(round_.title, outcomes[provider.id]),
                standstill=until,
                counted=counted,
                categories=outcomes[provider.id],
            ),
            at,
        )
        for provider in providers
    ]


def letters_of(session: Session, round_: Round, at: datetime) -> list[Addressed]:
    """The letters of a round by provider: as they were sent, else as they would be now."""
    if round_.standstill_until is None:
        return drafted(session, round_, at)
    sent = session.execute(
        select(OutcomeLetter, Organisation)
        .join(Organisation, Organisation.id == OutcomeLetter.provider_id)
        .where(OutcomeLetter.round_id == round_.id)
        .order_by(Organisation.name, Organisation.id)
    )
    return [Addressed(provider, one.letter, one.sent_at) for one, provider in sent]


def letter_of(session: Session, round_: Round, provider_id: UUID, at: datetime) -> Addressed:
    """The letter to one provider. Raises NotFound."""
    for one in letters_of(session, round_, at):
        if one.provider.id == provider_id:
            return one
    raise NotFound


def sent_letter(session: Session, round_id: UUID, provider_id: UUID) -> OutcomeLetter:
    """The letter that a provider was sent, with its round. Raises NotFound before that."""
    found = session.scalars(
        select(OutcomeLetter)
        .where(OutcomeLetter.round_id == round_id, OutcomeLetter.provider_id == provider_id)
        .options(joinedload(OutcomeLetter.round).joinedload(Round.framework))
    ).first()
    if found is None:
        raise NotFound
    return found


def letters_to(session: Session, provider_id: UUID, *, cursor: str | None) -> Page[OutcomeLetter]:
    """A provider's letters, the newest first, each with its round and framework."""
    statement = (
        select(OutcomeLetter)
        .where(OutcomeLetter.provider_id == provider_id)
        .options(joinedload(OutcomeLetter.round).joinedload(Round.framework))
    )
    return page_of(
        session,
        statement,
        OutcomeLetter.sent_at,
        OutcomeLetter.id,
        cursor=cursor,
        descending=True,
    )


def councils_of(session: Session, framework_id: UUID) -> list[Organisation]:
    """The framework's councils, the lead first."""
    found = session.execute(
        select(Organisation, FrameworkCouncil.lead_council_id)
        .join(FrameworkCouncil, FrameworkCouncil.council_id == Organisation.id)
        .where(FrameworkCouncil.framework_id == framework_id)
        .order_by(Organisation.name, Organisation.id)
    ).all()
    return [council for council, lead in sorted(found, key=lambda row: row[0].id != row[1])]
