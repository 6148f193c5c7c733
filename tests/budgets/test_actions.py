"""Sums are counted under their contract year's cap; only a budget holder's raise makes room."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from portal.audit.actions import Actor
from portal.audit.models import AuditEvent
from portal.budgets.actions import CapExceeded, CapNotRaised, add_approved, raise_cap
from portal.budgets.models import Budget, CapRaise
from portal.budgets.queries import budgets_for
from portal.identity.models import Organisation, Person
from portal.identity.rules import Role
from portal.kernel.database import Database, ScopedSession
from portal.kernel.errors import NotFound, Stale
from portal.kernel.money import Money
from portal.kernel.tenancy import Scope, Task
from tests.makers import make_budget, make_council, make_framework, make_person

AT = datetime(2026, 5, 5, 9, tzinfo=UTC)
YEAR, NEXT, UNBOUNDED = date(2025, 9, 1), date(2026, 9, 1), date(2027, 9, 1)


class Holder:
    """A council with a budget of £40,000.00, of which £38,900.00 is approved, and a next year."""

    def __init__(self, database: Database, owner: Database) -> None:
        self.database = database
        with owner.transaction(Scope.system(Task.OPERATOR)) as session:
            self.council: Organisation = make_council(session)
            self.other = make_council(session)
            self.framework = make_framework(session, lead=self.council, partners=[self.other])
            self.budget: Budget = make_budget(
                session, framework=self.framework, council=self.council, cap="40000",
                approved="38900",
            )  # fmt: skip
            make_budget(
                session, framework=self.framework, council=self.council, cap="500",
                year_starts_on=NEXT,
            )  # fmt: skip
            self.person: Person = make_person(
                session, organisation=self.council, roles=[Role.BUDGET_HOLDER]
            )
        self.actor = Actor(self.person.id, self.person.name, self.council.id)

    def session(self, council: Organisation | None = None) -> ScopedSession:
        """A writing session of the council, or of another one."""
        return self.database.session(Scope((council or self.council).id), writes=True)

    def add(self, session: ScopedSession, sums: dict[date, str]) -> None:
        """Approve sums on the framework."""
        add_approved(
            session,
            framework_id=self.framework.id,
            council_id=self.council.id,
            sums={year: Money.pounds(sum_) for year, sum_ in sums.items()},
        )

    def approved(self, session: ScopedSession) -> list[str]:
        """What is approved in each year, in order."""
        session.expire_all()
        found = budgets_for(session, self.framework.id, self.council.id)
        return [str(budget.approved) for budget in found.values()]


@pytest.fixture
def holder(database: Database, owner_database: Database) -> Holder:
    return Holder(database, owner_database)


def test_what_is_left_fits_exactly(holder: Holder) -> None:
    with holder.session() as session:
        holder.add(session, {YEAR: "1100", NEXT: "200"})
        assert holder.approved(session) == ["£40,000.00", "£200.00"]


def test_beyond_the_cap_is_refused_with_its_figures(holder: Holder) -> None:
    with holder.session() as session:
        with pytest.raises(CapExceeded) as refused:
            holder.add(session, {NEXT: "200", YEAR: "1428"})
        assert refused.value.status == 409
        assert refused.value.sentence == (
            "This would take the contract year from 1 September 2025 to £328.00 over its cap of "
            "£40,000.00. Up to £1,100.00 can be approved; a budget holder can raise the cap."
        )
        assert holder.approved(session) == ["£38,900.00", "£0.00"], "all or nothing"


def test_a_year_without_a_budget_has_no_cap(holder: Holder) -> None:
    with holder.session() as session:
        holder.add(session, {UNBOUNDED: "1000000"})
        assert holder.approved(session) == ["£38,900.00", "£0.00"]


def test_a_credit_gives_room_back(holder: Holder) -> None:
    with holder.session() as session:
        holder.add(session, {YEAR: "-400"})
        holder.add(session, {YEAR: "1500"})
        assert holder.approved(session)[0] == "£40,000.00"


def test_a_raise_makes_room_and_is_kept(holder: Holder) -> None:
    with holder.session() as session:
        raise_cap(
            session, holder.actor, holder.budget.id, cap=Money.pounds("45000"),
            reason="Four more young people", version=1, at=AT,
        )  # fmt: skip
        holder.add(session, {YEAR: "1428"})
        session.commit()
        kept = session.scalars(select(CapRaise)).one()
        assert (str(kept.cap_before), str(kept.cap_after)) == ("£40,000.00", "£45,000.00")
        assert (kept.by_name, kept.reason) == (holder.person.name, "Four more young people")
        recorded = session.scalars(select(AuditEvent)).one()
        assert recorded.event == "budgets:cap:raised"
        assert recorded.details == {"before_pence": 4_000_000, "after_pence": 4_500_000}


@pytest.mark.parametrize("cap", ["40000", "39999.99", "0"])
def test_a_cap_is_only_raised(holder: Holder, cap: str) -> None:
    with holder.session() as session:
        with pytest.raises(CapNotRaised, match=r"above £40,000\.00"):
            raise_cap(
                session, holder.actor, holder.budget.id, cap=Money.pounds(cap), reason="Why",
                version=1, at=AT,
            )  # fmt: skip
        assert session.scalars(select(CapRaise)).all() == []


def test_a_stale_form_raises_nothing(holder: Holder) -> None:
    with holder.session() as session, pytest.raises(Stale):
        raise_cap(
            session, holder.actor, holder.budget.id, cap=Money.pounds("45000"), reason="Why",
            version=2, at=AT,
        )  # fmt: skip


def test_another_council_finds_no_such_budget(holder: Holder) -> None:
    stranger = Actor(holder.person.id, "A stranger", holder.other.id)
    with holder.session(holder.other) as session, pytest.raises(NotFound):
        raise_cap(
            session, stranger, holder.budget.id, cap=Money.pounds("45000"), reason="Why",
            version=1, at=AT,
        )  # fmt: skip
