"""Who should see which row, said a second time and by hand, so that the rules are checked
against something other than themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from portal.identity.models import Organisation
from portal.identity.rules import OrganisationKind
from portal.kernel.tenancy import Base
from tests.world import World

Key = tuple[Any, ...]
OF_A_ROUND = frozenset(
    {
        "round", "round_category", "round_extension", "round_notice", "published_answer",
        "question", "question_version",
    }
)  # fmt: skip
OF_A_LEAD = frozenset({"round_opener", "escrow_share", "evaluator", "reopening", "score"})
APPLIED = frozenset(
    {
        "application", "award", "bid", "bid_price", "compliance_check",
        "consensus", "opened_answer", "opened_submission", "outcome_letter", "signature",
        "submission",
    }
)  # fmt: skip
ASKED = frozenset({"clarification", "late_door"})
BY_PARTIES = frozenset(
    {
        "agreement", "agreement_clock", "agreement_ending", "agreement_price", "assignment",
        "audit_event", "charged_adjustment", "charged_correction", "charged_unit",
        "contact_record", "contribution",
        "conversation", "conversation_file", "conversation_message", "credit_decision",
        "credit_note", "decision", "dispute", "dispute_outcome", "line_credit",
        "delivery_correction", "delivery_session", "disclosure", "invoice", "invoice_line",
        "invoice_section", "meeting", "meeting_action", "offer", "order_form", "outcome_score",
        "outcome_scoring", "own_complaint", "payment", "reply", "report_file", "report_submission",
        "risk", "session_plan", "shared_complaint", "shared_complaint_file", "stay",
        "subcontractor", "substitution", "suspension", "termly_report", "variation",
    }
)  # fmt: skip
OF_A_FRAMEWORK = frozenset(
    {
        "lot", "category", "framework_terms", "category_terms", "price_asked", "price_band",
        "demand", "framework_change",
    }
)  # fmt: skip
OF_A_REFERRAL = frozenset(
    {"referral", "referral_answer", "referral_question", "referral_recipient"}
)
OF_A_PROVIDER = frozenset(
    {
        "bank_change", "bank_details", "evidence", "evidence_document", "evidence_judgement",
        "place", "place_capacity", "place_change", "place_price", "vat_standing",
    }
)  # fmt: skip
OF_A_COUNCIL = frozenset(
    {
        "bank_hold", "complaint", "complaint_alert_taken", "complaint_attachment", "complaint_case",
        "complaint_entry", "complaint_kept_figure", "complaint_kept_years", "complaint_message",
        "complaint_pause", "complaint_person", "complaint_point", "complaint_promise",
        "complaint_school_report", "complaint_stage", "concern", "concern_note", "learning_point",
        "offer_choice", "payment_run", "payment_run_entry", "payment_run_line", "referral_left_out",
        "safeguarding_lead", "young_person",
    }
)  # fmt: skip
OF_AN_ORGANISATION = frozenset(
    {
        "access_confirmation", "access_review", "form_receipt", "invitation", "join_request",
        "kept_for", "legal_hold", "organisation_setting",
    }
)  # fmt: skip
FOR_NOBODY = frozenset(
    {
        "address_change", "authenticator", "conversation_reading", "credential", "job", "letter",
        "notice", "notice_preference", "passkey", "personal_copy", "recovery_code",
        "recovery_link", "registration", "sign_in", "unsent_complaint", "used_challenge",
        "wrong_guesses",
    }
)  # fmt: skip
FOR_EVERYBODY = frozenset(
    {"clock_setting", "contact", "escrow_key", "exit_address", "framework_council", "procedure"}
)


def models() -> list[type[Base]]:
    """Every table of the portal, by name."""
    found: Iterable[type[Base]] = (mapper.class_ for mapper in Base.registry.mappers)
    return sorted(found, key=lambda model: model.__tablename__)


def keys(session: Session, model: type[Base]) -> frozenset[Key]:
    """The primary keys of the rows that a session sees."""
    columns = [getattr(model, str(column.key)) for column in inspect(model).primary_key]
    return frozenset(tuple(row) for row in session.query(*columns))


def rows(session: Session, model: type[Base]) -> list[Any]:
    """Every row, as objects."""
    return session.query(model).all()


def key(row: Any) -> Key:
    """A row's primary key."""
    return tuple(inspect(row).identity)


