"""Signing and countersigning the agreement, and concluding the round with places and prices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Subject, record, record_all
from portal.frameworks.evaluation.events import Event, about
from portal.frameworks.evaluation.rules import places_may_start
from portal.frameworks.evaluation.signing.models import Signature
from portal.frameworks.evaluation.signing.places import give
from portal.frameworks.evaluation.signing.queries import (
    Agreed,
    agreement_with,
    agreements,
    standing_places,
)
from portal.frameworks.evaluation.steps import NotNow, during, led_by, locked
from portal.frameworks.rounds.models import Round
from portal.frameworks.rounds.rules import RoundState, Step, require
from portal.frameworks.rules import Unfit
from portal.identity.models import Organisation
from portal.identity.permissions import Permission
from portal.kernel.errors import Forbidden
from portal.kernel.wording import say_date, say_list
from portal.notices.actions import tell
from portal.notices.rules import NoticeKind


def sign(
    session: Session, actor: Actor, round_id: UUID, *, signed_as: str, at: datetime
) -> Signature:
    """The provider signs the agreement for everything that it was awarded.

    Each council is told. Raises NotFound where it was awarded nothing, NotNow before the
    standstill is over, after the round was concluded, and where it has signed already.
    """
    round_ = _standing_over(session, round_id, at)
    if actor.organisation_id is None:
        raise Forbidden
    agreed = agreement_with(session, round_, actor.organisation_id)
    if agreed.standing.by_provider is not None:
        raise NotNow("The agreement is signed already.")
    signature = _signature(session, actor, round_, actor.organisation_id, signed_as, at)
    for council_id, _ in agreed.standing.councils:
        tell(
            session,
            NoticeKind.EVALUATION,
            sentence=f"{agreed.standing.provider} signed the agreement of {round_.title}. "
            "Your council countersigns.",
            endpoint="signing.index",
            values={"opened_id": round_.id},
            organisation_id=council_id,
            permission=Permission.AWARD_COUNTERSIGN,
            at=at,
        )
    record(
        session, actor, Event.SIGNED, about(round_, provider_id=actor.organisation_id), at=at,
        signed_as=signed_as,
    )  # fmt: skip
    return signature


def countersign(
    session: Session,
    actor: Actor,
    round_id: UUID,
    provider_id: UUID,
    *,
    signed_as: str,
    at: datetime,
) -> Signature:
    """A council of the framework countersigns the agreement with one provider.

    Raises NotFound where it was awarded nothing, NotNow before the provider has signed, after
    the round was concluded, and where this council has signed already.
    """
    round_ = _standing_over(session, round_id, at)
    if actor.organisation_id is None:
        raise Forbidden
    agreed = agreement_with(session, round_, provider_id)
    if not agreed.standing.may_countersign(actor.organisation_id):
        raise NotNow(
            "Your council has countersigned already."
            if agreed.standing.by_provider
            else f"{agreed.standing.provider} signs first."
        )
    signature = _signature(session, actor, round_, provider_id, signed_as, at)
    record(
        session,
        actor,
        Event.COUNTERSIGNED,
        about(round_, council_id=actor.organisation_id, provider_id=provider_id),
        at=at,
        signed_as=signed_as,
    )
    return signature


def conclude(
    session: Session,
    actor: Actor,
    round_id: UUID,
    *,
    starts_on: date,
    without_unsigned: bool,
    at: datetime,
) -> Round:
    """Give every provider whose agreement is wholly signed its places, with the prices it bid.

    A place that stands already takes the new prices from ``starts_on``; its old ones stay. Awards
    that are not wholly signed lapse if ``without_unsigned``. Raises Forbidden for a partner
    council, IllegalStep in another state, NotNow before the standstill is over or while
    signatures are missing, Unfit for a day outside the framework's term or within the standstill.
    """
    round_ = locked(session, round_id)
    led_by(round_, actor)
    require(round_, Step.CONCLUDE, at)
    _standing_over(session, round_id, at)
    check_start(round_, starts_on)
    found = agreements(session, round_)
    unsigned = [one for one in found if not one.standing.complete]
    if unsigned and not without_unsigned:
        names = say_list([one.standing.provider for one in unsigned])
        raise NotNow(f"Not wholly signed yet: {names}.")
    for one in unsigned:
        for award in one.awards:
            award.lapsed_at = at
    _tell_lapsed(session, actor, round_, unsigned, at)
    places = standing_places(session, round_.framework_id)
    for one in found:
        if one.standing.complete:
            for award in one.awards:
                give(session, actor, award, places, starts_on, at)
            _tell_given(session, actor, round_, one, starts_on, at)
    round_.concluded_at = at
    session.flush()
    record(
        session, actor, Event.CONCLUDED, about(round_), at=at,
        starts_on=starts_on.isoformat(), lapsed=len(unsigned),
    )  # fmt: skip
    return round_


def check_start(round_: Round, starts_on: date) -> None:
    """Places start after the standstill and within the framework's term. Raises Unfit."""
    assert round_.standstill_until is not None
    first = max(places_may_start(round_.standstill_until), round_.framework.starts_on)
    if not first <= starts_on <= round_.framework.ends_on:
        raise Unfit(
            f"Places start from {say_date(first)} to {say_date(round_.framework.ends_on)}: after "
            "the standstill, and within the framework's term"
        )


