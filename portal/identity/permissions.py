"""What can be done, and what each role may do. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from portal.identity.rules import Role


class Permission(StrEnum):
    """What can be done, as resource:action."""

    FRAMEWORK_READ = "framework:read"
    PROVIDER_READ = "provider:read"
    EVIDENCE_READ = "evidence:read"
    EVIDENCE_SEND = "evidence:send"
    EVIDENCE_VERIFY = "evidence:verify"
    FRAMEWORK_EDIT = "framework:edit"
    ROUND_READ = "round:read"
    ROUND_RUN = "round:run"
    ROUND_OPEN = "round:open"
    APPLICATION_MAKE = "application:make"
    EVALUATION_RUN = "evaluation:run"
    EVALUATION_SCORE = "evaluation:score"
    AWARD_SIGN = "award:sign"
    AWARD_COUNTERSIGN = "award:countersign"
    UPLIFT_RUN = "uplift:run"
    UPLIFT_AGREE = "uplift:agree"
    REFERRAL_READ = "referral:read"
    REFERRAL_MAKE = "referral:make"
    REFERRAL_ANSWER = "referral:answer"
    ORDER_READ = "order:read"
    IDENTITY_READ = "identity:read"
    IDENTITY_GIVE = "identity:give"
    MENTOR_READ = "mentor:read"
    MENTOR_KEEP = "mentor:keep"
    MENTOR_REJECT = "mentor:reject"
    AGREEMENT_READ = "agreement:read"
    AGREEMENT_CHANGE = "agreement:change"
    DELIVERY_READ = "delivery:read"
    DELIVERY_RECORD = "delivery:record"
    DAY_KEEP = "day:keep"
    REPORT_READ = "report:read"
    REPORT_WRITE = "report:write"
    REPORT_DECIDE = "report:decide"
    TERMS_KEEP = "terms:keep"
    MEETING_READ = "meeting:read"
    MEETING_KEEP = "meeting:keep"
    INVOICE_READ = "invoice:read"
    INVOICE_SUBMIT = "invoice:submit"
    INVOICE_REPLY = "invoice:reply"
    INVOICE_DECIDE = "invoice:decide"
    INVOICE_EXPORT = "invoice:export"
    PAYMENT_RECORD = "payment:record"
    RUN_READ = "run:read"
    RUN_PROPOSE = "run:propose"
    RUN_RELEASE = "run:release"
    BANK_READ = "bank:read"
    BANK_CHANGE = "bank:change"
    BANK_VERIFY = "bank:verify"
    BANK_HOLD_SET = "bank:hold"
    BUDGET_READ = "budget:read"
    BUDGET_SET = "budget:set"
    BUDGET_RAISE = "budget:raise"
    AUDIT_READ = "audit:read"
    COMPLAINT_READ = "complaint:read"
    COMPLAINT_HANDLE = "complaint:handle"
    COMPLAINT_ALERT = "complaint:alert"
    COMPLAINT_REPORT_READ = "complaint:report:read"
    COMPLAINT_LEARNING_READ = "complaint:learning:read"
    COMPLAINT_FIGURES = "complaint:figures"
    SHARED_COMPLAINT_ANSWER = "shared-complaint:answer"
    OWN_COMPLAINT_KEEP = "own-complaint:keep"
    CONTACT_KEEP = "contact:keep"
    PROCEDURE_PUBLISH = "procedure:publish"
    PEOPLE_READ = "people:read"
    PEOPLE_CHANGE = "people:change"
    RETENTION_KEEP = "retention:keep"
    CONVERSE = "conversation:write"
    REFERRAL_CONVERSE = "conversation:referral:write"
    CONCERN_RAISE = "concern:raise"
    CONCERN_READ = "concern:read"
    CONCERN_HANDLE = "concern:handle"
    RISK_READ = "risk:read"
    RISK_GIVE = "risk:give"
    RISK_CLOSE = "risk:close"


ALLOWED: dict[Role, frozenset[Permission]] = {
    Role.PROVIDER_ADMINISTRATOR: frozenset(
        {
            Permission.ORDER_READ,
            Permission.ROUND_READ,
            Permission.APPLICATION_MAKE,
            Permission.AWARD_SIGN,
            Permission.REFERRAL_ANSWER,
            Permission.IDENTITY_READ,
            Permission.IDENTITY_GIVE,
            Permission.FRAMEWORK_READ,
            Permission.EVIDENCE_READ,
            Permission.EVIDENCE_SEND,
            Permission.MENTOR_READ,
            Permission.MENTOR_KEEP,
            Permission.AGREEMENT_READ,
            Permission.AGREEMENT_CHANGE,
            Permission.REPORT_READ,
            Permission.REPORT_WRITE,
            Permission.MEETING_READ,
            Permission.MEETING_KEEP,
            Permission.DELIVERY_READ,
            Permission.DELIVERY_RECORD,
            Permission.INVOICE_READ,
            Permission.INVOICE_EXPORT,
            Permission.AUDIT_READ,
            Permission.SHARED_COMPLAINT_ANSWER,
            Permission.OWN_COMPLAINT_KEEP,
            Permission.PROCEDURE_PUBLISH,
            Permission.PEOPLE_READ,
            Permission.PEOPLE_CHANGE,
            Permission.RETENTION_KEEP,
            Permission.CONVERSE,
            Permission.REFERRAL_CONVERSE,
            Permission.CONCERN_RAISE,
            Permission.CONCERN_READ,
            Permission.RISK_READ,
            Permission.RISK_GIVE,
            Permission.BANK_READ,
            Permission.BANK_CHANGE,
        }
    ),
    Role.BIDS: frozenset(
        {
            Permission.ORDER_READ,
            Permission.ROUND_READ,
            Permission.APPLICATION_MAKE,
            Permission.REFERRAL_ANSWER,
            Permission.FRAMEWORK_READ,
            Permission.EVIDENCE_READ,
            Permission.EVIDENCE_SEND,
            Permission.REFERRAL_CONVERSE,
        }
    ),
    Role.DELIVERY: frozenset(
        {
            Permission.IDENTITY_READ,
            Permission.AGREEMENT_READ,
            Permission.REPORT_READ,
            Permission.REPORT_WRITE,
            Permission.DELIVERY_READ,
            Permission.DELIVERY_RECORD,
            Permission.DAY_KEEP,
            Permission.CONVERSE,
            Permission.CONCERN_RAISE,
            Permission.CONCERN_READ,
            Permission.RISK_READ,
            Permission.RISK_GIVE,
        }
    ),
    Role.FINANCE: frozenset(
        {
            Permission.ORDER_READ,
            Permission.FRAMEWORK_READ,
            Permission.EVIDENCE_READ,
            Permission.MENTOR_READ,
            Permission.AGREEMENT_READ,
            Permission.DELIVERY_READ,
            Permission.DELIVERY_RECORD,
            Permission.INVOICE_READ,
            Permission.INVOICE_SUBMIT,
            Permission.INVOICE_REPLY,
            Permission.INVOICE_EXPORT,
            Permission.CONCERN_RAISE,
            Permission.CONCERN_READ,
            Permission.BANK_READ,
            Permission.BANK_CHANGE,
        }
    ),
    Role.COMMISSIONER: frozenset(
        {
            Permission.ORDER_READ,
            Permission.FRAMEWORK_EDIT,
            Permission.ROUND_READ,
            Permission.ROUND_RUN,
            Permission.ROUND_OPEN,
            Permission.EVALUATION_RUN,
            Permission.AWARD_COUNTERSIGN,
            Permission.UPLIFT_RUN,
            Permission.UPLIFT_AGREE,
            Permission.FRAMEWORK_READ,
            Permission.PROVIDER_READ,
            Permission.EVIDENCE_READ,
            Permission.EVIDENCE_VERIFY,
            Permission.MENTOR_READ,
            Permission.AGREEMENT_READ,
            Permission.REPORT_READ,
            Permission.MEETING_READ,
            Permission.MEETING_KEEP,
            Permission.BUDGET_READ,
            Permission.BUDGET_SET,
            Permission.REFERRAL_READ,
            Permission.COMPLAINT_LEARNING_READ,
            Permission.CONVERSE,
            Permission.REFERRAL_CONVERSE,
            Permission.RISK_READ,
            Permission.RISK_CLOSE,
            Permission.BANK_READ,
            Permission.BANK_VERIFY,
        }
    ),
    Role.EVALUATOR: frozenset(
        {Permission.ROUND_READ, Permission.EVALUATION_SCORE, Permission.FRAMEWORK_READ}
    ),
    Role.REFERRER: frozenset(
        {
            Permission.ORDER_READ,
            Permission.REFERRAL_READ,
            Permission.REFERRAL_MAKE,
            Permission.IDENTITY_READ,
            Permission.FRAMEWORK_READ,
            Permission.PROVIDER_READ,
            Permission.EVIDENCE_READ,
            Permission.MENTOR_READ,
            Permission.MENTOR_REJECT,
            Permission.AGREEMENT_READ,
            Permission.AGREEMENT_CHANGE,
            Permission.REPORT_READ,
            Permission.REPORT_DECIDE,
            Permission.TERMS_KEEP,
            Permission.MEETING_READ,
            Permission.MEETING_KEEP,
            Permission.DELIVERY_READ,
            Permission.COMPLAINT_ALERT,
            Permission.COMPLAINT_REPORT_READ,
            Permission.CONVERSE,
            Permission.REFERRAL_CONVERSE,
            Permission.CONCERN_RAISE,
            Permission.CONCERN_READ,
            Permission.CONCERN_HANDLE,
            Permission.RISK_READ,
            Permission.RISK_CLOSE,
        }
    ),
    Role.APPROVER: frozenset(
        {
            Permission.FRAMEWORK_READ,
            Permission.PROVIDER_READ,
            Permission.EVIDENCE_READ,
            Permission.MENTOR_READ,
            Permission.AGREEMENT_READ,
            Permission.DELIVERY_READ,
            Permission.INVOICE_READ,
            Permission.INVOICE_DECIDE,
            Permission.INVOICE_EXPORT,
            Permission.PAYMENT_RECORD,
            Permission.BUDGET_READ,
            Permission.RUN_READ,
            Permission.RUN_PROPOSE,
            Permission.RUN_RELEASE,
            Permission.BANK_READ,
        }
    ),
    Role.BUDGET_HOLDER: frozenset(
        {
            Permission.ROUND_READ,
            Permission.UPLIFT_AGREE,
            Permission.FRAMEWORK_READ,
            Permission.PROVIDER_READ,
            Permission.INVOICE_READ,
            Permission.BUDGET_READ,
            Permission.BUDGET_SET,
            Permission.BUDGET_RAISE,
            Permission.RUN_READ,
            Permission.RUN_RELEASE,
            Permission.BANK_READ,
            Permission.BANK_HOLD_SET,
        }
    ),
    Role.COMPLAINTS_MANAGER: frozenset(
        {
            Permission.PROVIDER_READ,
            Permission.COMPLAINT_READ,
            Permission.COMPLAINT_HANDLE,
            Permission.COMPLAINT_ALERT,
            Permission.COMPLAINT_LEARNING_READ,
            Permission.COMPLAINT_FIGURES,
            Permission.CONTACT_KEEP,
            Permission.PROCEDURE_PUBLISH,
            Permission.CONCERN_READ,
            Permission.CONCERN_HANDLE,
        }
    ),
    Role.AUDITOR: frozenset(
        {
            Permission.ORDER_READ,
            Permission.REFERRAL_READ,
            Permission.ROUND_READ,
            Permission.FRAMEWORK_READ,
            Permission.PROVIDER_READ,
            Permission.EVIDENCE_READ,
            Permission.MENTOR_READ,
            Permission.AGREEMENT_READ,
            Permission.REPORT_READ,
            Permission.MEETING_READ,
            Permission.DELIVERY_READ,
            Permission.INVOICE_READ,
            Permission.INVOICE_EXPORT,
            Permission.BUDGET_READ,
            Permission.AUDIT_READ,
            Permission.PEOPLE_READ,
            Permission.COMPLAINT_LEARNING_READ,
            Permission.COMPLAINT_FIGURES,
            Permission.RISK_READ,
            Permission.RUN_READ,
            Permission.BANK_READ,
        }
    ),
    Role.COUNCIL_ADMINISTRATOR: frozenset(
        {
            Permission.ROUND_READ,
            Permission.ROUND_OPEN,
            Permission.FRAMEWORK_READ,
            Permission.PROVIDER_READ,
            Permission.TERMS_KEEP,
            Permission.AUDIT_READ,
            Permission.PEOPLE_READ,
            Permission.PEOPLE_CHANGE,
            Permission.RETENTION_KEEP,
            Permission.COMPLAINT_ALERT,
            Permission.CONTACT_KEEP,
            Permission.CONCERN_READ,
            Permission.CONCERN_HANDLE,
        }
    ),
}


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    """Everything that a person with these roles may do."""
    return frozenset().union(*(ALLOWED[role] for role in roles))
