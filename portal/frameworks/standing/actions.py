"""A provider's place is suspended, resumed, promoted or ended; a reserve follows by itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Subject, record
from portal.frameworks.leading import NotTheLead
from portal.frameworks.models import Category, Framework, Place
from portal.frameworks.queries import get_place
from portal.frameworks.rules import PlaceState, Unfit
from portal.frameworks.standing import queries
from portal.frameworks.standing.models import PlaceChange
from portal.frameworks.standing.rules import STEPS, PlaceStep, next_reserve, room_for_reserve
from portal.identity.models import Organisation
from portal.identity.permissions import Permission
from portal.kernel.jobs import Work, every
from portal.kernel.local_time import local_date
from portal.kernel.tenancy import Task
from portal.kernel.transitions import next_state
from portal.kernel.wording import say_date
from portal.notices.actions import tell
from portal.notices.rules import NoticeKind

THE_PORTAL = Actor(None, "The portal", None)


class Event(StrEnum):
    """What happens to places."""

    SUSPENDED = "frameworks:place:suspended"
    RESUMED = "frameworks:place:resumed"
    PROMOTED = "frameworks:place:promoted"
    END_SET = "frameworks:place:end-set"
    ENDED = "frameworks:place:ended"
    MADE_FOR_A_QUOTE = "frameworks:place:made-for-a-quote"


EVENT_OF = {
    PlaceStep.SUSPEND: Event.SUSPENDED,
    PlaceStep.RESUME: Event.RESUMED,
    PlaceStep.PROMOTE: Event.PROMOTED,
    PlaceStep.END: Event.END_SET,
}
WORDS: Mapping[str, str] = {
    Event.SUSPENDED: "Suspended a place",
    Event.RESUMED: "Lifted the suspension of a place",
    Event.PROMOTED: "Promoted a place from reserve",
    Event.END_SET: "Said when a place ends",
    Event.ENDED: "Ended a place after its last day",
    Event.MADE_FOR_A_QUOTE: "Made a place without a price, for an agreement from a quote",
}
TOLD = {
    PlaceStep.SUSPEND: "is suspended: no new referral is sent to you",
    PlaceStep.RESUME: "is no longer suspended",
    PlaceStep.PROMOTE: "is active: you were promoted from reserve",
}


def take_step(
    session: Session, actor: Actor, place_id: UUID, step: PlaceStep, *, because: str, at: datetime
) -> Place:
    """Suspend, resume or promote a place at once, with the reason that its provider reads.

    Raises NotFound, NotTheLead, IllegalStep.
    """
    place = _led(session, actor, place_id)
    state = next_state(STEPS, place.state, step)
    _step(session, actor, place, step, state, because=because, at=at)
    return place


def end(
    session: Session, actor: Actor, place_id: UUID, last_day: date, *, because: str, at: datetime
) -> Place:
    """Say which day is a place's last; the portal ends it after that day.

    Not before today: what was delivered rests on the place. Raises NotFound, NotTheLead,
    IllegalStep, Unfit.
    """
    place = _led(session, actor, place_id)
    next_state(STEPS, place.state, PlaceStep.END)
    framework = session.get_one(Framework, place.framework_id)
    if last_day < max(local_date(at), place.starts_on):
        raise Unfit("The last day must be today or later: what was delivered rests on the place")
    if last_day > framework.ends_on:
        raise Unfit(f"The framework itself ends on {say_date(framework.ends_on)}")
    place.ends_on = last_day
    _keep(session, actor, place, PlaceStep.END, PlaceState.ENDED, last_day, because, at=at)
    record(
        session, actor, Event.END_SET, _about(session, place), at=at, last_day=last_day.isoformat()
    )
    _tell_provider(session, place, f"ends after {say_date(last_day)}", at=at)
    return place


def place_for_quote(
    session: Session,
    actor: Actor,
    category: Category,
    provider_id: UUID,
    starts_on: date,
    *,
    at: datetime,
) -> Place:
    """The place that an agreement from a quote rests on: the provider's own, else a new one.

    A new one has no price, so that nothing but quotes is asked of it; it is the lead council's,
    as which the session works. It begins with the first day of whatever rests on it. Raises Unfit
    where the provider's place stands still, or was appointed from a later day on.
    """
    place = queries.unended_place(session, category.id, provider_id)
    if place is not None and place.state is not PlaceState.ACTIVE:
        raise Unfit(
            f"The place in {category.code} {category.title} is {place.state.value}, so no "
            "agreement can rest on it. The framework's lead council can change that."
        )
    if place is not None:
        if place.starts_on > starts_on:
            _begin_sooner(place, starts_on)
        return place
    place = Place(
        framework_id=category.framework_id,
        lead_council_id=category.lead_council_id,
        category_id=category.id,
        provider_id=provider_id,
        state=PlaceState.ACTIVE,
        starts_on=starts_on,
    )
    session.add(place)
    session.flush()
    record(session, actor, Event.MADE_FOR_A_QUOTE, _about(session, place), at=at)
    return place


def _begin_sooner(place: Place, starts_on: date) -> None:
    if place.prices:
        raise Unfit(
            f"The place in the category begins on {say_date(place.starts_on)}, so no agreement "
            "can rest on it before that day."
        )
    place.starts_on = starts_on


@every("places:end", daily="00:10", scope=Task.ROUNDS)
def end_those_over(work: Work) -> None:
    """After a place's last day it has ended, and the next reserve of its category follows."""
    session, today = work.session, local_date(work.at)
    for place in queries.over(session, today):
        held = place.state is not PlaceState.RESERVE
        place.state = PlaceState.ENDED
        session.flush()
        record(session, THE_PORTAL, Event.ENDED, _about(session, place), at=work.at)
        if held:
            _promote_next(session, place.category_id, today, at=work.at)