def expected(world: World, organisation: Organisation, row: Any, members: set[UUID]) -> bool:
    """Whether an organisation should see a row; ``members`` are its people's ids.

    Raises LookupError for a table of which nobody has said here who sees it.
    """
    name, own = row.__tablename__, organisation.id
    council = organisation.kind is OrganisationKind.COUNCIL
    alone = {world.copperholt.id, world.nettlewood.id}
    framework = world.apart if own in alone else world.shared
    elsewhere = world.elsewhere.round
    frameworks = {framework.id, world.advertised.framework.id, elsewhere.framework_id}
    supplied = {
        provider.id
        for provider in (world.larkspur, world.millstone, world.nettlewood)
        if council and (provider.id in alone) == (own in alone)
    }
    mentors = {d.mentor.id for d in world.dealings if organisation in (d.council, d.provider)}
    seen: dict[frozenset[str], Callable[[], bool]] = {
        BY_PARTIES: lambda: own in {row.council_id, row.provider_id},
        OF_A_COUNCIL: lambda: row.council_id == own,
        FOR_NOBODY: lambda: False,
        FOR_EVERYBODY: lambda: True,
        OF_A_FRAMEWORK: lambda: row.framework_id in frameworks,
        OF_A_ROUND: lambda: (
            (row.id if name == "round" else row.round_id)
            in {world.advertised.round.id, world.applied.round.id, elsewhere.id}
            or (council and row.framework_id == framework.id)
            or row.lead_council_id == own
        ),
        OF_A_LEAD: lambda: (
            row.lead_council_id == own or (council and row.framework_id == framework.id)
        ),
        ASKED: lambda: (
            own in {row.lead_council_id, row.provider_id}
            or (council and row.framework_id == framework.id)
        ),
        frozenset({"opener_key"}): lambda: row.council_id == own,
        APPLIED: lambda: (
            row.provider_id == own
            or (row.round_id == world.applied.round.id and row.lead_council_id == own)
        ),
        frozenset({"application_file"}): lambda: (
            row.provider_id == own
            or (row.id == world.evaluated.file.id and row.lead_council_id == own)
        ),
        frozenset({"draft_part", "report_draft"}): lambda: row.provider_id == own,
        OF_A_REFERRAL: lambda: (
            row.council_id == own
            or any(
                own == d.provider.id
                and (row.id if name == "referral" else row.referral_id)
                in {d.referred.referral.id, d.ordered.referral.id}
                for d in world.dealings
            )
        ),
        OF_A_PROVIDER: lambda: row.provider_id in {own, *supplied},
        # The world's files each show evidence, or came with what is shared of a complaint or
        # with a termly report, or answer a question of an application that is not opened, or
        # were left out of it.
        frozenset({"stored_file"}): lambda: (
            own in {row.council_id, row.provider_id}
            or (
                row.council_id is None
                and row.provider_id in supplied
                and row.id not in {world.drafted.file.id, world.evaluated.left_out.file_id}
            )
            or row.id in {d.handled.stored.id for d in world.dealings if d.provider.id == own}
        ),
        frozenset({"transfer", "shared_note"}): lambda: (
            own in {row.council_id, row.provider_id, row.to_id}
        ),
        frozenset({"report_setting", "school_term"}): lambda: any(
            d.council.id == row.council_id and own in {d.council.id, d.provider.id}
            for d in world.dealings
        ),
        frozenset({"framework"}): lambda: row.id in frameworks,
        frozenset({"uplift_run", "uplift_cost"}): lambda: (
            council and row.framework_id == framework.id
        ),
        frozenset({"mentor"}): lambda: row.id in mentors,
        frozenset({"clearance", "mentor_absence", "mentor_hours", "mentor_training"}): lambda: (
            row.mentor_id in mentors
        ),
        frozenset({"organisation"}): lambda: (
            row.kind is OrganisationKind.COUNCIL
            or row.id in {own, *supplied}
            or (own == world.copperholt.id and row.id in world.applied.bidders)
        ),
        frozenset({"budget"}): lambda: (
            row.council_id == own or (not council and row.framework_id == framework.id)
        ),
        frozenset({"cap_raise"}): lambda: row.council_id == own,
        OF_AN_ORGANISATION: lambda: row.organisation_id == own,
        frozenset({"audit_link", "audit_chain"}): lambda: row.chain_id == own,
        frozenset({"person"}): lambda: row.id in members,
        frozenset({"membership"}): lambda: row.person_id in members,
        frozenset({"membership_role"}): lambda: (
            world.membership_people[row.membership_id] in members
        ),
    }
    for tables, answer in seen.items():
        if name in tables:
            return answer()
    raise LookupError(f"say in tests/access/expectations.py who sees the table {name}")
