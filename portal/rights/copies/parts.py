"""Which tables hold something of a person, and what of each is told.

Each table that refers to people is told here, or stands in ``LEFT_OUT`` with the reason. Secrets
(hashes, keys) are never told, and nothing says who else had a part in something.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from portal.agreements.changing.models import Ending
from portal.agreements.conversations.models import ConversationMessage, ConversationReading
from portal.agreements.disclosing.models import Disclosure
from portal.agreements.models import Agreement, Assignment, Clearance, Mentor, Suspension
from portal.agreements.offers.models import Offer
from portal.agreements.orders.models import OrderForm
from portal.agreements.subcontractors.models import Subcontractor
from portal.agreements.transfers.models import Transfer
from portal.agreements.uplifts.models import UpliftRun
from portal.agreements.variations.models import Variation
from portal.audit.models import AuditEvent
from portal.budgets.models import CapRaise
from portal.complaints.entering.models import Entry
from portal.complaints.handling.models import AlertTaken, CasePerson, CaseStage
from portal.complaints.models import Complaint, Message
from portal.delivery.concerns.models import Concern, ConcernNote, SafeguardingLead
from portal.delivery.risks.models import Risk
from portal.evidence.models import EvidenceJudgement
from portal.frameworks.applications.models import Application, DraftPart, Submission
from portal.frameworks.evaluation.deciding.models import Award, Reopening
from portal.frameworks.evaluation.models import ComplianceCheck, Consensus, Evaluator, Score
from portal.frameworks.evaluation.signing.models import Signature
from portal.frameworks.lots.models import FrameworkChange
from portal.frameworks.rounds.clarifications.models import Clarification
from portal.frameworks.rounds.models import (
    LateDoor,
    OpenerKey,
    Round,
    RoundExtension,
    RoundOpener,
)
from portal.frameworks.standing.models import PlaceChange
from portal.identity.factors.models import Authenticator, Passkey, RecoveryCode
from portal.identity.models import Credential, Membership, MembershipRole, Person, SignIn
from portal.identity.people.invitations.models import Invitation, JoinRequest
from portal.identity.people.reviews.models import Confirmation
from portal.identity.recovery.models import AddressChange, RecoveryLink
from portal.invoicing.banking.models import BankChange
from portal.invoicing.credits.models import CreditDecision, CreditNote
from portal.invoicing.disputes.models import Dispute
from portal.invoicing.models import Decision, Invoice, Payment, Reply
from portal.invoicing.runs.models import PaymentRun
from portal.kernel.jobs.models import Job
from portal.kernel.post.models import Letter
from portal.notices.models import Notice, Preference
from portal.referrals.models import Referral
from portal.rights.copies.models import PersonalCopy
from portal.rights.models import LegalHold

LEFT_OUT = {
    "audit_link": "digests and salts: nothing of a person can be read from them",
    "complaint": "answer_by is the way in which a young person wants an answer; complaints have "
    "their own copies, under Complaints",
    "shared_complaint": "answer_by is a day",
    "own_complaint": "a name in the provider's own log, which is no account; the provider answers",
    "payment_run_line": "approved_by repeats the decision on the line, which is told",
    "agreement": "young_person is an opaque reference; no account of the portal belongs to one",
}


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one table that are a person's, and which columns are told, with their labels.

    ``own`` are the columns that hold the person's id. ``work`` says that the rows are an
    organisation's; then they are read as each organisation in turn, with its name beside.
    ``through`` is a further table whose reference is told, joined by that model's id.
    """

    title: str
    model: Any
    own: tuple[str, ...]
    told: dict[str, str]
    work: bool = False
    through: tuple[Any, str, str] | None = None  # the model, our column, its reference


