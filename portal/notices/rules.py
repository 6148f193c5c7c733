"""What there is to be told of, and how often each person is told by e-mail. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from portal.identity.allowed import ALLOWED
from portal.identity.permissions import Permission
from portal.identity.rules import OrganisationKind, Role


class NoticeKind(StrEnum):
    """What a notice is about."""

    SECURITY = "security"
    POST_RETURNED = "post-returned"
    INVOICE_READY = "invoice-ready"
    INVOICE_WAITING = "invoice-waiting"
    DISPUTE = "dispute"
    CREDIT_NOTE = "credit-note"
    BANK_ACCOUNT = "bank-account"
    PAYMENT_RUN = "payment-run"
    REPORT = "report"
    MEETING = "meeting"
    EVIDENCE_EXPIRING = "evidence-expiring"
    EVIDENCE_REFUSED = "evidence-refused"
    CLEARANCE_EXPIRING = "clearance-expiring"
    MENTOR = "mentor"
    DEADLINE = "deadline"
    COMPLAINT = "complaint"
    COMPLAINT_DUE = "complaint-due"
    COMPLAINT_ALERT = "complaint-alert"
    SHARED_COMPLAINT = "shared-complaint"
    CONTACTS_STALE = "contacts-stale"
    ROUND = "round"
    ROUND_RUN = "round-run"
    PLACE = "place"
    EVALUATION = "evaluation"
    OUTCOME = "outcome"
    UPLIFT = "uplift"
    ORDER = "order"
    REFERRAL = "referral"
    REFERRAL_ANSWERED = "referral-answered"
    MESSAGE = "message"
    CONCERN = "concern"
    RISK = "risk"
    AGREEMENT = "agreement"


class Frequency(StrEnum):
    """When somebody is told by e-mail; in the portal they are told at once in any case."""

    AT_ONCE = "at-once"
    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


FREQUENCY_WORDS = {
    Frequency.AT_ONCE: "At once",
    Frequency.DAILY: "Once a day, in one e-mail",
    Frequency.WEEKLY: "Once a week, in one e-mail",
    Frequency.NEVER: "Not by e-mail",
}


@dataclass(frozen=True, slots=True)
class Words:
    """A kind in words: its name, how several are counted, and whom it concerns.

    ``concerns`` are permissions of which a person holds one; nobody else is asked how often they
    want it. None means everybody. ``side`` is the kind of organisation that is told, if only one.
    """

    name: str
    one: str
    several: str
    concerns: frozenset[Permission] | None
    usually: Frequency = Frequency.DAILY
    side: OrganisationKind | None = None


KINDS = {
    NoticeKind.SECURITY: Words(
        "Your account's security", "notice about your account", "notices about your account", None,
        Frequency.AT_ONCE,
    ),
    NoticeKind.POST_RETURNED: Words(
        "E-mail that could not be delivered", "e-mail that could not be delivered",
        "e-mails that could not be delivered", frozenset({Permission.PEOPLE_CHANGE}),
    ),
    NoticeKind.INVOICE_READY: Words(
        "Invoices to submit", "invoice to submit", "invoices to submit",
        frozenset({Permission.INVOICE_SUBMIT}), Frequency.AT_ONCE,
    ),
    NoticeKind.INVOICE_WAITING: Words(
        "Invoices to decide", "reminder of invoices to decide", "reminders of invoices to decide",
        frozenset({Permission.INVOICE_DECIDE}),
    ),
    NoticeKind.BANK_ACCOUNT: Words(
        "Changes of bank accounts", "notice about a bank account", "notices about bank accounts",
        frozenset({Permission.BANK_CHANGE, Permission.BANK_VERIFY}), Frequency.AT_ONCE,
    ),
    NoticeKind.PAYMENT_RUN: Words(
        "Payment runs to release", "payment run to release", "payment runs to release",
        frozenset({Permission.RUN_RELEASE}), Frequency.AT_ONCE,
    ),
    NoticeKind.DISPUTE: Words(
        "Refused lines that are disputed", "notice about a disputed line",
        "notices about disputed lines",
        frozenset({Permission.INVOICE_DECIDE, Permission.INVOICE_REPLY}), Frequency.AT_ONCE,
    ),
    NoticeKind.CREDIT_NOTE: Words(
        "Credit notes", "notice about a credit note", "notices about credit notes",
        frozenset({Permission.INVOICE_DECIDE, Permission.INVOICE_SUBMIT}), Frequency.AT_ONCE,
    ),
    NoticeKind.REPORT: Words(
        "Termly reports", "notice about a termly report", "notices about termly reports",
        frozenset({Permission.REPORT_WRITE, Permission.REPORT_DECIDE}),
    ),
    NoticeKind.MEETING: Words(
        "Meetings of councils and providers", "notice about a meeting", "notices about meetings",
        frozenset({Permission.MEETING_KEEP}),
    ),
    NoticeKind.EVIDENCE_EXPIRING: Words(
        "Evidence that is about to expire", "piece of evidence that is about to expire",
        "pieces of evidence that are about to expire", frozenset({Permission.EVIDENCE_SEND}),
    ),
    NoticeKind.EVIDENCE_REFUSED: Words(
        "Evidence that a council does not accept", "piece of evidence that is not accepted",
        "pieces of evidence that are not accepted", frozenset({Permission.EVIDENCE_SEND}),
        Frequency.AT_ONCE,
    ),
    NoticeKind.CLEARANCE_EXPIRING: Words(
        "Mentors whose DBS check is about to expire", "DBS check that is about to expire",
        "DBS checks that are about to expire", frozenset({Permission.MENTOR_READ}),
        side=OrganisationKind.PROVIDER,
    ),
    NoticeKind.MENTOR: Words(
        "Mentors of your agreements", "notice about a mentor", "notices about mentors",
        frozenset({Permission.MENTOR_KEEP, Permission.MENTOR_REJECT, Permission.DAY_KEEP}),
        Frequency.AT_ONCE,
    ),
    NoticeKind.DEADLINE: Words(
        "Deadlines of agreements", "deadline of an agreement", "deadlines of agreements",
        frozenset({Permission.DELIVERY_RECORD, Permission.MENTOR_REJECT}), Frequency.AT_ONCE,
    ),
    NoticeKind.COMPLAINT: Words(
        "What happens to complaints", "notice about a complaint", "notices about complaints",
        frozenset({Permission.COMPLAINT_READ, Permission.COMPLAINT_REPORT_READ}),
    ),
    NoticeKind.COMPLAINT_DUE: Words(
        "Complaints that are due", "complaint that is due", "complaints that are due",
        frozenset({Permission.COMPLAINT_HANDLE}),
    ),
    NoticeKind.COMPLAINT_ALERT: Words(
        "Safeguarding alerts", "safeguarding alert", "safeguarding alerts",
        frozenset({Permission.COMPLAINT_ALERT}), Frequency.AT_ONCE,
    ),
    NoticeKind.SHARED_COMPLAINT: Words(
        "Complaints that a council shares", "complaint that a council shares",
        "complaints that councils share", frozenset({Permission.SHARED_COMPLAINT_ANSWER}),
        Frequency.AT_ONCE,
    ),
    NoticeKind.CONTACTS_STALE: Words(
        "Contacts for young people to check", "reminder to check contacts",
        "reminders to check contacts", frozenset({Permission.CONTACT_KEEP}),
    ),
    NoticeKind.ROUND: Words(
        "Rounds to apply in", "notice about a round", "notices about rounds",
        frozenset({Permission.APPLICATION_MAKE}), Frequency.AT_ONCE,
    ),
    NoticeKind.ROUND_RUN: Words(
        "Rounds that your council runs", "notice about a round you run",
        "notices about rounds you run", frozenset({Permission.ROUND_RUN}),
    ),
    NoticeKind.PLACE: Words(
        "Places on frameworks", "notice about a place", "notices about places",
        frozenset({Permission.APPLICATION_MAKE, Permission.FRAMEWORK_EDIT}), Frequency.AT_ONCE,
    ),
    NoticeKind.EVALUATION: Words(
        "Evaluations and agreements of rounds", "notice about an evaluation",
        "notices about evaluations",
        frozenset(
            {
                Permission.EVALUATION_RUN, Permission.EVALUATION_SCORE,
                Permission.AWARD_COUNTERSIGN,
            }
        ),
        Frequency.AT_ONCE,
    ),
    NoticeKind.OUTCOME: Words(
        "Outcomes of your applications", "outcome of an application", "outcomes of applications",
        frozenset({Permission.APPLICATION_MAKE, Permission.AWARD_SIGN}), Frequency.AT_ONCE,
    ),
    NoticeKind.UPLIFT: Words(
        "Yearly uplifts of prices", "notice about an uplift of prices",
        "notices about uplifts of prices",
        frozenset({Permission.FRAMEWORK_READ, Permission.UPLIFT_AGREE}), Frequency.AT_ONCE,
    ),
    NoticeKind.ORDER: Words(
        "Offers and order forms", "notice about an offer or an order form",
        "notices about offers and order forms",
        frozenset({Permission.REFERRAL_MAKE, Permission.REFERRAL_ANSWER}), Frequency.AT_ONCE,
    ),
    NoticeKind.MESSAGE: Words(
        "Messages from the other side", "message from the other side",
        "messages from the other side",
        frozenset({Permission.CONVERSE, Permission.REFERRAL_CONVERSE}), Frequency.AT_ONCE,
    ),
    NoticeKind.CONCERN: Words(
        "Safeguarding concerns", "notice about a safeguarding concern",
        "notices about safeguarding concerns",
        frozenset({Permission.CONCERN_HANDLE, Permission.CONCERN_READ}), Frequency.AT_ONCE,
    ),
    NoticeKind.RISK: Words(
        "Changes and risks to delivery", "notice of a change or risk",
        "notices of changes and risks",
        frozenset({Permission.RISK_CLOSE, Permission.RISK_GIVE}), Frequency.AT_ONCE,
    ),
    NoticeKind.REFERRAL: Words(
        "Referrals to answer", "notice about a referral", "notices about referrals",
        frozenset({Permission.REFERRAL_ANSWER}), Frequency.AT_ONCE,
    ),
    NoticeKind.REFERRAL_ANSWERED: Words(
        "Answers to your referrals", "answer to a referral", "answers to referrals",
        frozenset({Permission.REFERRAL_MAKE}), Frequency.AT_ONCE,
    ),
    NoticeKind.AGREEMENT: Words(
        "Changes of agreements", "notice about a change of an agreement",
        "notices about changes of agreements", frozenset({Permission.AGREEMENT_CHANGE}),
        Frequency.AT_ONCE,
    ),
}  # fmt: skip


def may_choose(kind: NoticeKind) -> bool:
    """Whether the frequency is the person's to choose; what cannot wait always comes at once."""
    return kind not in (
        NoticeKind.SECURITY, NoticeKind.COMPLAINT_ALERT, NoticeKind.CONCERN, NoticeKind.BANK_ACCOUNT
    )  # fmt: skip


