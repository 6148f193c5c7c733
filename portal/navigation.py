"""What each role finds in its navigation, and the links at the foot of every page."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request, url_for

from portal.identity.permissions import Permission
from portal.identity.viewing import Viewer


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of the navigation."""

    label: str
    href: str
    current: bool = False
    count: int | None = None


SECTIONS = (
    ("Today", "today.show", Permission.DAY_KEEP),
    ("Invoices", "invoicing.index", Permission.INVOICE_READ),
    ("Payment runs", "runs.index", Permission.RUN_READ),
    ("Delivery", "delivery.index", Permission.DELIVERY_RECORD),
    ("Referrals", "referrals.index", Permission.REFERRAL_READ),
    ("Referrals", "inbox.index", Permission.REFERRAL_ANSWER),
    ("Agreements", "agreements.index", Permission.AGREEMENT_READ),
    ("Mentors", "mentors.index", Permission.MENTOR_READ),
    ("Risks", "risks.index", Permission.RISK_CLOSE),
    ("Concerns", "concerns.index", Permission.CONCERN_HANDLE),
    ("Evidence", "evidence.index", Permission.EVIDENCE_READ),
    ("Frameworks", "frameworks.index", Permission.FRAMEWORK_READ),
    ("Rounds", "rounds.index", Permission.ROUND_READ),
    ("Applications", "applications.index", Permission.APPLICATION_MAKE),
    ("Budgets", "budgets.index", Permission.BUDGET_READ),
    ("Complaints", "complaints.index", Permission.COMPLAINT_READ),
    ("Complaints", "shared.index", Permission.SHARED_COMPLAINT_ANSWER),
    ("Alerts", "alerts.index", Permission.COMPLAINT_ALERT),
    ("Learning", "learning.index", Permission.COMPLAINT_LEARNING_READ),
    ("Contacts", "contacts.index", Permission.CONTACT_KEEP),
    ("Procedure", "procedures.show", Permission.PROCEDURE_PUBLISH),
    ("People", "people.index", Permission.PEOPLE_READ),
    ("Record", "audit.index", Permission.AUDIT_READ),
)
#: The section of the pages whose address begins with another word than the section's own.
BELONGS = {
    "bank-accounts": "Evidence",
    "referrals": "Referrals",
    "offers": "Referrals",
    "orders": "Referrals",
    "young-people-known": "Referrals",
    "capacity": "Referrals",
    "deadlines": "Agreements",
    "contacts": "Agreements",
    "conversations": "Agreements",
    "variations": "Agreements",
    "subcontractors": "Agreements",
    "transfers": "Agreements",
    "concerns": "Agreements",
    "risks": "Agreements",
    "reports": "Agreements",
    "meetings": "Agreements",
    "terms": "Agreements",
}


def navigation_for(person: Viewer) -> list[Link]:
    """The sections that this person's roles open, with the one they are in marked.

    A page is in the section whose address its own begins with, of several in the nearest; else in
    the one that it belongs to.
    """
    sections = [
        (label, url_for(endpoint))
        for label, endpoint, permission in SECTIONS
        if person.can(permission)
    ]
    around = [href for _, href in sections if f"{request.path}/".startswith(f"{href}/")]
    belongs = BELONGS.get(request.path.split("/")[1])
    owning = [href for label, href in sections if label == belongs]
    here = max(around or owning, key=len, default=None)
    links = [Link("Home", url_for("home.show"), request.endpoint == "home.show")]
    links += [Link(label, href, href == here) for label, href in sections]
    if person.can(Permission.CONCERN_RAISE):
        about = (request.view_args or {}).get("agreement_id")
        links.append(Link("Raise a concern", url_for("concerns.raise_form", agreement=about)))
    return links
