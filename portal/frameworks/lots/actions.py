"""Making a framework, saying what it is, who buys from it and how it is awarded; publishing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.actions import Actor, record
from portal.frameworks.leading import led
from portal.frameworks.lots.changing import keep_change, locked_terms
from portal.frameworks.lots.events import Event, about
from portal.frameworks.lots.models import FrameworkTerms
from portal.frameworks.lots.plans import Award, Details
from portal.frameworks.lots.queries import award_of, details_of, lacks
from portal.frameworks.lots.rules import months_used
from portal.frameworks.models import Framework, FrameworkCouncil
from portal.frameworks.rules import Unfit
from portal.identity.models import Organisation
from portal.identity.rules import OrganisationKind
from portal.kernel.errors import DomainError, NotFound
from portal.kernel.wording import say_date, say_list


class ReferenceTaken(Unfit):
    """The council has a framework of this reference."""

    sentence = "Another framework of your council has this reference. Choose another one"


class NotComplete(DomainError):
    """What a framework lacks before providers can rely on it."""

    def __init__(self, sentences: Collection[str]) -> None:
        super().__init__(f"This cannot be published yet. {' '.join(sentences)}")


def make_framework(session: Session, actor: Actor, details: Details, *, at: datetime) -> Framework:
    """A framework of the actor's council, to be filled with lots. Raises Unfit, ReferenceTaken."""
    if actor.organisation_id is None:
        raise NotFound
    _check(session, actor.organisation_id, None, details)
    framework = Framework(lead_council_id=actor.organisation_id)
    _set_details(framework, details)
    session.add(framework)
    session.flush()
    session.add(
        FrameworkCouncil(
            framework_id=framework.id,
            council_id=framework.lead_council_id,
            lead_council_id=framework.lead_council_id,
        )
    )
    session.add(
        FrameworkTerms(
            framework_id=framework.id,
            lead_council_id=framework.lead_council_id,
            summary=details.summary,
            extension_months=details.extension_months,
        )
    )
    session.flush()
    record(session, actor, Event.MADE, about(framework), at=at)
    return framework


def change_details(
    session: Session,
    actor: Actor,
    framework_id: UUID,
    details: Details,
    *,
    version: int,
    because: str,
    at: datetime,
) -> Framework:
    """Say anew what a framework is. Once it is published its term changes by ``extend`` alone.

    Raises NotFound, NotTheLead, Stale, Unfit, ReferenceTaken, ReasonMissing.
    """
    framework = led(session, actor, framework_id)
    terms = locked_terms(session, framework, version=version)
    before = details_of(framework, terms)
    if terms.published_at is not None:
        details = replace(
            details,
            starts_on=before.starts_on,
            ends_on=before.ends_on,
            extension_months=before.extension_months,
        )
    _check(session, framework.lead_council_id, framework.id, details)
    _set_details(framework, details)
    terms.summary = details.summary
    terms.extension_months = details.extension_months
    session.flush()
    keep_change(
        session, actor, framework, Event.CHANGED, before.words, details.words,
        because=because, judged=False, at=at,
    )  # fmt: skip
    return framework


def change_award(
    session: Session,
    actor: Actor,
    framework_id: UUID,
    award: Award,
    *,
    version: int,
    because: str,
    at: datetime,
) -> None:
    """Say how bids are weighed and how prices rise. Raises as ``change_details`` does, and
    UnderJudgement."""
    if award.wrong:
        raise Unfit(next(iter(award.wrong.values())))
    framework = led(session, actor, framework_id)
    terms = locked_terms(session, framework, version=version)
    before = award_of(terms)
    terms.quality_points, terms.price_points = award.quality_points, award.price_points
    terms.least_evaluators = award.least_evaluators
    terms.standstill_days = award.standstill_days
    terms.uplift_cap, terms.uplift_review_above = award.uplift_cap, award.uplift_review_above
    session.flush()
    keep_change(
        session, actor, framework, Event.CHANGED, before.words, award.words,
        because=because, at=at,
    )  # fmt: skip