def frequency_of(kind: NoticeKind, chosen: Frequency | None) -> Frequency:
    """How often a kind is e-mailed to somebody who chose that, or nothing."""
    if chosen is None or not may_choose(kind):
        return KINDS[kind].usually
    return chosen


def concerning(
    permissions: frozenset[Permission], side: OrganisationKind
) -> tuple[NoticeKind, ...]:
    """The kinds that somebody with these permissions in this kind of organisation is told of."""
    return tuple(
        kind
        for kind, words in KINDS.items()
        if (words.concerns is None or words.concerns & permissions) and words.side in (None, side)
    )


def roles_with(permission: Permission) -> frozenset[Role]:
    """The roles that hold a permission."""
    return frozenset(role for role, allowed in ALLOWED.items() if permission in allowed)


def is_told(roles: Iterable[Role], permission: Permission | None) -> bool:
    """Whether somebody with these roles is among "everybody with the permission".

    A mentor sees only the agreements that they are assigned to, so what is told to a whole
    organisation is not for somebody who is nothing else there.
    """
    held = set(roles)
    if not held or held == {Role.DELIVERY}:
        return False
    return permission is None or bool(held & roles_with(permission))


LAPSE_STEPS = (60, 30, 7)  # days before something lapses at which its owner is reminded


def lapse_step(days: int) -> int | None:
    """Which reminder stands when something lapses in so many days; None when it is too early.

    The latest of the steps that were reached, so that one reminder is made up for after a day on
    which none could be given. What has lapsed is reminded of no more.
    """
    reached = [step for step in LAPSE_STEPS if 0 <= days <= step]
    return min(reached, default=None)
