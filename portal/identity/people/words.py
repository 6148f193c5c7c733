"""What each role may do and see, in plain words: derived from ALLOWED, so that it cannot drift."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from portal.identity.allowed import ALLOWED
from portal.identity.permissions import Permission
from portal.identity.rules import ROLE_NAMES, Role, only_assigned
from portal.kernel.wording import say_list

MAY: Mapping[Permission, str] = {
    Permission.FRAMEWORK_READ: "See frameworks, their categories and prices",
    Permission.PROVIDER_READ: "See the providers on your frameworks",
    Permission.EVIDENCE_READ: "See insurance, policies and other evidence",
    Permission.EVIDENCE_SEND: "Send insurance certificates, policies and other evidence",
    Permission.EVIDENCE_VERIFY: "Verify a provider's evidence, or say why it is not accepted",
    Permission.FRAMEWORK_EDIT: "Set up frameworks: lots, categories, prices asked and evidence",
    Permission.ROUND_READ: "See rounds, and what was received once two people opened it",
    Permission.ROUND_RUN: "Announce rounds, extend them and answer providers' questions",
    Permission.ROUND_OPEN: "Open a round's sealed bids, together with a second person",
    Permission.APPLICATION_MAKE: "Apply to rounds: answers, prices and submitting",
    Permission.EVALUATION_RUN: "Run an evaluation: compliance, moderation, decisions, letters",
    Permission.EVALUATION_SCORE: "Score applications",
    Permission.AWARD_SIGN: "Sign the framework agreement for the provider",
    Permission.AWARD_COUNTERSIGN: "Sign framework agreements for the council",
    Permission.UPLIFT_RUN: "Prepare the yearly uplift of prices",
    Permission.UPLIFT_AGREE: "Agree to an uplift that somebody else prepared",
    Permission.REFERRAL_READ: "See referrals, and the providers that answer them",
    Permission.REFERRAL_MAKE: "Refer young people, and keep who they are",
    Permission.REFERRAL_ANSWER: "Answer the referrals that councils send you",
    Permission.ORDER_READ: "See order forms, and print them",
    Permission.IDENTITY_READ: "See who a young person is, each look being recorded",
    Permission.IDENTITY_GIVE: "Say which of your people may know who a young person is",
    Permission.MENTOR_READ: "See mentors and their checks",
    Permission.MENTOR_KEEP: "Keep mentors' records and assign mentors to agreements",
    Permission.MENTOR_REJECT: "Reject a mentor, so that the provider finds another",
    Permission.AGREEMENT_READ: "See agreements, and with them which young person each is for",
    Permission.AGREEMENT_CHANGE: "Change agreements: suspend, end, move, vary their terms",
    Permission.DELIVERY_READ: "See sessions and nights, and what was written about them",
    Permission.DELIVERY_RECORD: "Record sessions and nights",
    Permission.DAY_KEEP: "See their own day, and say of each session what happened",
    Permission.REPORT_READ: "Read termly reports, outcomes and contributions to reviews",
    Permission.REPORT_WRITE: "Write termly reports, score outcomes, record contributions",
    Permission.REPORT_DECIDE: "Accept a termly report, or give it back with reasons",
    Permission.TERMS_KEEP: "Keep the school terms, and set when reports are due",
    Permission.MEETING_READ: "Read notes of meetings between councils and providers",
    Permission.MEETING_KEEP: "Arrange meetings between councils and providers, and keep notes",
    Permission.INVOICE_READ: "See invoices",
    Permission.INVOICE_SUBMIT: "Submit invoices",
    Permission.INVOICE_REPLY: "Answer queries on invoices",
    Permission.INVOICE_DECIDE: "Approve, query or refuse invoice lines",
    Permission.INVOICE_EXPORT: "Take invoices out as files",
    Permission.PAYMENT_RECORD: "Record payments",
    Permission.RUN_READ: "See payment runs",
    Permission.RUN_PROPOSE: "Propose payment runs, and record what was paid",
    Permission.RUN_RELEASE: "Release payment runs that somebody else proposed",
    Permission.BANK_READ: "See changes of bank accounts, with few digits",
    Permission.BANK_CHANGE: "Ask for another bank account, and confirm what a colleague asked for",
    Permission.BANK_VERIFY: "Call a provider back and verify its changed bank account",
    Permission.BANK_HOLD_SET: "Set how long a changed bank account is held",
    Permission.BUDGET_READ: "See budgets",
    Permission.BUDGET_SET: "Set the cap of a contract year until something is approved against it",
    Permission.BUDGET_RAISE: "Raise the cap of a budget",
    Permission.AUDIT_READ: "Read the record of who did what",
    Permission.COMPLAINT_READ: "See complaints that young people made, and how they go",
    Permission.COMPLAINT_HANDLE: "Handle complaints: answer, decide, share and close them",
    Permission.COMPLAINT_ALERT: "Take alerts about a young person who may not be safe",
    Permission.COMPLAINT_REPORT_READ: "Read reports about complaints",
    Permission.COMPLAINT_LEARNING_READ: "Read what was learned from complaints",
    Permission.COMPLAINT_FIGURES: "See figures about complaints, small ones left out",
    Permission.SHARED_COMPLAINT_ANSWER: "Answer what a council shared of a complaint",
    Permission.OWN_COMPLAINT_KEEP: "Keep complaints made to you directly",
    Permission.CONTACT_KEEP: "Keep the contacts that young people are shown",
    Permission.PROCEDURE_PUBLISH: "Publish how to complain",
    Permission.PEOPLE_READ: "See who works here and with which roles",
    Permission.PEOPLE_CHANGE: "Invite people, change their roles and end their access",
    Permission.RETENTION_KEEP: "Set how long things are kept, and hold what a court may ask for",
    Permission.CONVERSE: "Write to the other side about an agreement",
    Permission.REFERRAL_CONVERSE: "Write to the other side about a referral",
    Permission.CONCERN_RAISE: "Raise a safeguarding concern",
    Permission.CONCERN_READ: "See safeguarding concerns; mentors and finance, those they raised",
    Permission.CONCERN_HANDLE: "Acknowledge and close safeguarding concerns",
    Permission.RISK_READ: "See notices of change or risk to delivery",
    Permission.RISK_GIVE: "Give notice of a change or risk to delivery",
    Permission.RISK_CLOSE: "Close notices of change or risk to delivery",
}
ONLY_ASSIGNED = "All of this only for the agreements they are assigned to"


def what_may(role: Role) -> list[str]:
    """What a role permits, a sentence each, in the order of the permissions."""
    words = [MAY[permission] for permission in Permission if permission in ALLOWED[role]]
    return [*words, ONLY_ASSIGNED] if only_assigned({role}) else words


def name_roles(roles: Iterable[str]) -> list[str]:
    """The names of roles given by their codes, in the order of the roles."""
    codes = set(roles)
    return [ROLE_NAMES[role] for role in Role if role.value in codes]


def say_change(details: Mapping[str, Any]) -> str:
    """What an event of somebody's history changed, in sentences; empty where it says nothing."""
    said = [
        f"{label}{say_list(name_roles(details[name]))}."
        for name, label in (("given", "Given: "), ("taken", "Taken away: "), ("roles", ""))
        if details.get(name)
    ]
    if details.get("invited_by"):
        said.append(f"Invited by {details['invited_by']}.")
    if details.get("reason"):
        said.append(str(details["reason"]))
    return " ".join(said)
