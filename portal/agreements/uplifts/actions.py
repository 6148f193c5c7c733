"""Proposing a yearly uplift, agreeing to it as a second person, and not agreeing.

Nothing changes before it is agreed; then every price changes in one transaction, each council's
agreements in a part that works for that council. A new price is a new row from its own day: what
was delivered before that day keeps its price, and so does every issued line. What an uplift that
reaches back adds to them is a line of the next invoice (portal.invoicing.adjustments).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from portal.agreements.models import AgreementPrice
from portal.agreements.uplifts.costs import cost_of
from portal.agreements.uplifts.models import UpliftCost, UpliftRun
from portal.agreements.uplifts.queries import (
    get_run,
    locked_run,
    priced_agreements,
    runs_of,
)
from portal.agreements.uplifts.rules import (
    STEPS,
    Plan,
    Step,
    UnfitPlan,
    UpliftState,
    check_interval,
    check_reason,
    check_release,
    check_start,
    reaches_back,
    rule_rate,
    say_rate,
    state_of,
    uplifted,
)
from portal.audit.actions import Actor, Subject, record
from portal.frameworks.leading import NotTheLead, led
from portal.frameworks.lots.queries import terms_of
from portal.frameworks.models import Framework, Place
from portal.frameworks.queries import get_framework
from portal.frameworks.rules import PriceSource
from portal.frameworks.uplifting import raise_prices
from portal.identity.permissions import Permission
from portal.kernel.bulk import insert_rows
from portal.kernel.database import working_as
from portal.kernel.errors import DomainError
from portal.kernel.ids import new_id
from portal.kernel.local_time import local_date
from portal.kernel.months import Month
from portal.kernel.tenancy import Scope
from portal.kernel.transitions import next_state
from portal.kernel.wording import say_date
from portal.notices.actions import tell
from portal.notices.rules import NoticeKind


class Event(StrEnum):
    """What happens to uplifts."""

    PROPOSED = "uplifts:run:proposed"
    AGREED = "uplifts:run:agreed"
    REFUSED = "uplifts:run:refused"
    AGREEMENTS_RAISED = "uplifts:agreements:raised"


WORDS: Mapping[str, str] = {
    Event.PROPOSED: "Proposed a yearly uplift",
    Event.AGREED: "Agreed to a yearly uplift",
    Event.REFUSED: "Did not agree to a yearly uplift",
    Event.AGREEMENTS_RAISED: "The prices of agreements rose with the yearly uplift",
}


class SamePerson(DomainError):
    """Whoever proposed an uplift does not agree to it."""

    sentence = "You proposed this uplift. Somebody else must agree to it."


def propose(
    session: Session, actor: Actor, framework_id: UUID, plan: Plan, *, at: datetime
) -> UpliftRun:
    """Work out an uplift and ask a second person; no price changes yet.

    Raises NotFound, NotTheLead, UnfitPlan.
    """
    framework = led(session, actor, framework_id)
    terms = terms_of(session, framework_id)
    by_rule = rule_rate(plan.cpi, terms.uplift_cap)
    rate = by_rule if plan.rate is None else plan.rate
    check_reason(rate, by_rule, plan.because)
    today = local_date(at)
    check_release(plan.cpi_month, plan.cpi_released_on, today)
    check_start(plan.starts_on, today)
    standing = [
        one for one in runs_of(session, framework_id) if state_of(one) is not UpliftState.REFUSED
    ]
    if any(state_of(one) is UpliftState.PROPOSED for one in standing):
        raise UnfitPlan(
            "starts_on", "An uplift of this framework waits for a second person. Decide that first"
        )
    check_interval(plan.starts_on, [one.starts_on for one in standing])
    run = UpliftRun(
        framework_id=framework.id,
        lead_council_id=framework.lead_council_id,
        starts_on=plan.starts_on,
        cpi=plan.cpi,
        cpi_month=plan.cpi_month.code,
        cpi_released_on=plan.cpi_released_on,
        cpi_source=plan.cpi_source,
        cap=terms.uplift_cap,
        review_above=terms.uplift_review_above,
        rate=rate,
        because=plan.because if rate != by_rule else "",
        asked_by_id=actor.person_id,
        asked_by_name=actor.name,
        asked_at=at,
    )
    session.add(run)
    session.flush()
    for council_id in _councils(framework):
        with working_as(session, Scope(council_id)):
            priced = priced_agreements(session, framework.id, council_id, run.starts_on)
            session.add(cost_of(run, council_id, priced))
    record(session, actor, Event.PROPOSED, _about(run, framework), at=at, **_figures(run))
    tell(
        session,
        NoticeKind.UPLIFT,
        sentence=f"{framework.title}: an uplift of {say_rate(run.rate)} waits for a second person.",
        endpoint="uplifts.show",
        values={"uplift_id": run.id},
        organisation_id=framework.lead_council_id,
        permission=Permission.UPLIFT_AGREE,
        at=at,
    )
    return run


def agree(session: Session, actor: Actor, run_id: UUID, *, at: datetime) -> UpliftRun:
    """Put a proposed uplift in force from its day: places, agreements, notices to everybody.

    The costs are worked out anew. Raises NotFound, NotTheLead, IllegalStep, SamePerson, and
    UnfitPlan when its first day is too long ago meanwhile.
    """
    run = _led_run(session, actor, run_id)
    next_state(STEPS, state_of(run), Step.AGREE)
    if run.asked_by_id == actor.person_id:
        raise SamePerson
    check_start(run.starts_on, local_date(at))
    framework = get_framework(session, run.framework_id)
    run.agreed_by_id, run.agreed_by_name, run.agreed_at = actor.person_id, actor.name, at
    session.flush()
    for council_id in _councils(framework):
        with working_as(session, Scope(council_id)):
            _raise_agreements(session, actor, run, framework, council_id, at=at)
    places: list[Place] = []
    if run.rate:
        places = raise_prices(
            session,
            framework,
            lambda price: uplifted(price, run.rate),
            starts_on=run.starts_on,
            note=note_of(run),
        )
    record(
        session, actor, Event.AGREED, _about(run, framework), at=at,
        **_figures(run), prices=len(places),
    )  # fmt: skip
    _tell_everybody(session, run, framework, places, at=at)
    return run


def refuse(
    session: Session, actor: Actor, run_id: UUID, *, because: str, at: datetime
) -> UpliftRun:
    """Do not agree, or take back what one proposed.

    Raises NotFound, NotTheLead, IllegalStep.
    """
    run = _led_run(session, actor, run_id)
    next_state(STEPS, state_of(run), Step.REFUSE)
    framework = get_framework(session, run.framework_id)
    run.refused_by_name, run.refused_at, run.refused_because = actor.name, at, because
    session.flush()
    record(session, actor, Event.REFUSED, _about(run, framework), at=at, **_figures(run))
    return run


def note_of(run: UpliftRun) -> str:
    """What stands beside each new price: the rate and the figure it rests on."""
    return f"{say_rate(run.rate)}, CPI of {Month.parse(run.cpi_month)} {say_rate(run.cpi)}"


def _led_run(session: Session, actor: Actor, run_id: UUID) -> UpliftRun:
    if get_run(session, run_id).lead_council_id != actor.organisation_id:
        raise NotTheLead
    return locked_run(session, run_id)


def _raise_agreements(
    session: Session,
    actor: Actor,
    run: UpliftRun,
    framework: Framework,
    council_id: UUID,
    *,
    at: datetime,
) -> None:
    """The part of an agreed uplift that works for one council."""
    priced = priced_agreements(session, framework.id, council_id, run.starts_on)
    if (known := session.get(UpliftCost, (run.id, council_id))) is not None:
        session.delete(known)
        session.flush()
    session.add(cost_of(run, council_id, priced))
    following = [one for one in priced if one.follows] if run.rate else []
    today = local_date(at)
    backdated_on = today if reaches_back(run.starts_on, today) else None
    insert_rows(
        session,
        AgreementPrice,
        [
            {
                "id": new_id(),
                "agreement_id": one.agreement.id,
                "council_id": council_id,
                "provider_id": one.agreement.provider_id,
                "price": uplifted(one.price, run.rate),
                "starts_on": run.starts_on,
                "source": PriceSource.UPLIFT,
                "note": note_of(run),
                "backdated_on": backdated_on,
            }
            for one in following
        ],
    )
    about = Subject("uplift", run.id, f"{framework.reference} uplift", council_id=council_id)
    record(session, actor, Event.AGREEMENTS_RAISED, about, at=at, agreements=len(following))


def _tell_everybody(
    session: Session, run: UpliftRun, framework: Framework, places: Sequence[Place], *, at: datetime
) -> None:
    """Every council of the framework, and every provider whose prices rise."""
    said = f"{framework.title}: prices rise by {say_rate(run.rate)} from {say_date(run.starts_on)}."
    if reaches_back(run.starts_on, local_date(at)):
        said += " The next invoice charges the difference of what was approved since then."
    for council_id in _councils(framework):
        tell(
            session,
            NoticeKind.UPLIFT,
            sentence=said,
            endpoint="uplifts.show",
            values={"uplift_id": run.id},
            organisation_id=council_id,
            permission=Permission.BUDGET_READ,
            at=at,
        )
    for provider_id in sorted({place.provider_id for place in places}):
        tell(
            session,
            NoticeKind.UPLIFT,
            sentence=said,
            endpoint="frameworks.show",
            values={"framework_id": framework.id},
            organisation_id=provider_id,
            permission=Permission.FRAMEWORK_READ,
            at=at,
        )


def _councils(framework: Framework) -> list[UUID]:
    return sorted(one.council_id for one in framework.councils)


def _about(run: UpliftRun, framework: Framework) -> Subject:
    label = f"{framework.reference} uplift"
    return Subject("uplift", run.id, label, council_id=run.lead_council_id)


def _figures(run: UpliftRun) -> dict[str, object]:
    return {"cpi": run.cpi, "rate": run.rate, "starts_on": run.starts_on.isoformat()}
