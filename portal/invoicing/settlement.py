"""History in bulk: what was delivered before the portal came, invoiced and perhaps decided.

The drafts, sums, states and clocks are those of an invoice made by hand; only the moments are
chosen here, on working days within the payment clock, and the rows go in together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.actions import Actor
from portal.budgets.actions import CapExceeded, add_approved
from portal.frameworks.models import Framework
from portal.frameworks.rules import in_force
from portal.identity.models import Organisation
from portal.invoicing.drafting import Draft, VatTreatment, assemble, sum_by_year
from portal.invoicing.gathering import Stream
from portal.invoicing.rules import number_key
from portal.invoicing.settlement_queries import (
    deliveries,
    finance_people,
    invoiced_months,
    numbers_in_use,
    terms_of,
    vat_evidence_of,
)
from portal.invoicing.settlement_rows import Moments, SettledRows, Settlement, add, save
from portal.kernel.errors import DomainError
from portal.kernel.local_time import local_date, to_utc
from portal.kernel.money import Money
from portal.kernel.months import Month
from portal.kernel.working_days import add_working_days, is_working_day


class Outcome(StrEnum):
    """How far an invoice of the past has come."""

    SUBMITTED = "submitted"
    APPROVED = "approved"
    PAID = "paid"


@dataclass(frozen=True, slots=True)
class Order:
    """Invoice what a council had under a framework, through a month and as far as ``outcome``.

    ``providers`` are those concerned, None for all. ``approver`` approved the invoices; None only
    where they are no more than submitted.
    """

    framework_id: UUID
    council_id: UUID
    through: Month
    outcome: Outcome
    approver: Actor | None = None
    providers: frozenset[UUID] | None = None

    def holds(self, provider_id: UUID, month: Month) -> bool:
        """Whether a provider's invoice of a month is among those it asks for."""
        concerned = self.providers is None or provider_id in self.providers
        return concerned and month <= self.through


class CannotSettle(DomainError):
    """What an order asks for cannot have been invoiced and approved as it stands."""

    def __init__(self, order: Order, sentence: str) -> None:
        super().__init__(sentence)
        self.order = order


@dataclass(slots=True)
class Unsettled:
    """The invoices to make, in the order of their months; and how many there were before."""

    drafts: list[tuple[Order, Stream, Draft]] = field(default_factory=list)
    there: int = 0


def unsettled(session: Session, orders: Sequence[Order]) -> Unsettled:
    """What the orders come to: one draft for each provider, council, framework and month.

    Where several orders ask for a month, it follows the one that ends first; of two that end
    alike, the one that names the provider. Raises CannotSettle for what has no price or no VAT
    evidence.
    """
    found = Unsettled()
    alike: dict[tuple[UUID, UUID], list[Order]] = defaultdict(list)
    for order in sorted(orders, key=lambda one: (one.through, one.providers is None)):
        alike[order.framework_id, order.council_id].append(order)
    for of_council in alike.values():
        found.drafts += _drafts(session, of_council, found)
    found.drafts.sort(
        key=lambda one: (one[2].month, str(one[1].provider_id), str(one[1].council_id))
    )
    return found


def settle(
    session: Session,
    found: Unsettled,
    *,
    at: datetime,
    progress: Callable[[int], object] = lambda steps: None,
) -> int:
    """Make these invoices, approved and paid where the order says so; say how many.

    In the operator's session, at the moment of settling (UTC). Raises CannotSettle.
    """
    rows = SettledRows()
    numbers = numbers_in_use(session)
    finance = finance_people(session)
    frameworks = {one.id: one for one in session.scalars(select(Framework).order_by(Framework.id))}
    names = dict(session.execute(select(Organisation.id, Organisation.name)).all())
    for place, (order, stream, draft) in enumerate(found.drafts):
        provider_name = names[stream.provider_id]
        settlement = Settlement(
            stream=stream,
            draft=draft,
            framework=frameworks[order.framework_id],
            number=_next_number(numbers[stream.provider_id]),
            provider_name=provider_name,
            council_name=names[stream.council_id],
            submitter=_submitter(order, finance.get(stream.provider_id, ()), provider_name),
            approver=order.approver,
            moments=_moments(order, draft.month, place, now=at),
        )
        _refuse_own(order, settlement)
        add(rows, settlement)
        progress(1)
    save(session, rows)
    _count_in_budgets(session, found.drafts)
    return len(rows.invoices)


