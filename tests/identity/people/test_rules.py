"""Which roles go together, who may be the same person, when access is reviewed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from portal.identity.allowed import ALLOWED
from portal.identity.people.invitations.rules import Standing, domain_named, standing
from portal.identity.people.reviews.rules import (
    is_near,
    is_overdue,
    may_confirm,
    next_review,
    reminder_due,
)
from portal.identity.people.rules import (
    Likeness,
    Twin,
    likeness,
    mailbox_of,
    problems_with,
    refused_together,
    roles_of,
)
from portal.identity.people.words import MAY, ONLY_ASSIGNED, what_may
from portal.identity.permissions import Permission
from portal.identity.rules import OrganisationKind, Role

COUNCIL, PROVIDER = OrganisationKind.COUNCIL, OrganisationKind.PROVIDER
INVITED = datetime(2026, 10, 2, 9, tzinfo=UTC)


def test_an_approver_is_no_budget_holder_and_an_auditor_is_nothing_else() -> None:
    """Promise 4."""
    allowed = {
        frozenset({one, other})
        for one in roles_of(COUNCIL)
        for other in roles_of(COUNCIL)
        if one < other and not refused_together({one, other})
    }
    refused = {
        frozenset({one, other})
        for one in roles_of(COUNCIL)
        for other in roles_of(COUNCIL)
        if one < other
    } - allowed
    with_auditor = {
        frozenset({Role.AUDITOR, role}) for role in roles_of(COUNCIL) if role is not Role.AUDITOR
    }
    assert refused == {frozenset({Role.APPROVER, Role.BUDGET_HOLDER}), *with_auditor}


def test_a_provider_may_be_one_person() -> None:
    assert problems_with(PROVIDER, roles_of(PROVIDER)) == []


def test_a_refusal_says_which_and_why() -> None:
    (sentence,) = problems_with(COUNCIL, {Role.APPROVER, Role.BUDGET_HOLDER})
    assert "Invoice approver and budget holder" in sentence
    assert "another can raise the cap" in sentence


@pytest.mark.parametrize(
    ("kind", "roles", "said"),
    [
        (COUNCIL, set(), "Choose at least one role"),
        (COUNCIL, {Role.FINANCE}, "Finance is not a role of a council"),
        (PROVIDER, {Role.APPROVER, Role.FINANCE}, "Invoice approver is not a role of a provider"),
    ],
)
def test_roles_must_be_some_and_fit(kind: OrganisationKind, roles: set[Role], said: str) -> None:
    assert problems_with(kind, roles) == [said]


def test_each_permission_has_its_words() -> None:
    """So that what a role is said to permit cannot drift from what it permits."""
    assert set(MAY) == set(Permission)
    assert len(set(MAY.values())) == len(MAY)
    for role in Role:
        assert len(what_may(role)) == len(ALLOWED[role]) + (role is Role.DELIVERY)
    assert what_may(Role.DELIVERY)[-1] == ONLY_ASSIGNED


@pytest.mark.parametrize(
    ("email", "mailbox"),
    [
        ("ruth@a.example", "ruth@a.example"),
        ("Ruth+invoices@A.Example ", "ruth@a.example"),
        ("ruth.fern@a.example", "ruthfern@a.example"),
        ("r.u.t.h+1+2@a.example", "ruth@a.example"),
    ],
)
def test_a_mailbox_is_the_same_under_its_disguises(email: str, mailbox: str) -> None:
    assert mailbox_of(email) == mailbox


@pytest.mark.parametrize(
    ("name", "email", "alike"),
    [
        ("Ruth Fern", "ruth+2@a.example", Likeness.MAILBOX),
        ("Somebody Else", "r.uth@a.example", Likeness.MAILBOX),
        ("RUTH  FERN", "other@a.example", Likeness.NAME),
        ("Fern, Ruth", "other@a.example", Likeness.NAME),
        ("Ruth Ferns", "other@a.example", None),
        ("Ruth", "ruth@b.example", None),
    ],
)
def test_a_second_account_is_known_by_mailbox_or_name(
    name: str, email: str, alike: Likeness | None
) -> None:
    assert likeness(name, email, "Ruth Fern", "ruth@a.example") is alike


def test_two_accounts_of_a_mailbox_count_as_one_person_and_namesakes_do_not() -> None:
    roles = frozenset({Role.APPROVER})
    same = Twin("Ruth", "ruth@a.example", roles, Likeness.MAILBOX)
    namesake = Twin("Ruth", "other@a.example", roles, Likeness.NAME)
    assert len(same.problems_with({Role.BUDGET_HOLDER})) == 1
    assert same.problems_with({Role.COMMISSIONER}) == []
    assert namesake.problems_with({Role.BUDGET_HOLDER}) == []


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (timedelta(days=7) - timedelta(seconds=1), Standing.WAITING),
        (timedelta(days=7), Standing.EXPIRED),
    ],
)
def test_an_invitation_stands_for_seven_days(after: timedelta, expected: Standing) -> None:
    stands = standing(
        accepted_at=None,
        withdrawn_at=None,
        expires_at=INVITED + timedelta(days=7),
        at=INVITED + after,
    )
    assert stands is expected


@pytest.mark.parametrize(
    ("words", "domain"),
    [
        ("aldermoor.example", "aldermoor.example"),
        (" @Aldermoor.Example", "aldermoor.example"),
        ("Aldermoor Council", None),
        ("St. Bede Homes", None),
        ("ruth@aldermoor.example", None),
    ],
)
def test_a_domain_is_told_from_a_name(words: str, domain: str | None) -> None:
    assert domain_named(words) == domain


@pytest.mark.parametrize(
    ("after", "due"),
    [
        (date(2026, 10, 2), date(2027, 4, 2)),
        (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2027, 8, 31), date(2028, 2, 29)),
    ],
)
def test_access_is_reviewed_every_six_months(after: date, due: date) -> None:
    assert next_review(after) == due


DUE = date(2027, 4, 2)


@pytest.mark.parametrize(
    ("today", "reminded_on", "expected"),
    [
        (date(2027, 3, 18), None, False),
        (date(2027, 3, 19), None, True),  # 14 days before
        (date(2027, 3, 20), date(2027, 3, 19), False),
        (date(2027, 4, 1), date(2027, 3, 19), False),
        (date(2027, 4, 2), date(2027, 3, 19), True),  # on the day
        (date(2027, 4, 8), date(2027, 4, 2), False),
        (date(2027, 4, 9), date(2027, 4, 2), True),  # a week over
        (date(2027, 4, 20), date(2027, 4, 9), True),  # nothing ran on the 16th
        (date(2027, 4, 21), date(2027, 4, 20), False),
    ],
)
def test_administrators_are_reminded_before_on_and_weekly_after(
    today: date, reminded_on: date | None, expected: bool
) -> None:
    assert reminder_due(DUE, reminded_on, today) is expected


def test_a_review_is_near_and_then_overdue() -> None:
    assert not is_near(DUE, date(2027, 3, 18))
    assert is_near(DUE, date(2027, 3, 19))
    assert not is_overdue(DUE, DUE)
    assert is_overdue(DUE, date(2027, 4, 3))


def test_nobody_confirms_themselves_unless_nobody_else_could() -> None:
    own, other = uuid4(), uuid4()
    assert may_confirm(other, own, {own, other})
    assert not may_confirm(own, own, {own, other})
    assert may_confirm(own, own, {own})