def _promote_next(session: Session, category_id: UUID, today: date, *, at: datetime) -> None:
    places = queries.most_places(session, category_id)
    if not room_for_reserve(taken=queries.taken(session, category_id), places=places):
        return
    reserve = next_reserve(queries.reserves(session, category_id, today))
    if reserve is None:
        return
    because = "A place in the category ended, and this provider was the next on reserve."
    _step(
        session, THE_PORTAL, reserve, PlaceStep.PROMOTE, PlaceState.ACTIVE, because=because, at=at
    )
    provider = session.get_one(Organisation, reserve.provider_id)
    category = queries.category_of(session, reserve)
    tell(
        session,
        NoticeKind.PLACE,
        sentence=f"{provider.name} was promoted from reserve in {category.code} {category.title}",
        endpoint="places.show",
        values={"place_id": reserve.id},
        organisation_id=reserve.lead_council_id,
        permission=Permission.FRAMEWORK_EDIT,
        at=at,
    )


def _led(session: Session, actor: Actor, place_id: UUID) -> Place:
    if get_place(session, place_id).lead_council_id != actor.organisation_id:
        raise NotTheLead
    return queries.locked_place(session, place_id)


def _step(
    session: Session,
    actor: Actor,
    place: Place,
    step: PlaceStep,
    state: PlaceState,
    *,
    because: str,
    at: datetime,
) -> None:
    place.state = state
    _keep(session, actor, place, step, state, local_date(at), because, at=at)
    record(session, actor, EVENT_OF[step], _about(session, place), at=at)
    _tell_provider(session, place, TOLD[step], at=at)


def _keep(
    session: Session,
    actor: Actor,
    place: Place,
    step: PlaceStep,
    state: PlaceState,
    on_day: date,
    because: str,
    *,
    at: datetime,
) -> None:
    session.add(
        PlaceChange(
            place_id=place.id,
            framework_id=place.framework_id,
            lead_council_id=place.lead_council_id,
            provider_id=place.provider_id,
            step=step,
            state=state,
            on_day=on_day,
            because=because,
            by_id=actor.person_id,
            by_name=actor.name,
            at=at,
        )
    )
    session.flush()


def _tell_provider(session: Session, place: Place, what: str, *, at: datetime) -> None:
    category = queries.category_of(session, place)
    tell(
        session,
        NoticeKind.PLACE,
        sentence=f"Your place in {category.code} {category.title} {what}",
        endpoint="places.show",
        values={"place_id": place.id},
        organisation_id=place.provider_id,
        permission=Permission.APPLICATION_MAKE,
        at=at,
    )


def _about(session: Session, place: Place) -> Subject:
    return Subject(
        "place",
        place.id,
        queries.category_of(session, place).code,
        council_id=place.lead_council_id,
        provider_id=place.provider_id,
    )
