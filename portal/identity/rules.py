"""Roles, and the two kinds of organisation. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class OrganisationKind(StrEnum):
    """A council buys, a provider delivers; each is a tenant."""

    COUNCIL = "council"
    PROVIDER = "provider"


class Role(StrEnum):
    """What a person is in an organisation; a person may hold several."""

    PROVIDER_ADMINISTRATOR = "provider-administrator"
    BIDS = "bids"
    DELIVERY = "delivery"
    FINANCE = "finance"
    COMMISSIONER = "commissioner"
    EVALUATOR = "evaluator"
    REFERRER = "referrer"
    APPROVER = "approver"
    BUDGET_HOLDER = "budget-holder"
    COMPLAINTS_MANAGER = "complaints-manager"
    AUDITOR = "auditor"
    COUNCIL_ADMINISTRATOR = "council-administrator"


ROLE_NAMES = {
    Role.PROVIDER_ADMINISTRATOR: "Administrator",
    Role.BIDS: "Bids",
    Role.DELIVERY: "Mentor",
    Role.FINANCE: "Finance",
    Role.COMMISSIONER: "Commissioner",
    Role.EVALUATOR: "Evaluator",
    Role.REFERRER: "Virtual School officer",
    Role.APPROVER: "Invoice approver",
    Role.BUDGET_HOLDER: "Budget holder",
    Role.COMPLAINTS_MANAGER: "Complaints manager",
    Role.AUDITOR: "Auditor",
    Role.COUNCIL_ADMINISTRATOR: "Administrator",
}

ADMINISTRATORS = frozenset({Role.PROVIDER_ADMINISTRATOR, Role.COUNCIL_ADMINISTRATOR})
PROVIDER_ROLES = frozenset({Role.PROVIDER_ADMINISTRATOR, Role.BIDS, Role.DELIVERY, Role.FINANCE})


def only_assigned(roles: Iterable[Role]) -> bool:
    """Whether a person sees only the agreements they are assigned to (a mentor)."""
    return set(roles) == {Role.DELIVERY}


def role_fits(kind: OrganisationKind, role: Role) -> bool:
    """Whether a role exists in this kind of organisation."""
    return (role in PROVIDER_ROLES) == (kind is OrganisationKind.PROVIDER)
