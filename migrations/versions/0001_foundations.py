"""The foundations and the month end"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.kernel.row_security import append_only, protect, unprotect
from portal.kernel.search_index import drop_search, make_search

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Who may read and who may write each table's rows, as the models said when this was written.
ROW_SECURITY = {
    "audit_event": (
        "(audit_event.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR audit_event.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR audit_event.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR audit_event.person_id = CAST(nullif(current_setting('app.person', true), '') AS UUID)) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
        "audit_event.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR audit_event.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR audit_event.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
    ),
    "clock_setting": (
        "true",
        "false",
    ),
    "form_receipt": (
        "form_receipt.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
        "form_receipt.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "organisation": (
        "organisation.id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR CAST(nullif(current_setting('app.organisation', true), '') AS UUID) IS NOT NULL AND (organisation.kind = 'council' OR (EXISTS (SELECT place_1.id FROM place AS place_1 JOIN framework_council AS framework_council_1 ON framework_council_1.framework_id = place_1.framework_id WHERE place_1.provider_id = organisation.id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)))) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
        "organisation.id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
    ),
    "person": (
        "person.id = CAST(nullif(current_setting('app.person', true), '') AS UUID) OR (EXISTS (SELECT membership_1.id FROM membership AS membership_1 WHERE membership_1.person_id = person.id AND membership_1.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
        "coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
    ),
    "bank_details": (
        "bank_details.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT place_1.id FROM place AS place_1 JOIN framework_council AS framework_council_1 ON framework_council_1.framework_id = place_1.framework_id WHERE place_1.provider_id = bank_details.provider_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)))",
        "bank_details.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "credential": (
        "coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
        "coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
    ),
    "evidence": (
        "evidence.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT place_1.id FROM place AS place_1 JOIN framework_council AS framework_council_1 ON framework_council_1.framework_id = place_1.framework_id WHERE place_1.provider_id = evidence.provider_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)))",
        "evidence.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "framework": (
        "(EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = framework.id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR (EXISTS (SELECT place_1.id FROM place AS place_1 WHERE place_1.framework_id = framework.id AND place_1.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)))",
        "framework.lead_council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "membership": (
        "membership.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR membership.person_id = CAST(nullif(current_setting('app.person', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
        "membership.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
    ),
    "mentor": (
        "mentor.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 WHERE assignment_1.mentor_id = mentor.id AND assignment_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)))",
        "mentor.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "vat_standing": (
        "vat_standing.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT place_1.id FROM place AS place_1 JOIN framework_council AS framework_council_1 ON framework_council_1.framework_id = place_1.framework_id WHERE place_1.provider_id = vat_standing.provider_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)))",
        "vat_standing.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "budget": (
        "budget.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT place_1.id FROM place AS place_1 WHERE place_1.framework_id = budget.framework_id AND place_1.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)))",
        "budget.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "clearance": (
        "clearance.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 WHERE assignment_1.mentor_id = clearance.mentor_id AND assignment_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)))",
        "clearance.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "framework_council": (
        "CAST(nullif(current_setting('app.organisation', true), '') AS UUID) IS NOT NULL",
        "framework_council.lead_council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "invoice": (
        "invoice.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR invoice.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
        "invoice.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR invoice.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "lot": (
        "(EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = lot.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR (EXISTS (SELECT place_1.id FROM place AS place_1 WHERE place_1.framework_id = lot.framework_id AND place_1.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)))",
        "lot.lead_council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "membership_role": (
        "(EXISTS (SELECT membership_1.id FROM membership AS membership_1 WHERE membership_1.id = membership_role.membership_id AND (membership_1.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR membership_1.person_id = CAST(nullif(current_setting('app.person', true), '') AS UUID)))) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
        "coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
    ),
    "sign_in": (
        "coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
        "coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
    ),
    "cap_raise": (
        "cap_raise.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
        "cap_raise.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "category": (
        "(EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = category.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR (EXISTS (SELECT place_1.id FROM place AS place_1 WHERE place_1.framework_id = category.framework_id AND place_1.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)))",
        "category.lead_council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "payment": (
        "payment.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR payment.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
        "payment.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR payment.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "place": (
        "place.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = place.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)))",
        "place.lead_council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "agreement": (
        "(agreement.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR agreement.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = agreement.id AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID))))",
        "agreement.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR agreement.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "place_price": (
        "place_price.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = place_price.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)))",
        "place_price.lead_council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "agreement_price": (
        "(agreement_price.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR agreement_price.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = agreement_price.agreement_id AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID))))",
        "agreement_price.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR agreement_price.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "assignment": (
        "assignment.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR assignment.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
        "assignment.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR assignment.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "delivery_session": (
        "(delivery_session.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR delivery_session.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = delivery_session.agreement_id AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID))))",
        "delivery_session.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "invoice_section": (
        "invoice_section.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR invoice_section.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
        "invoice_section.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR invoice_section.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "stay": (
        "(stay.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR stay.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = stay.agreement_id AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID))))",
        "stay.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "invoice_line": (
        "invoice_line.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR invoice_line.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
        "invoice_line.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR invoice_line.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "charged_unit": (
        "charged_unit.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR charged_unit.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
        "charged_unit.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR charged_unit.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "decision": (
        "decision.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR decision.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
        "decision.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR decision.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "reply": (
        "reply.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR reply.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
        "reply.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR reply.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
}

APPEND_ONLY = ("audit_event", "decision", "reply", "cap_raise")


def upgrade() -> None:
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event", sa.String(length=80), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("person_name", sa.String(length=200), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("council_id", sa.Uuid(), nullable=True),
        sa.Column("provider_id", sa.Uuid(), nullable=True),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("subject_label", sa.String(length=200), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    op.create_index(
        "ix_audit_event_council", "audit_event", ["council_id", "at", "id"], unique=False
    )
    op.create_index(
        "ix_audit_event_organisation", "audit_event", ["organisation_id", "at", "id"], unique=False
    )
    op.create_index(
        "ix_audit_event_provider", "audit_event", ["provider_id", "at", "id"], unique=False
    )
    op.create_index("ix_audit_event_subject", "audit_event", ["subject_id", "at"], unique=False)
    op.create_table(
        "clock_setting",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("offset_seconds", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_setting")),
    )
    op.create_table(
        "form_receipt",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("location", sa.String(length=500), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "nonce", name=op.f("pk_form_receipt")),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "council",
                "provider",
                name="organisation_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("legal_name", sa.String(length=200), nullable=False),
        sa.Column("company_number", sa.String(length=20), nullable=True),
        sa.Column("street", sa.String(length=200), nullable=False),
        sa.Column("city", sa.String(length=100), nullable=False),
        sa.Column("postcode", sa.String(length=10), nullable=False),
        sa.Column("accounts_email", sa.String(length=200), nullable=True),
        sa.Column("buyer_reference", sa.String(length=50), nullable=True),
        sa.Column("endpoint_scheme", sa.String(length=4), nullable=True),
        sa.Column("endpoint_id", sa.String(length=50), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("kind", "name", name=op.f("one_organisation_of_a_name")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.CheckConstraint("email = lower(email)", name=op.f("email_in_lower_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("one_person_an_email")),
    )
    op.create_table(
        "bank_details",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("account_name", sa.String(length=100), nullable=False),
        sa.Column("account_number", sa.String(length=8), nullable=False),
        sa.Column("sort_code", sa.String(length=6), nullable=False),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["organisation.id"], name=op.f("fk_bank_details_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_details")),
        sa.UniqueConstraint("provider_id", "starts_on", name=op.f("one_bank_account_from_a_day")),
    )
    op.create_index("ix_bank_details_provider_id", "bank_details", ["provider_id"], unique=False)
    op.create_table(
        "credential",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_credential_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_credential")),
    )
    op.create_table(
        "evidence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "employers-liability",
                "public-liability",
                "safeguarding-policy",
                "data-protection-policy",
                "data-protection-training",
                "uk-storage",
                "confidentiality",
                "equality-objectives",
                name="evidence_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("cover", sa.BigInteger(), nullable=True),
        sa.Column("verified_by_name", sa.String(length=200), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("valid_until >= valid_from", name=op.f("evidence_ends_after_it_starts")),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["organisation.id"], name=op.f("fk_evidence_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint(
            "provider_id", "kind", "valid_from", name=op.f("one_evidence_from_a_day")
        ),
    )
    op.create_table(
        "framework",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lead_council_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column(
            "regime",
            sa.Enum(
                "pcr-2015",
                "procurement-act-2023",
                name="framework_regime",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("light_touch", sa.Boolean(), nullable=False),
        sa.Column("open_framework", sa.Boolean(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("cap_in_total", sa.BigInteger(), nullable=True),
        sa.Column("payment_days", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("framework_ends_after_it_starts")),
        sa.CheckConstraint("payment_days BETWEEN 1 AND 30", name=op.f("paid_within_30_days")),
        sa.ForeignKeyConstraint(
            ["lead_council_id"], ["organisation.id"], name=op.f("fk_framework_lead_council_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_framework")),
        sa.UniqueConstraint("id", "lead_council_id", name=op.f("framework_with_its_lead")),
        sa.UniqueConstraint(
            "lead_council_id", "reference", name=op.f("one_framework_of_a_reference")
        ),
    )
    op.create_table(
        "membership",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_membership_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_membership_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint("person_id", "organisation_id", name=op.f("one_membership_each")),
    )
    op.create_index(
        "ix_membership_organisation_id", "membership", ["organisation_id"], unique=False
    )
    op.create_table(
        "mentor",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("volunteer", sa.Boolean(), nullable=False),
        sa.Column("caseload_limit", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mentor_person_id")),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["organisation.id"], name=op.f("fk_mentor_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentor")),
        sa.UniqueConstraint("id", "provider_id", name=op.f("mentor_with_its_provider")),
    )
    op.create_index("ix_mentor_person_id", "mentor", ["person_id"], unique=False)
    op.create_index("ix_mentor_provider_id", "mentor", ["provider_id", "name"], unique=False)
    op.create_table(
        "vat_standing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("vat_number", sa.String(length=20), nullable=True),
        sa.Column("charity_number", sa.String(length=20), nullable=True),
        sa.Column("ofsted_urn", sa.String(length=20), nullable=True),
        sa.Column("public_body", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["organisation.id"], name=op.f("fk_vat_standing_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vat_standing")),
        sa.UniqueConstraint("provider_id", "starts_on", name=op.f("one_vat_standing_from_a_day")),
    )
    op.create_table(
        "budget",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("year_starts_on", sa.Date(), nullable=False),
        sa.Column("cap", sa.BigInteger(), nullable=False),
        sa.Column("approved", sa.BigInteger(), nullable=False),
        sa.Column("funding_source", sa.String(length=100), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("approved <= cap", name=op.f("approved_within_the_cap")),
        sa.CheckConstraint("cap >= 0", name=op.f("cap_not_negative")),
        sa.ForeignKeyConstraint(
            ["council_id"], ["organisation.id"], name=op.f("fk_budget_council_id")
        ),
        sa.ForeignKeyConstraint(
            ["framework_id"], ["framework.id"], name=op.f("fk_budget_framework_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget")),
        sa.UniqueConstraint(
            "framework_id", "council_id", "year_starts_on", name=op.f("one_budget_a_contract_year")
        ),
        sa.UniqueConstraint("id", "council_id", name=op.f("budget_with_its_council")),
    )
    op.create_index("ix_budget_council_id", "budget", ["council_id"], unique=False)
    op.create_table(
        "clearance",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mentor_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "valid_until >= checked_on", name=op.f("clearance_ends_after_it_starts")
        ),
        sa.ForeignKeyConstraint(
            ["mentor_id", "provider_id"],
            ["mentor.id", "mentor.provider_id"],
            name=op.f("fk_clearance_mentor_id_provider_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clearance")),
        sa.UniqueConstraint("mentor_id", "checked_on", name=op.f("one_clearance_from_a_day")),
    )
    op.create_table(
        "framework_council",
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("lead_council_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["council_id"], ["organisation.id"], name=op.f("fk_framework_council_council_id")
        ),
        sa.ForeignKeyConstraint(
            ["framework_id", "lead_council_id"],
            ["framework.id", "framework.lead_council_id"],
            name=op.f("fk_framework_council_framework_id_lead_council_id"),
        ),
        sa.PrimaryKeyConstraint("framework_id", "council_id", name=op.f("pk_framework_council")),
    )
    op.create_index(
        "ix_framework_council_council_id",
        "framework_council",
        ["council_id", "framework_id"],
        unique=False,
    )
    op.create_table(
        "invoice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("provider_number", sa.String(length=40), nullable=False),
        sa.Column("provider_number_key", sa.String(length=40), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "to-decide",
                "queried",
                "approved",
                "paid",
                "refused",
                name="invoice_state_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "regime",
            sa.Enum(
                "pcr-2015",
                "procurement-act-2023",
                name="invoice_regime",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("payment_days", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=False),
        sa.Column("submitted_by_name", sa.String(length=200), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("act_by", sa.Date(), nullable=False),
        sa.Column("vat_number", sa.String(length=20), nullable=True),
        sa.Column("exemption_reason", sa.String(length=200), nullable=True),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.Column("vat", sa.BigInteger(), nullable=False),
        sa.Column("approved", sa.BigInteger(), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("approved <= net + vat", name=op.f("approved_within_total")),
        sa.CheckConstraint("net >= 0", name=op.f("net_not_negative")),
        sa.CheckConstraint("paid <= approved", name=op.f("paid_within_approved")),
        sa.CheckConstraint("vat >= 0", name=op.f("vat_not_negative")),
        sa.ForeignKeyConstraint(
            ["council_id"], ["organisation.id"], name=op.f("fk_invoice_council_id")
        ),
        sa.ForeignKeyConstraint(
            ["framework_id"], ["framework.id"], name=op.f("fk_invoice_framework_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["organisation.id"], name=op.f("fk_invoice_provider_id")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by"], ["person.id"], name=op.f("fk_invoice_submitted_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice")),
        sa.UniqueConstraint(
            "council_id", "provider_id", "reference", name=op.f("one_invoice_reference")
        ),
        sa.UniqueConstraint(
            "id", "council_id", "provider_id", name=op.f("invoice_with_its_parties")
        ),
        sa.UniqueConstraint("id", "submitted_by", name=op.f("invoice_with_its_submitter")),
        sa.UniqueConstraint(
            "provider_id", "council_id", "framework_id", "month", name=op.f("one_invoice_a_month")
        ),
        sa.UniqueConstraint(
            "provider_id", "provider_number_key", name=op.f("one_invoice_of_a_number")
        ),
    )
    op.create_index(
        "ix_invoice_council_newest", "invoice", ["council_id", "submitted_at", "id"], unique=False
    )
    op.create_index(
        "ix_invoice_council_queue", "invoice", ["council_id", "state", "act_by", "id"], unique=False
    )
    op.create_index(
        "ix_invoice_provider_newest", "invoice", ["provider_id", "submitted_at", "id"], unique=False
    )
    op.create_index(
        "ix_invoice_provider_state",
        "invoice",
        ["provider_id", "state", "submitted_at", "id"],
        unique=False,
    )
    op.create_table(
        "lot",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("lead_council_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["framework_id", "lead_council_id"],
            ["framework.id", "framework.lead_council_id"],
            name=op.f("fk_lot_framework_id_lead_council_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot")),
        sa.UniqueConstraint("framework_id", "number", name=op.f("one_lot_of_a_number")),
        sa.UniqueConstraint(
            "id", "framework_id", "lead_council_id", name=op.f("lot_with_its_framework")
        ),
    )
    op.create_table(
        "membership_role",
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "provider-administrator",
                "bids",
                "delivery",
                "finance",
                "commissioner",
                "evaluator",
                "referrer",
                "approver",
                "budget-holder",
                "complaints-manager",
                "auditor",
                "council-administrator",
                name="membership_role_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_membership_role_membership_id")
        ),
        sa.PrimaryKeyConstraint("membership_id", "role", name=op.f("pk_membership_role")),
    )
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("secret_digest", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_sign_in_membership_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
    )
    op.create_index("ix_sign_in_person_id", "sign_in", ["person_id"], unique=False)
    op.create_table(
        "cap_raise",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("budget_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("cap_before", sa.BigInteger(), nullable=False),
        sa.Column("cap_after", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_person_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("cap_after > cap_before", name=op.f("cap_only_raised")),
        sa.ForeignKeyConstraint(
            ["budget_id", "council_id"],
            ["budget.id", "budget.council_id"],
            name=op.f("fk_cap_raise_budget_id_council_id"),
        ),
        sa.ForeignKeyConstraint(
            ["by_person_id"], ["person.id"], name=op.f("fk_cap_raise_by_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cap_raise")),
    )
    op.create_index("ix_cap_raise_budget_id", "cap_raise", ["budget_id"], unique=False)
    op.create_table(
        "category",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("lead_council_id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column(
            "mechanism",
            sa.Enum(
                "unit",
                "nightly-share",
                name="category_mechanism",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "unit",
            sa.Enum(
                "hour",
                "session",
                "night",
                name="category_unit",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(mechanism = 'unit') = (unit IN ('hour', 'session'))",
            name=op.f("category_unit_fits_mechanism"),
        ),
        sa.ForeignKeyConstraint(
            ["lot_id", "framework_id", "lead_council_id"],
            ["lot.id", "lot.framework_id", "lot.lead_council_id"],
            name=op.f("fk_category_lot_id_framework_id_lead_council_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_category")),
        sa.UniqueConstraint("framework_id", "code", name=op.f("one_category_of_a_code")),
        sa.UniqueConstraint("id", "framework_id", name=op.f("category_with_its_framework")),
    )
    op.create_table(
        "payment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("remittance", sa.String(length=40), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_by_name", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("payment_above_nothing")),
        sa.ForeignKeyConstraint(
            ["invoice_id", "council_id", "provider_id"],
            ["invoice.id", "invoice.council_id", "invoice.provider_id"],
            name=op.f("fk_payment_invoice_id_council_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["person.id"], name=op.f("fk_payment_recorded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint(
            "council_id",
            "provider_id",
            "remittance",
            "invoice_id",
            name=op.f("one_remittance_once"),
        ),
    )
    op.create_index("ix_payment_invoice_id", "payment", ["invoice_id"], unique=False)
    op.create_table(
        "place",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("lead_council_id", sa.Uuid(), nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "active",
                "reserve",
                "suspended",
                "ended",
                name="place_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("place_ends_after_it_starts")),
        sa.ForeignKeyConstraint(
            ["category_id", "framework_id"],
            ["category.id", "category.framework_id"],
            name=op.f("fk_place_category_id_framework_id"),
        ),
        sa.ForeignKeyConstraint(
            ["framework_id", "lead_council_id"],
            ["framework.id", "framework.lead_council_id"],
            name=op.f("fk_place_framework_id_lead_council_id"),
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["organisation.id"], name=op.f("fk_place_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
        sa.UniqueConstraint(
            "category_id", "provider_id", "starts_on", name=op.f("one_place_from_a_day")
        ),
        sa.UniqueConstraint(
            "id",
            "framework_id",
            "lead_council_id",
            "provider_id",
            name=op.f("place_with_its_parties"),
        ),
    )
    op.create_index("ix_place_framework_id", "place", ["framework_id", "category_id"], unique=False)
    op.create_index("ix_place_provider_id", "place", ["provider_id", "framework_id"], unique=False)
    op.create_table(
        "agreement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("young_person", sa.String(length=40), nullable=False),
        sa.Column(
            "mechanism",
            sa.Enum(
                "unit",
                "nightly-share",
                name="agreement_mechanism",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "unit",
            sa.Enum(
                "hour",
                "session",
                "night",
                name="agreement_unit",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("band", sa.String(length=40), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "active",
                "suspended",
                "ended",
                "transferred",
                name="agreement_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("authorised_weekly", sa.Integer(), nullable=True),
        sa.Column("authorised_total", sa.Integer(), nullable=True),
        sa.Column("cost_code", sa.String(length=40), nullable=True),
        sa.Column("purchase_order", sa.String(length=40), nullable=True),
        sa.CheckConstraint(
            "(mechanism = 'unit') = (unit IN ('hour', 'session'))",
            name=op.f("agreement_unit_fits_mechanism"),
        ),
        sa.CheckConstraint("authorised_total > 0", name=op.f("authorised_total_above_nothing")),
        sa.CheckConstraint("authorised_weekly > 0", name=op.f("authorised_weekly_above_nothing")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("agreement_ends_after_it_starts")),
        sa.ForeignKeyConstraint(
            ["category_id", "framework_id"],
            ["category.id", "category.framework_id"],
            name=op.f("fk_agreement_category_id_framework_id"),
        ),
        sa.ForeignKeyConstraint(
            ["council_id"], ["organisation.id"], name=op.f("fk_agreement_council_id")
        ),
        sa.ForeignKeyConstraint(
            ["framework_id"], ["framework.id"], name=op.f("fk_agreement_framework_id")
        ),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_agreement_place_id")),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["organisation.id"], name=op.f("fk_agreement_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
        sa.UniqueConstraint("council_id", "reference", name=op.f("one_agreement_of_a_reference")),
        sa.UniqueConstraint(
            "id", "council_id", "provider_id", name=op.f("agreement_with_its_parties")
        ),
    )
    op.create_index(
        "ix_agreement_council_id", "agreement", ["council_id", "reference"], unique=False
    )
    op.create_index("ix_agreement_place_id", "agreement", ["place_id"], unique=False)
    op.create_index(
        "ix_agreement_provider_id", "agreement", ["provider_id", "reference"], unique=False
    )
    op.create_table(
        "place_price",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("lead_council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("band", sa.String(length=40), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "bid",
                "uplift",
                "agreed",
                name="place_price_source",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.CheckConstraint("price > 0", name=op.f("place_price_above_nothing")),
        sa.ForeignKeyConstraint(
            ["place_id", "framework_id", "lead_council_id", "provider_id"],
            ["place.id", "place.framework_id", "place.lead_council_id", "place.provider_id"],
            name=op.f("fk_place_price_place_id_framework_id_lead_council_id_provider_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_price")),
        sa.UniqueConstraint(
            "place_id", "band", "starts_on", name=op.f("one_place_price_from_a_day")
        ),
    )
    op.create_table(
        "agreement_price",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "bid",
                "uplift",
                "agreed",
                name="agreement_price_source",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.CheckConstraint("price > 0", name=op.f("agreement_price_above_nothing")),
        sa.ForeignKeyConstraint(
            ["agreement_id", "council_id", "provider_id"],
            ["agreement.id", "agreement.council_id", "agreement.provider_id"],
            name=op.f("fk_agreement_price_agreement_id_council_id_provider_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_price")),
        sa.UniqueConstraint(
            "agreement_id", "starts_on", name=op.f("one_agreement_price_from_a_day")
        ),
    )
    op.create_table(
        "assignment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("mentor_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("assignment_ends_after_it_starts")),
        sa.ForeignKeyConstraint(
            ["agreement_id", "council_id", "provider_id"],
            ["agreement.id", "agreement.council_id", "agreement.provider_id"],
            name=op.f("fk_assignment_agreement_id_council_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(
            ["mentor_id", "provider_id"],
            ["mentor.id", "mentor.provider_id"],
            name=op.f("fk_assignment_mentor_id_provider_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint("agreement_id", "starts_on", name=op.f("one_assignment_from_a_day")),
    )
    op.create_index(
        "ix_assignment_mentor_id", "assignment", ["mentor_id", "council_id"], unique=False
    )
    op.create_table(
        "delivery_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("mentor_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("service_date", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "scheduled",
                "delivered",
                "not-attended",
                "cancelled",
                name="session_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "mode",
            sa.Enum(
                "face-to-face",
                "remote",
                name="session_mode",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("interactions", sa.Integer(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("recorded_by_name", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hands", sa.JSON(), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("interactions >= 0", name=op.f("interactions_not_negative")),
        sa.CheckConstraint("minutes BETWEEN 1 AND 1440", name=op.f("session_within_a_day")),
        sa.ForeignKeyConstraint(
            ["agreement_id", "council_id", "provider_id"],
            ["agreement.id", "agreement.council_id", "agreement.provider_id"],
            name=op.f("fk_delivery_session_agreement_id_council_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(
            ["mentor_id", "provider_id"],
            ["mentor.id", "mentor.provider_id"],
            name=op.f("fk_delivery_session_mentor_id_provider_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_session")),
        sa.UniqueConstraint(
            "id", "council_id", "provider_id", name=op.f("session_with_its_parties")
        ),
        sa.UniqueConstraint("mentor_id", "starts_at", name=op.f("a_mentor_in_one_place")),
    )
    op.create_index(
        "ix_delivery_session_agreement_id",
        "delivery_session",
        ["agreement_id", "service_date"],
        unique=False,
    )
    op.create_index(
        "ix_delivery_session_unlocked",
        "delivery_session",
        ["provider_id", "service_date"],
        unique=False,
        sqlite_where=sa.text("locked_at IS NULL"),
        postgresql_where=sa.text("locked_at IS NULL"),
    )
    op.create_table(
        "invoice_section",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("agreement_reference", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id", "council_id", "provider_id"],
            ["agreement.id", "agreement.council_id", "agreement.provider_id"],
            name=op.f("fk_invoice_section_agreement_id_council_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id", "council_id", "provider_id"],
            ["invoice.id", "invoice.council_id", "invoice.provider_id"],
            name=op.f("fk_invoice_section_invoice_id_council_id_provider_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_section")),
        sa.UniqueConstraint(
            "id", "invoice_id", "agreement_id", name=op.f("section_with_its_agreement")
        ),
        sa.UniqueConstraint("invoice_id", "agreement_id", name=op.f("one_section_an_agreement")),
    )
    op.create_index(
        "ix_invoice_section_agreement_id", "invoice_section", ["agreement_id"], unique=False
    )
    op.create_table(
        "stay",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("first_night", sa.Date(), nullable=False),
        sa.Column("last_night", sa.Date(), nullable=False),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.Column("recorded_by_name", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hands", sa.JSON(), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("last_night >= first_night", name=op.f("stay_ends_after_it_starts")),
        sa.ForeignKeyConstraint(
            ["agreement_id", "council_id", "provider_id"],
            ["agreement.id", "agreement.council_id", "agreement.provider_id"],
            name=op.f("fk_stay_agreement_id_council_id_provider_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stay")),
        sa.UniqueConstraint("agreement_id", "first_night", name=op.f("one_stay_from_a_night")),
        sa.UniqueConstraint("id", "council_id", "provider_id", name=op.f("stay_with_its_parties")),
    )
    op.create_index(
        "ix_stay_unlocked",
        "stay",
        ["provider_id", "first_night"],
        unique=False,
        sqlite_where=sa.text("locked_at IS NULL"),
        postgresql_where=sa.text("locked_at IS NULL"),
    )
    op.create_table(
        "invoice_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("section_id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("service_month", sa.Date(), nullable=False),
        sa.Column("contract_year", sa.Date(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("description", sa.String(length=200), nullable=False),
        sa.Column(
            "unit",
            sa.Enum(
                "hour",
                "session",
                "night",
                name="line_unit",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.Column(
            "vat_category",
            sa.Enum(
                "E",
                "O",
                "S",
                name="line_vat_category",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("vat_rate", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("cost_code", sa.String(length=40), nullable=True),
        sa.Column("purchase_order", sa.String(length=40), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "submitted",
                "queried",
                "answered",
                "approved",
                "refused",
                "paid",
                name="line_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("hands", sa.JSON(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'paid') = (payment_id IS NOT NULL)", name=op.f("paid_by_a_payment")
        ),
        sa.CheckConstraint("net >= 0", name=op.f("line_net_not_negative")),
        sa.CheckConstraint("parts >= 0", name=op.f("parts_not_negative")),
        sa.ForeignKeyConstraint(
            ["invoice_id", "council_id", "provider_id"],
            ["invoice.id", "invoice.council_id", "invoice.provider_id"],
            name=op.f("fk_invoice_line_invoice_id_council_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.id"], name=op.f("fk_invoice_line_payment_id")
        ),
        sa.ForeignKeyConstraint(
            ["section_id", "invoice_id", "agreement_id"],
            ["invoice_section.id", "invoice_section.invoice_id", "invoice_section.agreement_id"],
            name=op.f("fk_invoice_line_section_id_invoice_id_agreement_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_line")),
        sa.UniqueConstraint("id", "council_id", "provider_id", name=op.f("line_with_its_parties")),
        sa.UniqueConstraint("invoice_id", "position", name=op.f("one_line_a_position")),
    )
    op.create_index(
        "ix_invoice_line_agreement_id",
        "invoice_line",
        ["agreement_id", "service_month"],
        unique=False,
    )
    op.create_index("ix_invoice_line_payment_id", "invoice_line", ["payment_id"], unique=False)
    op.create_table(
        "charged_unit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("stay_id", sa.Uuid(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(session_id IS NULL) <> (stay_id IS NULL)", name=op.f("charges_a_session_or_a_stay")
        ),
        sa.CheckConstraint("parts >= 0", name=op.f("charged_parts_not_negative")),
        sa.ForeignKeyConstraint(
            ["line_id", "council_id", "provider_id"],
            ["invoice_line.id", "invoice_line.council_id", "invoice_line.provider_id"],
            name=op.f("fk_charged_unit_line_id_council_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(
            ["session_id", "council_id", "provider_id"],
            ["delivery_session.id", "delivery_session.council_id", "delivery_session.provider_id"],
            name=op.f("fk_charged_unit_session_id_council_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(
            ["stay_id", "council_id", "provider_id"],
            ["stay.id", "stay.council_id", "stay.provider_id"],
            name=op.f("fk_charged_unit_stay_id_council_id_provider_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charged_unit")),
        sa.UniqueConstraint("session_id", name=op.f("a_session_charged_once")),
        sa.UniqueConstraint("stay_id", "first_day", name=op.f("a_night_charged_once")),
    )
    op.create_index("ix_charged_unit_line_id", "charged_unit", ["line_id"], unique=False)
    op.create_table(
        "decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "query",
                "answer",
                "amend",
                "approve",
                "refuse",
                "pay",
                name="decision_step_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "reason",
            sa.Enum(
                "not-delivered",
                "not-authorised",
                "wrong-price",
                "duplicate",
                "outside-agreement",
                "mentor-not-cleared",
                "other",
                name="decision_reason_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("decided_by_name", sa.String(length=200), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(step = 'refuse') = (reason IS NOT NULL)", name=op.f("a_refusal_has_its_reason")
        ),
        sa.CheckConstraint(
            "step <> 'approve' OR decided_by <> submitted_by", name=op.f("not_ones_own_invoice")
        ),
        sa.CheckConstraint("step <> 'query' OR words <> ''", name=op.f("a_query_asks_something")),
        sa.CheckConstraint("step IN ('approve', 'query', 'refuse')", name=op.f("decision_step")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_decision_decided_by")),
        sa.ForeignKeyConstraint(
            ["invoice_id", "submitted_by"],
            ["invoice.id", "invoice.submitted_by"],
            name=op.f("fk_decision_invoice_id_submitted_by"),
        ),
        sa.ForeignKeyConstraint(
            ["line_id", "council_id", "provider_id"],
            ["invoice_line.id", "invoice_line.council_id", "invoice_line.provider_id"],
            name=op.f("fk_decision_line_id_council_id_provider_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_index("ix_decision_invoice_id", "decision", ["invoice_id"], unique=False)
    op.create_index("ix_decision_line_id", "decision", ["line_id"], unique=False)
    op.create_table(
        "reply",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "query",
                "answer",
                "amend",
                "approve",
                "refuse",
                "pay",
                name="reply_step_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("parts_before", sa.Integer(), nullable=False),
        sa.Column("parts_after", sa.Integer(), nullable=False),
        sa.Column("net_before", sa.BigInteger(), nullable=False),
        sa.Column("net_after", sa.BigInteger(), nullable=False),
        sa.Column("replied_by", sa.Uuid(), nullable=False),
        sa.Column("replied_by_name", sa.String(length=200), nullable=False),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("step IN ('answer', 'amend')", name=op.f("reply_step")),
        sa.CheckConstraint("parts_after <= parts_before", name=op.f("amended_down_only")),
        sa.ForeignKeyConstraint(
            ["line_id", "council_id", "provider_id"],
            ["invoice_line.id", "invoice_line.council_id", "invoice_line.provider_id"],
            name=op.f("fk_reply_line_id_council_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(["replied_by"], ["person.id"], name=op.f("fk_reply_replied_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply")),
    )
    op.create_index("ix_reply_invoice_id", "reply", ["invoice_id"], unique=False)
    op.create_index("ix_reply_line_id", "reply", ["line_id"], unique=False)

    for table, (seen, written) in ROW_SECURITY.items():
        protect(table, seen=seen, written=written)
    for table in APPEND_ONLY:
        append_only(table)
    make_search("invoice")
    forbid_own_approval()


def forbid_own_approval() -> None:
    """Nobody approves a line that they entered, edited, submitted or amended."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION forbid_own_approval() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "IF NEW.step = 'approve' AND EXISTS (SELECT 1 FROM invoice_line WHERE id = NEW.line_id "
            "AND hands::jsonb ? NEW.decided_by::text) THEN RAISE EXCEPTION 'not_ones_own_line' "
            "USING ERRCODE = 'check_violation', CONSTRAINT = 'not_ones_own_line'; END IF; "
            "RETURN NEW; END $$"
        )
        op.execute(
            "CREATE TRIGGER not_ones_own_line BEFORE INSERT ON decision "
            "FOR EACH ROW EXECUTE FUNCTION forbid_own_approval()"
        )
        return
    op.execute(
        "CREATE TRIGGER not_ones_own_line BEFORE INSERT ON decision "
        "WHEN NEW.step = 'approve' AND EXISTS (SELECT 1 FROM invoice_line, "
        "json_each(invoice_line.hands) WHERE invoice_line.id = NEW.line_id "
        "AND replace(json_each.value, '-', '') = NEW.decided_by) "
        "BEGIN SELECT RAISE(ABORT, 'not_ones_own_line'); END"
    )