def _drafts(
    session: Session, orders: Sequence[Order], found: Unsettled
) -> Iterator[tuple[Order, Stream, Draft]]:
    """The drafts of one council's orders under one framework, which come by their months."""
    framework_id, council_id = orders[-1].framework_id, orders[-1].council_id
    delivered = deliveries(session, framework_id, council_id, orders[-1].through.last)
    months = invoiced_months(session, framework_id, council_id)
    terms = terms_of(session, framework_id, council_id)
    evidence = vat_evidence_of(session, {provider_id for provider_id, _ in delivered})
    found.there += sum(any(order.holds(*one) for order in orders) for one in months)
    for (provider_id, month), units in delivered.items():
        order = next((one for one in orders if one.holds(provider_id, month)), None)
        if order is None or (provider_id, month) in months:
            continue
        vat = VatTreatment.of(in_force(evidence[provider_id], month.last), month.last)
        draft = assemble(month, terms, units, vat)
        references = [section.terms.reference for section in draft.sections]
        if vat is None:
            raise CannotSettle(
                order, f"nothing says how VAT treats {references[0]}'s provider in {month}"
            )
        for section in draft.sections:
            if section.unpriced:
                raise CannotSettle(order, f"{section.terms.reference} has no price in {month}")
        yield order, Stream(provider_id, council_id, framework_id), draft


def _submitter(order: Order, finance: Sequence[Actor], provider_name: str) -> Actor:
    """The provider's first finance person who is not the approver."""
    for actor in finance:
        if order.approver is None or actor.person_id != order.approver.person_id:
            return actor
    raise CannotSettle(
        order,
        f"{provider_name} has nobody with the role finance who could have submitted its invoices",
    )


def _refuse_own(order: Order, settlement: Settlement) -> None:
    hands = {hand for line in settlement.draft.lines for hand in line.hands}
    if order.approver is not None and str(order.approver.person_id) in hands:
        raise CannotSettle(
            order,
            f"{order.approver.name} recorded part of what {settlement.provider_name} delivered "
            f"in {settlement.draft.month}, so somebody else must have approved it",
        )


def _next_number(taken: set[str]) -> str:
    """The provider's next number, INV-0001 and on."""
    count = len(taken) + 1
    while number_key(f"INV-{count:04}") in taken:
        count += 1
    taken.add(number_key(f"INV-{count:04}"))
    return f"INV-{count:04}"


def _moments(order: Order, month: Month, place: int, *, now: datetime) -> Moments:
    """Working days after the month's end, spread by the invoice's place in the list."""
    if order.outcome is Outcome.SUBMITTED:
        return Moments(_submitted(order, month, place, now=now), None, None)
    received_on = add_working_days(month.last, 2 + place % 4).due
    verified_on = add_working_days(received_on, 3 + place % 5).due
    last = local_date(now) - timedelta(days=1)
    paid_on = min(received_on + timedelta(days=20 + place % 11), last)
    while not is_working_day(paid_on):
        paid_on -= timedelta(days=1)
    submitted = datetime.combine(received_on, time(9 + place % 7, place * 7 % 60))
    approved = datetime.combine(verified_on, time(13 + place % 4, place * 11 % 60))
    if to_utc(approved) > now:
        raise CannotSettle(order, f"{month} cannot have been approved by now")
    return Moments(
        to_utc(submitted),
        to_utc(approved),
        paid_on if order.outcome is Outcome.PAID and paid_on >= verified_on else None,
    )


def _submitted(order: Order, month: Month, place: int, *, now: datetime) -> datetime:
    """A time of the first working day after the month, and not later than now (UTC)."""
    day = add_working_days(month.last, 1).due
    if day > local_date(now):
        raise CannotSettle(order, f"{month} cannot have been submitted by now")
    return min(to_utc(datetime.combine(day, time(9 + place % 7, place * 7 % 60))), now)


def _count_in_budgets(session: Session, drafts: Iterable[tuple[Order, Stream, Draft]]) -> None:
    sums: dict[Order, list[tuple[date, Money]]] = defaultdict(list)
    for order, _, draft in drafts:
        if order.outcome is Outcome.SUBMITTED:
            continue
        sums[order] += ((line.contract_year, line.net) for line in draft.lines)
    for order, of_order in sums.items():
        try:
            add_approved(
                session,
                framework_id=order.framework_id,
                council_id=order.council_id,
                sums=sum_by_year(of_order),
            )
        except CapExceeded as error:
            raise CannotSettle(order, error.sentence) from error