def set_councils(
    session: Session,
    actor: Actor,
    framework_id: UUID,
    partner_ids: Collection[UUID],
    *,
    version: int,
    because: str,
    at: datetime,
) -> None:
    """Which councils buy from the framework beside its lead; after publishing none is taken away.

    Raises NotFound for what is no council, Unfit, Stale, ReasonMissing.
    """
    framework = led(session, actor, framework_id)
    terms = locked_terms(session, framework, version=version)
    wanted = set(partner_ids) - {framework.lead_council_id}
    names = {
        council.id: council.name
        for council in session.scalars(
            select(Organisation).where(
                Organisation.id.in_(wanted), Organisation.kind == OrganisationKind.COUNCIL
            )
        )
    }
    if names.keys() != wanted:
        raise NotFound
    partners = {one.council_id: one for one in framework.councils}
    gone = partners.keys() - wanted - {framework.lead_council_id}
    if gone and terms.published_at is not None:
        raise Unfit("A council cannot leave a published framework. Choose it as well")
    before = {"Councils": say_list(sorted(one.council.name for one in framework.councils))}
    kept = [one.council.name for one in framework.councils if one.council_id not in gone]
    for council_id in gone:
        session.delete(partners[council_id])
    for council_id in sorted(wanted - partners.keys()):
        session.add(
            FrameworkCouncil(
                framework_id=framework.id,
                council_id=council_id,
                lead_council_id=framework.lead_council_id,
            )
        )
        kept.append(names[council_id])
    session.flush()
    after = {"Councils": say_list(sorted(kept))}
    keep_change(
        session, actor, framework, Event.COUNCILS_SET, before, after,
        because=because, judged=False, at=at,
    )  # fmt: skip


def extend(
    session: Session,
    actor: Actor,
    framework_id: UUID,
    ends_on: date,
    *,
    version: int,
    because: str,
    at: datetime,
) -> None:
    """Let the term last longer, by no more months than were published.

    Raises Unfit, and as ``change_details`` does.
    """
    framework = led(session, actor, framework_id)
    terms = locked_terms(session, framework, version=version)
    if ends_on <= framework.ends_on:
        raise Unfit(f"The new last day must be after {say_date(framework.ends_on)}")
    used = months_used(framework.ends_on, ends_on, at_most=terms.extension_months)
    before = details_of(framework, terms).words
    framework.ends_on = ends_on
    terms.extension_months -= used
    session.flush()
    keep_change(
        session, actor, framework, Event.EXTENDED, before,
        details_of(framework, terms).words, because=because, judged=False, at=at,
    )  # fmt: skip


def publish(
    session: Session, actor: Actor, framework_id: UUID, *, version: int, at: datetime
) -> None:
    """Freeze what applicants rely on, so that rounds can be announced.

    Raises NotComplete with what is missing; publishing twice changes nothing.
    """
    framework = led(session, actor, framework_id)
    terms = locked_terms(session, framework, version=version)
    if terms.published_at is not None:
        return
    if missing := lacks(session, framework, terms):
        raise NotComplete(missing)
    terms.published_at = at
    session.flush()
    record(session, actor, Event.PUBLISHED, about(framework), at=at)


def _check(
    session: Session, lead_council_id: UUID, framework_id: UUID | None, details: Details
) -> None:
    if details.wrong:
        raise Unfit(next(iter(details.wrong.values())))
    taken = session.scalars(
        select(Framework.id).where(
            Framework.lead_council_id == lead_council_id, Framework.reference == details.reference
        )
    ).first()
    if taken not in (None, framework_id):
        raise ReferenceTaken


def _set_details(framework: Framework, details: Details) -> None:
    framework.reference, framework.title = details.reference, details.title
    framework.regime = details.regime
    framework.light_touch = details.light_touch
    framework.open_framework = details.open_framework
    framework.starts_on, framework.ends_on = details.starts_on, details.ends_on
    framework.payment_days = details.payment_days
    framework.cap_in_total = details.cap_in_total