ACCOUNT = (
    Part("Password", Credential, ("person_id",), {
        "failures": "Wrong passwords since the last right one", "locked_until": "Locked until"}),
    Part("App that shows codes", Authenticator, ("person_id",), {"added_at": "Added"}),
    Part("Passkeys", Passkey, ("person_id",), {
        "name": "Name", "added_at": "Added", "used_at": "Last used"}),
    Part("Recovery codes", RecoveryCode, ("person_id",), {"number": "Code", "used_at": "Used"}),
    Part("Sign-ins", SignIn, ("person_id",), {
        "started_at": "Started", "browser": "Browser", "seen_at": "Last seen",
        "ended_at": "Ended"}),
    Part("Links to come back in", RecoveryLink, ("person_id",), {
        "kind": "For", "made_at": "Asked for", "used_at": "Used"}),
    Part("Changes of the address", AddressChange, ("person_id",), {
        "old_email": "From", "new_email": "To", "asked_at": "Asked for", "ended_at": "Ended"}),
)  # fmt: skip
TOLD = (
    Part("Notices", Notice, ("person_id",), {
        "at": "When", "sentence": "What", "read_at": "Read"}),
    Part("How often notices are e-mailed", Preference, ("person_id",), {
        "kind": "Kind", "frequency": "How often"}),
    Part("Work in the background", Job, ("person_id",), {
        "asked_at": "Asked for", "name": "What", "ended_at": "Ended"}),
    Part("Legal holds", LegalHold, ("person_id",), {
        "placed_at": "Placed", "until": "Until", "reason": "Why", "lifted_at": "Lifted"}),
    Part("Legal holds placed or lifted", LegalHold, ("placed_by", "lifted_by"), {
        "placed_at": "Placed", "lifted_at": "Lifted"}),
    Part("Copies of personal data", PersonalCopy, ("person_id", "asked_by"), {
        "asked_at": "Asked for", "made_at": "Made"}),
)  # fmt: skip
_OF_A_ROUND = (Round, "round_id", "title")
ROUNDS = (
    Part("Rounds made", Round, ("made_by_id",), {"title": "Round"}, work=True),
    Part("Later closings asked for or agreed", RoundExtension, ("asked_by_id", "agreed_by_id"), {
        "asked_at": "Asked", "agreed_at": "Agreed"}, work=True, through=_OF_A_ROUND),
    Part("Decisions to be opened again", Reopening, ("asked_by_id", "agreed_by_id"), {
        "asked_at": "Asked", "agreed_at": "Agreed"}, work=True, through=_OF_A_ROUND),
    Part("Late doors asked for or agreed", LateDoor, ("asked_by_id", "agreed_by_id"), {
        "asked_at": "Asked", "agreed_at": "Agreed"}, work=True, through=_OF_A_ROUND),
    Part("Questions asked about rounds", Clarification, ("asked_by_id",), {"asked_at": "When"},
        work=True, through=_OF_A_ROUND),
    Part("Applications begun", Application, ("started_by_id",), {"started_at": "When"}, work=True,
        through=_OF_A_ROUND),
    Part("Parts of applications saved last", DraftPart, ("by_id",), {
        "part": "Part", "at": "When"}, work=True, through=_OF_A_ROUND),
    Part("Applications declared", Submission, ("declared_by_id",), {
        "reference": "Receipt", "declared_as": "As", "received_at": "When"}, work=True,
        through=_OF_A_ROUND),
    Part("Keys for opening bids", OpenerKey, ("person_id",), {"made_at": "Made"}, work=True),
    Part("Rounds opened", RoundOpener, ("person_id",), {"opened_at": "When"}, work=True,
        through=_OF_A_ROUND),
    Part("Parts in evaluations", Evaluator, ("person_id",), {
        "named_at": "Named", "declared_at": "Declared", "ended_at": "Ended"}, work=True,
        through=_OF_A_ROUND),
    Part("Checks of what was demanded", ComplianceCheck, ("by_id",), {
        "part": "Part", "at": "When"}, work=True, through=_OF_A_ROUND),
    Part("Scores", Score, ("person_id",), {"score": "Score", "at": "When"}, work=True,
        through=_OF_A_ROUND),
    Part("Scores agreed", Consensus, ("person_id",), {"score": "Score", "at": "When"}, work=True,
        through=_OF_A_ROUND),
    Part("Decisions on bids", Award, ("by_id",), {"at": "When"}, work=True, through=_OF_A_ROUND),
    Part("Framework agreements signed", Signature, ("person_id",), {"at": "When"}, work=True,
        through=_OF_A_ROUND),
    Part("Changes of frameworks", FrameworkChange, ("by_id",), {
        "sentence": "What", "at": "When"}, work=True),
    Part("Changes of places", PlaceChange, ("by_id",), {"at": "When"}, work=True),
    Part("Uplifts asked for or agreed", UpliftRun, ("asked_by_id", "agreed_by_id"), {
        "asked_at": "Asked", "agreed_at": "Agreed"}, work=True),
)  # fmt: skip
_OF_AN_AGREEMENT = (Agreement, "agreement_id", "reference")
CARE = (
    Part("Messages written about agreements and referrals", ConversationMessage,
        ("by_person_id",), {"at": "When"}, work=True),
    Part("Conversations read", ConversationReading, ("person_id",), {"read_at": "Until"},
        work=True),
    Part("Safeguarding concerns raised", Concern, ("by_person_id",), {
        "at": "When"}, work=True,
        through=(Agreement, "agreement_id", "reference")),
    Part("Safeguarding concerns acknowledged or closed", Concern, (
        "acknowledged_by_person_id", "closed_by_person_id"), {
        "acknowledged_at": "Acknowledged", "closed_at": "Closed"}, work=True,
        through=(Agreement, "agreement_id", "reference")),
    Part("Added to safeguarding concerns", ConcernNote, ("by_person_id",), {
        "at": "When"}, work=True),
    Part("Named to take safeguarding concerns", SafeguardingLead, ("person_id",), {
        "named_at": "When"}, work=True),
    Part("Notices of change or risk given or closed", Risk, (
        "by_person_id", "closed_by_person_id"), {"at": "Given", "closed_at": "Closed"}, work=True),
)  # fmt: skip
WORK = (
    *ROUNDS,
    *CARE,
    Part("Invitations sent", Invitation, ("invited_by",), {"invited_at": "When"}, work=True),
    Part("Roles confirmed in a review", Confirmation, ("by_person_id",), {"at": "When"}, work=True),
    Part("As a mentor", Mentor, ("person_id",), {
        "name": "Name", "volunteer": "Volunteer", "caseload_limit": "At most"}, work=True),
    Part("Referrals made", Referral, ("made_by_id",), {
        "reference": "Referral", "made_at": "When"}, work=True),
    Part("Offers made for referrals", Offer, ("made_by_id",), {"made_at": "When"}, work=True),
    Part("Order forms issued or accepted", OrderForm, ("issued_by_id", "accepted_by_id"), {
        "reference": "Order form", "issued_at": "Issued", "accepted_at": "Accepted"}, work=True),
    Part("Told who a young person is", Disclosure, ("person_id",), {
        "given_at": "Told", "ended_at": "Until"}, work=True,
        through=(Agreement, "agreement_id", "reference")),
    Part("Agreements suspended or taken up again", Suspension, (
        "suspended_by_id", "resumed_by_id"), {
        "starts_on": "From", "ends_on": "To"}, work=True, through=_OF_AN_AGREEMENT),
    Part("Agreements ended", Ending, ("by_id",), {"last_day": "Last day", "at": "When"}, work=True,
        through=_OF_AN_AGREEMENT),
    Part("New terms proposed or answered", Variation, ("proposed_by_id", "answered_by_id"), {
        "proposed_at": "Proposed", "answered_at": "Answered"}, work=True,
        through=_OF_AN_AGREEMENT),
    Part("Sub-contractors asked for or answered", Subcontractor, (
        "proposed_by_id", "answered_by_id"), {
        "proposed_at": "Asked", "answered_at": "Answered"}, work=True, through=_OF_AN_AGREEMENT),
    Part("Moves of agreements proposed or answered", Transfer, (
        "proposed_by_id", "answered_by_id"), {
        "proposed_at": "Proposed", "answered_at": "Answered"}, work=True),
    Part("Invoices submitted", Invoice, ("submitted_by",), {
        "reference": "Invoice", "submitted_at": "When"}, work=True),
    Part("Decisions on lines of invoices", Decision, ("decided_by",), {
        "step": "Decision", "decided_at": "When"}, work=True,
        through=(Invoice, "invoice_id", "reference")),
    Part("Replies on lines of invoices", Reply, ("replied_by",), {
        "step": "Reply", "replied_at": "When"}, work=True,
        through=(Invoice, "invoice_id", "reference")),
    Part("Disputes of refused lines", Dispute, ("disputed_by",), {"disputed_at": "When"}, work=True,
        through=(Invoice, "invoice_id", "reference")),
    Part("Credit notes entered", CreditNote, ("entered_by",), {
        "number": "Credit note", "entered_at": "When"}, work=True),
    Part("Credit notes decided", CreditDecision, ("decided_by",), {
        "accepted": "Accepted", "decided_at": "When"}, work=True,
        through=(CreditNote, "credit_id", "number")),
    Part("Payments recorded", Payment, ("recorded_by",), {"recorded_at": "When"}, work=True,
        through=(Invoice, "invoice_id", "reference")),
    Part("Changes of bank accounts", BankChange, ("proposed_by", "confirmed_by", "verified_by"), {
        "state": "State", "proposed_at": "Asked for"}, work=True),
    Part("Payment runs", PaymentRun, ("proposed_by", "released_by"), {
        "reference": "Run", "proposed_at": "Proposed"}, work=True),
    Part("Caps raised", CapRaise, ("by_person_id",), {"at": "When"}, work=True),
    Part("Evidence judged", EvidenceJudgement, ("by_person_id",), {
        "accepted": "Accepted", "at": "When"}, work=True),
    Part("Parts in complaints", CasePerson, ("person_id",), {"part": "Part"}, work=True,
        through=(Complaint, "complaint_id", "reference")),
    Part("Messages written in complaints", Message, ("person_id",), {"at": "When"}, work=True,
        through=(Complaint, "complaint_id", "reference")),
    Part("Answers to complaints", CaseStage, ("answered_by_person_id",), {"number": "Stage"},
        work=True, through=(Complaint, "complaint_id", "reference")),
    Part("Complaints entered", Entry, ("person_id",), {"at": "When"}, work=True,
        through=(Complaint, "complaint_id", "reference")),
    Part("Alerts taken", AlertTaken, ("person_id",), {"at": "When"}, work=True,
        through=(Complaint, "complaint_id", "reference")),
)  # fmt: skip
ELSEWHERE = (
    Person, Membership, MembershipRole, Invitation, JoinRequest, Letter, AuditEvent, Clearance,
    Assignment,
)  # fmt: skip
"""Told by functions of their own in ``contents``, since they are found in another way."""
