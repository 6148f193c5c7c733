"""Every event in words: the one place where a package's events get their sentence.

An event that is not here is shown by its code, so nothing that happened is hidden.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.agreements.changing import actions as changing
from portal.agreements.clocks import actions as clocks
from portal.agreements.conversations import actions as conversations
from portal.agreements.disclosing import actions as disclosing
from portal.agreements.mentors import actions as mentors
from portal.agreements.offers import actions as offers
from portal.agreements.orders import actions as orders
from portal.agreements.subcontractors import actions as subcontractors
from portal.agreements.substitutes import events as substitutes
from portal.agreements.transfers import actions as transfers
from portal.agreements.uplifts import actions as uplifts
from portal.agreements.variations import actions as variations
from portal.audit import events as audit
from portal.budgets import actions as budgets
from portal.complaints import happenings as complaints
from portal.complaints.guidance.contacts import actions as contacts
from portal.complaints.guidance.procedures import actions as procedures
from portal.delivery.concerns import actions as concerns
from portal.delivery.corrections import actions as corrections
from portal.delivery.meetings import actions as meetings
from portal.delivery.meetings.contributions import actions as contributions
from portal.delivery.nights import actions as nights
from portal.delivery.outcomes import actions as outcomes
from portal.delivery.plans import actions as plans
from portal.delivery.reports import events as reports
from portal.delivery.risks import actions as risks
from portal.delivery.sessions import actions as sessions
from portal.delivery.terms import actions as terms
from portal.evidence.documents import actions as evidence
from portal.frameworks.applications import actions as applications
from portal.frameworks.applications.receiving import actions as receiving
from portal.frameworks.evaluation import events as evaluation
from portal.frameworks.lots import events as lots
from portal.frameworks.opening import events as opening
from portal.frameworks.questions import events as questions
from portal.frameworks.rounds import events as rounds
from portal.frameworks.standing import actions as standing
from portal.identity.people import events as people
from portal.identity.recovery import events as recovery
from portal.identity.sign_ins import words as identity
from portal.invoicing.actions import events as invoicing
from portal.invoicing.banking import events as banking
from portal.invoicing.credits import actions as credit_notes
from portal.invoicing.runs import events as runs
from portal.kernel.money import Money
from portal.kernel.wording import say_hours
from portal.referrals import events as referrals

SENTENCES: Mapping[str, str] = {
    audit.Event.IDENTITY_SEEN: "Looked at an identity",
    audit.Event.REFUSED: "Was refused",
    audit.Event.REFUSED_OFTEN: "Was refused too often to list each time",
    audit.Event.EXPORTED: "Took the record out as a file",
    audit.Event.STATED: "Stated where the record ends, outside the portal",
    audit.Event.WORDS_ERASED: "Erased words of an earlier event, on schedule",
    **identity.WORDS,
    **people.WORDS,
    **recovery.WORDS,
    **opening.WORDS,
    receiving.Event.RECEIVED: "Submitted an application",
    receiving.Event.REFUSED: "Submitted an application that was not received",
    evidence.Event.SENT: "Sent evidence",
    evidence.Event.VERIFIED: "Verified evidence",
    evidence.Event.REFUSED: "Did not accept evidence",
    **banking.WORDS,
    **runs.WORDS,
    **lots.WORDS,
    **standing.WORDS,
    **rounds.WORDS,
    **questions.WORDS,
    **uplifts.WORDS,
    **clocks.WORDS,
    **mentors.WORDS,
    **substitutes.WORDS,
    **changing.WORDS,
    **variations.WORDS,
    **transfers.WORDS,
    **subcontractors.WORDS,
    **disclosing.WORDS,
    **offers.WORDS,
    **orders.WORDS,
    **referrals.WORDS,
    applications.Event.STARTED: "Began an application",
    applications.Event.PART_SAVED: "Saved a part of an application",
    applications.Event.WITHDRAWN: "Withdrew an application",
    applications.Event.TAKEN_UP: "Took an application up again",
    sessions.Event.RECORDED: "Recorded a session",
    sessions.Event.CHANGED: "Changed a session",
    sessions.Event.REMOVED: "Removed a session",
    nights.Event.RECORDED: "Recorded nights",
    nights.Event.CHANGED: "Changed nights",
    nights.Event.REMOVED: "Removed nights",
    plans.Event.MADE: "Planned sessions for every week",
    plans.Event.ENDED: "Ended a plan of sessions",
    plans.Event.TAKEN_OVER: "Gave a plan of sessions to the substitute",
    corrections.Event.CORRECTED: "Corrected what was invoiced",
    corrections.Event.TAKEN_BACK: "Took a correction back",
    outcomes.Event.SCORED: "Scored outcomes at the start of an agreement",
    **terms.WORDS,
    **reports.WORDS,
    **meetings.WORDS,
    **contributions.WORDS,
    **conversations.WORDS,
    **concerns.WORDS,
    **risks.WORDS,
    invoicing.Event.SUBMITTED: "Submitted the invoice",
    invoicing.Event.LINE_APPROVED: "Approved a line",
    invoicing.Event.LINE_QUERIED: "Queried a line",
    invoicing.Event.LINE_REFUSED: "Refused a line",
    invoicing.Event.LINE_DISPUTED: "Disputed the refusal of a line",
    invoicing.Event.LINE_UPHELD: "Upheld the refusal of a line",
    invoicing.Event.LINE_ALLOWED: "Approved a line that was disputed",
    invoicing.Event.LINE_ANSWERED: "Answered the question on a line",
    invoicing.Event.LINE_AMENDED: "Amended a line",
    credit_notes.Event.ENTERED: "Entered a credit note",
    credit_notes.Event.ACCEPTED: "Accepted a credit note",
    credit_notes.Event.REFUSED: "Did not accept a credit note",
    credit_notes.Event.EXPORTED: "Took a credit note out as a file",
    invoicing.Event.PAID: "Recorded the payment",
    invoicing.Event.EXPORTED: "Took the invoice out as a file",
    **evaluation.WORDS,
    budgets.Event.CAP_SET: "Set the cap",
    budgets.Event.CAP_CHANGED: "Changed the cap before anything was approved against it",
    budgets.Event.CAP_RAISED: "Raised the cap",
    contacts.Event.CONTACT_PUBLISHED: "Published a contact for young people",
    contacts.Event.CONTACT_CONFIRMED: "Checked a contact for young people",
    contacts.Event.EXIT_ADDRESS_SET: 'Set where "Exit this page" leads',
    procedures.Event.PUBLISHED: "Published how complaints are dealt with",
    **complaints.WORDS,
    "loading:file:loaded": "Loaded a file of arrangements",
    "identity:secrets:sealed-anew": "Sealed everything sealed with the present key",
    "rights:copy:asked": "Asked for a copy of a person's data",
    "rights:copy:made": "Made a copy of a person's data",
    "rights:copy:taken": "Downloaded a copy of a person's data",
    "rights:periods:set": "Set how long things are kept",
    "rights:hold:placed": "Placed a legal hold",
    "rights:hold:lifted": "Lifted a legal hold",
    "rights:organisation:swept": "Removed what had been kept long enough",
    "rights:person:erased": "Erased a person who had left",
}

GROUPS = {
    "looks": "Looks at an identity",
    "refusals": "Refusals",
    "identity": "Signing in",
    "people": "People and their roles",
    "evidence": "Evidence",
    "frameworks": "Frameworks and places",
    "rounds": "Framework rounds",
    "questions": "Questions of rounds",
    "uplifts": "Uplifts of prices",
    "agreements": "Agreements",
    "disclosing": "Who is told who a young person is",
    "referrals": "Referrals",
    "offers": "Offers for referrals",
    "orders": "Order forms",
    "applications": "Applications to rounds",
    "opening": "Opening of applications",
    "evaluation": "Evaluation",
    "mentors": "Mentors",
    "clocks": "Contacts with young people",
    "delivery": "Delivery",
    "conversations": "Conversations",
    "invoicing": "Invoices and payments",
    "budgets": "Budgets",
    "complaints": "Complaints",
    "guidance": "Pages for young people",
    "loading": "Files loaded",
    "record": "The record itself",
    "rights": "How long things are kept, and copies of data",
}

KINDS = {
    "agreement": "Agreement",
    "budget": "Budget",
    "complaint": "Complaint",
    "shared-complaint": "Shared complaint",
    "own-complaint": "Entry of a complaints log",
    "school-report": "Report to the Virtual School",
    "kept-years": "How long complaints are kept",
    "evidence": "Evidence",
    "framework": "Framework",
    "place": "Place",
    "invoice": "Invoice",
    "legal-hold": "Legal hold",
    "invoice line": "Line of an invoice",
    "credit note": "Credit note",
    "mentor": "Mentor",
    "contact": "Contact",
    "session": "Session",
    "conversation": "Conversation",
    "concern": "Safeguarding concern",
    "risk": "Notice of a change or risk",
    "session plan": "Plan of sessions",
    "correction": "Correction",
    "stay": "Nights",
    "offer": "Offer",
    "referral": "Referral",
    "order form": "Order form",
    "school term": "School term",
    "termly report": "Termly report",
    "meeting": "Meeting",
    "organisation": "Organisation",
    "round": "Round",
    "application": "Application",
    "person": "Person",
    "transfer": "Move of an agreement",
    "page": "Page that was refused",
    "record": "The record",
    "young person": "Young person",
}


def say_event(code: str) -> str:
    """What somebody did, in words; the code itself when there are none."""
    return SENTENCES.get(code, code)


def say_details(details: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Figures and codes of an event as (name, value); pence as money, minutes as hours."""
    return [_said(name, value) for name, value in details.items() if value is not None]


def _said(name: str, value: Any) -> tuple[str, str]:
    whole = isinstance(value, int) and not isinstance(value, bool)
    if "pence" in name.split("_") and whole:
        words = [word for word in name.split("_") if word != "pence"]
        return _title(words), str(Money(value))
    if name.startswith("minutes") and whole:
        return _title(["time", *name.split("_")[1:]]), say_hours(value)
    if isinstance(value, bool):
        return _title(name.split("_")), "Yes" if value else "No"
    if isinstance(value, list):
        return _title(name.split("_")), ", ".join(str(one) for one in value)
    return _title(name.split("_")), str(value)


def _title(words: list[str]) -> str:
    said = " ".join(words)
    return f"{said[:1].upper()}{said[1:]}"