def downgrade() -> None:
    drop_search("invoice")
    for table in ROW_SECURITY:
        unprotect(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER not_ones_own_line ON decision")
        op.execute("DROP FUNCTION forbid_own_approval()")
        for table in APPEND_ONLY:
            op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
        op.execute("DROP FUNCTION refuse_change()")
    op.drop_index("ix_reply_line_id", table_name="reply")
    op.drop_index("ix_reply_invoice_id", table_name="reply")
    op.drop_table("reply")
    op.drop_index("ix_decision_line_id", table_name="decision")
    op.drop_index("ix_decision_invoice_id", table_name="decision")
    op.drop_table("decision")
    op.drop_index("ix_charged_unit_line_id", table_name="charged_unit")
    op.drop_table("charged_unit")
    op.drop_index("ix_invoice_line_payment_id", table_name="invoice_line")
    op.drop_index("ix_invoice_line_agreement_id", table_name="invoice_line")
    op.drop_table("invoice_line")
    op.drop_index(
        "ix_stay_unlocked",
        table_name="stay",
        sqlite_where=sa.text("locked_at IS NULL"),
        postgresql_where=sa.text("locked_at IS NULL"),
    )
    op.drop_table("stay")
    op.drop_index("ix_invoice_section_agreement_id", table_name="invoice_section")
    op.drop_table("invoice_section")
    op.drop_index(
        "ix_delivery_session_unlocked",
        table_name="delivery_session",
        sqlite_where=sa.text("locked_at IS NULL"),
        postgresql_where=sa.text("locked_at IS NULL"),
    )
    op.drop_index("ix_delivery_session_agreement_id", table_name="delivery_session")
    op.drop_table("delivery_session")
    op.drop_index("ix_assignment_mentor_id", table_name="assignment")
    op.drop_table("assignment")
    op.drop_table("agreement_price")
    op.drop_table("place_price")
    op.drop_index("ix_agreement_provider_id", table_name="agreement")
    op.drop_index("ix_agreement_place_id", table_name="agreement")
    op.drop_index("ix_agreement_council_id", table_name="agreement")
    op.drop_table("agreement")
    op.drop_index("ix_place_provider_id", table_name="place")
    op.drop_index("ix_place_framework_id", table_name="place")
    op.drop_table("place")
    op.drop_index("ix_payment_invoice_id", table_name="payment")
    op.drop_table("payment")
    op.drop_table("category")
    op.drop_index("ix_cap_raise_budget_id", table_name="cap_raise")
    op.drop_table("cap_raise")
    op.drop_index("ix_sign_in_person_id", table_name="sign_in")
    op.drop_table("sign_in")
    op.drop_table("membership_role")
    op.drop_table("lot")
    op.drop_index("ix_invoice_provider_state", table_name="invoice")
    op.drop_index("ix_invoice_provider_newest", table_name="invoice")
    op.drop_index("ix_invoice_council_queue", table_name="invoice")
    op.drop_index("ix_invoice_council_newest", table_name="invoice")
    op.drop_table("invoice")
    op.drop_index("ix_framework_council_council_id", table_name="framework_council")
    op.drop_table("framework_council")
    op.drop_table("clearance")
    op.drop_index("ix_budget_council_id", table_name="budget")
    op.drop_table("budget")
    op.drop_table("vat_standing")
    op.drop_index("ix_mentor_provider_id", table_name="mentor")
    op.drop_index("ix_mentor_person_id", table_name="mentor")
    op.drop_table("mentor")
    op.drop_index("ix_membership_organisation_id", table_name="membership")
    op.drop_table("membership")
    op.drop_table("framework")
    op.drop_table("evidence")
    op.drop_table("credential")
    op.drop_index("ix_bank_details_provider_id", table_name="bank_details")
    op.drop_table("bank_details")
    op.drop_table("person")
    op.drop_table("organisation")
    op.drop_table("form_receipt")
    op.drop_table("clock_setting")
    op.drop_index("ix_audit_event_subject", table_name="audit_event")
    op.drop_index("ix_audit_event_provider", table_name="audit_event")
    op.drop_index("ix_audit_event_organisation", table_name="audit_event")
    op.drop_index("ix_audit_event_council", table_name="audit_event")
    op.drop_table("audit_event")