def _standing_over(session: Session, round_id: UUID, at: datetime) -> Round:
    """The round, locked, with its outcome sent and its standstill over. Raises NotNow."""
    round_ = locked(session, round_id)
    during(round_, at, RoundState.STANDSTILL)
    ends_on = round_.standstill_ends_on
    if round_.standstill_until is None or ends_on is None or at < round_.standstill_until:
        until = f" It lasts until the end of {say_date(ends_on)}." if ends_on else ""
        raise NotNow(f"The standstill is not over.{until}")
    return round_


def _signature(
    session: Session,
    actor: Actor,
    round_: Round,
    provider_id: UUID,
    signed_as: str,
    at: datetime,
) -> Signature:
    assert actor.organisation_id is not None
    assert actor.person_id is not None
    signature = Signature(
        round_id=round_.id,
        framework_id=round_.framework_id,
        lead_council_id=round_.lead_council_id,
        provider_id=provider_id,
        organisation_id=actor.organisation_id,
        organisation_name=session.get_one(Organisation, actor.organisation_id).name,
        person_id=actor.person_id,
        name=actor.name,
        signed_as=signed_as,
        at=at,
    )
    session.add(signature)
    session.flush()
    return signature


def _tell_given(
    session: Session, actor: Actor, round_: Round, one: Agreed, starts_on: date, at: datetime
) -> None:
    provider_id = one.standing.provider_id
    tell(
        session,
        NoticeKind.OUTCOME,
        sentence=f"Everybody has signed. Your places on {round_.framework.title} start on "
        f"{say_date(starts_on)}.",
        endpoint="outcomes.show",
        values={"outcome_id": round_.id},
        organisation_id=provider_id,
        permission=Permission.APPLICATION_MAKE,
        at=at,
    )
    record_all(
        session,
        actor,
        Event.PLACED,
        [
            (
                Subject(
                    "category",
                    award.category_id,
                    f"{award.category.code} {award.category.title}",
                    round_.lead_council_id,
                    provider_id,
                ),
                {
                    "outcome": award.outcome.value,
                    "rank": award.rank,
                    "starts_on": starts_on.isoformat(),
                    "prices": {price.band: price.price.pence for price in award.bid.prices},
                },
            )
            for award in one.awards
        ],
        at=at,
    )


def _tell_lapsed(
    session: Session, actor: Actor, round_: Round, unsigned: Sequence[Agreed], at: datetime
) -> None:
    for one in unsigned:
        tell(
            session,
            NoticeKind.OUTCOME,
            sentence=f"{round_.title} is concluded. The agreement with you was not wholly signed, "
            "so what you were awarded has lapsed.",
            endpoint="outcomes.show",
            values={"outcome_id": round_.id},
            organisation_id=one.standing.provider_id,
            permission=Permission.APPLICATION_MAKE,
            at=at,
        )
    record_all(
        session,
        actor,
        Event.LAPSED,
        [
            (about(round_, provider_id=one.standing.provider_id), {"awards": len(one.awards)})
            for one in unsigned
        ],
        at=at,
    )
