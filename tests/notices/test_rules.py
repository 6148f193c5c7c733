"""Who is told of what, how often by e-mail, and when a lapse is reminded of."""

from __future__ import annotations

import pytest

from portal.identity.allowed import permissions_of
from portal.identity.permissions import Permission
from portal.identity.rules import OrganisationKind, Role
from portal.notices.rules import (
    KINDS,
    Frequency,
    NoticeKind,
    concerning,
    frequency_of,
    is_told,
    lapse_step,
    may_choose,
)

PROVIDER = OrganisationKind.PROVIDER


@pytest.mark.parametrize(
    ("days", "step"),
    [(61, None), (60, 60), (31, 60), (30, 30), (8, 30), (7, 7), (0, 7), (-1, None)],
)
def test_a_lapse_is_reminded_of_60_30_and_7_days_before(days: int, step: int | None) -> None:
    assert lapse_step(days) == step


@pytest.mark.parametrize("kind", NoticeKind)
def test_every_kind_has_words(kind: NoticeKind) -> None:
    words = KINDS[kind]
    assert words.name and words.one != words.several


@pytest.mark.parametrize("chosen", [*Frequency, None])
def test_security_cannot_be_switched_off(chosen: Frequency | None) -> None:
    assert not may_choose(NoticeKind.SECURITY)
    assert frequency_of(NoticeKind.SECURITY, chosen) is Frequency.AT_ONCE


def test_what_was_chosen_stands_and_else_what_is_usual() -> None:
    assert frequency_of(NoticeKind.INVOICE_READY, Frequency.NEVER) is Frequency.NEVER
    assert frequency_of(NoticeKind.INVOICE_READY, None) is Frequency.AT_ONCE
    assert frequency_of(NoticeKind.INVOICE_WAITING, None) is Frequency.DAILY


def test_nobody_is_asked_about_what_does_not_concern_them() -> None:
    finance = concerning(permissions_of([Role.FINANCE]), PROVIDER)
    assert NoticeKind.INVOICE_READY in finance
    assert NoticeKind.INVOICE_WAITING not in finance
    officer = concerning(permissions_of([Role.REFERRER]), OrganisationKind.COUNCIL)
    assert NoticeKind.CLEARANCE_EXPIRING not in officer  # it reads of mentors, and is not told
    assert concerning(frozenset(), PROVIDER) == (NoticeKind.SECURITY,)


@pytest.mark.parametrize(
    ("roles", "permission", "told"),
    [
        ([Role.FINANCE], Permission.INVOICE_SUBMIT, True),
        ([Role.BIDS], Permission.INVOICE_SUBMIT, False),
        ([Role.BIDS, Role.FINANCE], Permission.INVOICE_SUBMIT, True),
        ([Role.FINANCE], None, True),
        # A mentor sees some agreements alone, so is told only what is theirs.
        ([Role.DELIVERY], Permission.AGREEMENT_READ, False),
        ([Role.DELIVERY], None, False),
        ([Role.DELIVERY, Role.FINANCE], Permission.AGREEMENT_READ, True),
        ([], None, False),
    ],
)
def test_who_is_among_everybody_with_a_permission(
    roles: list[Role], permission: Permission | None, told: bool
) -> None:
    assert is_told(roles, permission) is told
