"""Rounds their questions and applications"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.kernel.row_security import protect, unprotect

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# Who may read and who may write each table's rows, as the models said when this was
# written.
ROW_SECURITY = {
    "opener_key": (
        "opener_key.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds'",
        "opener_key.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "framework_terms": (
        "(EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = framework_terms.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR (EXISTS (SELECT place_1.id FROM place AS place_1 WHERE place_1.framework_id = framework_terms.framework_id AND place_1.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR (EXISTS (SELECT round_1.id FROM round AS round_1 WHERE round_1.framework_id = framework_terms.framework_id AND round_1.announced_at IS NOT NULL AND CAST(nullif(current_setting('app.organisation', true), '') AS UUID) IS NOT NULL)) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds'",
        "framework_terms.lead_council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "round": (
        "round.announced_at IS NOT NULL OR (EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = round.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk'",
        "round.lead_council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds'",
    ),
    "application": (
        "application.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = application.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) AND (EXISTS (SELECT round_1.id FROM round AS round_1 WHERE round_1.id = application.round_id AND round_1.opened_at IS NOT NULL)) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds'",
        "application.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "demand": (
        "(EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = demand.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR (EXISTS (SELECT place_1.id FROM place AS place_1 WHERE place_1.framework_id = demand.framework_id AND place_1.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR (EXISTS (SELECT round_1.id FROM round AS round_1 WHERE round_1.framework_id = demand.framework_id AND round_1.announced_at IS NOT NULL AND CAST(nullif(current_setting('app.organisation', true), '') AS UUID) IS NOT NULL)) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds'",
        "demand.lead_council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "escrow_share": (
        "(EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = escrow_share.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds'",
        "escrow_share.lead_council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds'",
    ),
    "late_door": (
        "late_door.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = late_door.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds'",
        "late_door.lead_council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "question": (
        "(EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = question.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR (EXISTS (SELECT round_1.id FROM round AS round_1 WHERE round_1.id = question.round_id AND round_1.announced_at IS NOT NULL)) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds'",
        "question.lead_council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "round_extension": (
        "(EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = round_extension.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR (EXISTS (SELECT round_1.id FROM round AS round_1 WHERE round_1.id = round_extension.round_id AND round_1.announced_at IS NOT NULL)) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds'",
        "round_extension.lead_council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "round_notice": (
        "(EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = round_notice.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR (EXISTS (SELECT round_1.id FROM round AS round_1 WHERE round_1.id = round_notice.round_id AND round_1.announced_at IS NOT NULL)) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds'",
        "round_notice.lead_council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "round_opener": (
        "(EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = round_opener.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds'",
        "round_opener.lead_council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR round_opener.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds'",
    ),
    "application_file": (
        "application_file.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = application_file.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) AND (EXISTS (SELECT round_1.id FROM round AS round_1 WHERE round_1.id = application_file.round_id AND round_1.opened_at IS NOT NULL))",
        "application_file.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "category_terms": (
        "(EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = category_terms.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR (EXISTS (SELECT place_1.id FROM place AS place_1 WHERE place_1.framework_id = category_terms.framework_id AND place_1.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR (EXISTS (SELECT round_1.id FROM round AS round_1 WHERE round_1.framework_id = category_terms.framework_id AND round_1.announced_at IS NOT NULL AND CAST(nullif(current_setting('app.organisation', true), '') AS UUID) IS NOT NULL)) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds'",
        "category_terms.lead_council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "clarification": (
        "clarification.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = clarification.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds'",
        "clarification.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR clarification.lead_council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "price_asked": (
        "(EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = price_asked.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR (EXISTS (SELECT place_1.id FROM place AS place_1 WHERE place_1.framework_id = price_asked.framework_id AND place_1.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR (EXISTS (SELECT round_1.id FROM round AS round_1 WHERE round_1.framework_id = price_asked.framework_id AND round_1.announced_at IS NOT NULL AND CAST(nullif(current_setting('app.organisation', true), '') AS UUID) IS NOT NULL)) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds'",
        "price_asked.lead_council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "price_band": (
        "(EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = price_band.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR (EXISTS (SELECT place_1.id FROM place AS place_1 WHERE place_1.framework_id = price_band.framework_id AND place_1.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR (EXISTS (SELECT round_1.id FROM round AS round_1 WHERE round_1.framework_id = price_band.framework_id AND round_1.announced_at IS NOT NULL AND CAST(nullif(current_setting('app.organisation', true), '') AS UUID) IS NOT NULL)) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds'",
        "price_band.lead_council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "published_answer": (
        "(EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = published_answer.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR (EXISTS (SELECT round_1.id FROM round AS round_1 WHERE round_1.id = published_answer.round_id AND round_1.announced_at IS NOT NULL)) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds'",
        "published_answer.lead_council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "question_version": (
        "(EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = question_version.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR (EXISTS (SELECT round_1.id FROM round AS round_1 WHERE round_1.id = question_version.round_id AND round_1.announced_at IS NOT NULL)) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds'",
        "question_version.lead_council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "round_category": (
        "(EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = round_category.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR (EXISTS (SELECT round_1.id FROM round AS round_1 WHERE round_1.id = round_category.round_id AND round_1.announced_at IS NOT NULL)) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds'",
        "round_category.lead_council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "submission": (
        "submission.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = submission.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) AND (EXISTS (SELECT round_1.id FROM round AS round_1 WHERE round_1.id = submission.round_id AND round_1.opened_at IS NOT NULL)) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds'",
        "submission.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "bid": (
        "bid.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = bid.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) AND (EXISTS (SELECT round_1.id FROM round AS round_1 WHERE round_1.id = bid.round_id AND round_1.opened_at IS NOT NULL)) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds'",
        "coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds'",
    ),
    "draft_part": (
        "draft_part.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
        "draft_part.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "opened_answer": (
        "opened_answer.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = opened_answer.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) AND (EXISTS (SELECT round_1.id FROM round AS round_1 WHERE round_1.id = opened_answer.round_id AND round_1.opened_at IS NOT NULL)) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds'",
        "coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds'",
    ),
    "bid_price": (
        "bid_price.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = bid_price.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) AND (EXISTS (SELECT round_1.id FROM round AS round_1 WHERE round_1.id = bid_price.round_id AND round_1.opened_at IS NOT NULL)) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds'",
        "coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds'",
    ),
}


def upgrade() -> None:
    op.create_table(
        "opener_key",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_private_key", sa.LargeBinary(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["council_id"], ["organisation.id"], name=op.f("fk_opener_key_council_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_opener_key_person_id")),
        sa.PrimaryKeyConstraint("person_id", "council_id", name=op.f("pk_opener_key")),
    )
    op.create_table(
        "framework_terms",
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("lead_council_id", sa.Uuid(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("summary", sa.String(length=2000), nullable=False),
        sa.Column("extension_months", sa.Integer(), nullable=False),
        sa.Column("quality_points", sa.Integer(), nullable=False),
        sa.Column("price_points", sa.Integer(), nullable=False),
        sa.Column("least_evaluators", sa.Integer(), nullable=False),
        sa.Column("standstill_days", sa.Integer(), nullable=False),
        sa.Column("uplift_cap", sa.Integer(), nullable=False),
        sa.Column("uplift_review_above", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("extension_months >= 0", name=op.f("extension_not_negative")),
        sa.CheckConstraint("least_evaluators >= 2", name=op.f("at_least_two_evaluators")),
        sa.CheckConstraint("quality_points + price_points = 100", name=op.f("points_make_100")),
        sa.CheckConstraint(
            "quality_points >= 0 AND price_points >= 0", name=op.f("points_not_negative")
        ),
        sa.CheckConstraint("standstill_days >= 0", name=op.f("standstill_not_negative")),
        sa.ForeignKeyConstraint(
            ["framework_id", "lead_council_id"],
            ["framework.id", "framework.lead_council_id"],
            name=op.f("fk_framework_terms_framework_id_lead_council_id"),
        ),
        sa.PrimaryKeyConstraint("framework_id", name=op.f("pk_framework_terms")),
    )
    op.create_table(
        "round",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("lead_council_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("guidance", sa.String(length=4000), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("questions_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("advertised_closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_because", sa.String(length=500), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("evaluating_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("moderated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("standstill_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("concluded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_key", sa.LargeBinary(), nullable=True),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(announced_at IS NULL) = (public_key IS NULL)", name=op.f("announced_with_its_key")
        ),
        sa.CheckConstraint(
            "closes_at >= advertised_closes_at", name=op.f("deadline_never_shortened")
        ),
        sa.CheckConstraint("opened_at >= closes_at", name=op.f("opened_after_closing")),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("round_closes_after_it_opens")),
        sa.CheckConstraint("questions_until <= closes_at", name=op.f("questions_end_by_closing")),
        sa.ForeignKeyConstraint(
            ["framework_id", "lead_council_id"],
            ["framework.id", "framework.lead_council_id"],
            name=op.f("fk_round_framework_id_lead_council_id"),
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_round_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        sa.UniqueConstraint("framework_id", "title", name=op.f("one_round_of_a_title")),
        sa.UniqueConstraint(
            "id", "framework_id", "lead_council_id", name=op.f("round_with_its_framework")
        ),
    )
    op.create_index("ix_round_closes_at", "round", ["closes_at"], unique=False)
    op.create_index("ix_round_framework_id", "round", ["framework_id"], unique=False)
    op.create_table(
        "application",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("lead_council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by_id", sa.Uuid(), nullable=False),
        sa.Column("prefilled_from_id", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["prefilled_from_id"], ["application.id"], name=op.f("fk_application_prefilled_from_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["organisation.id"], name=op.f("fk_application_provider_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id", "framework_id", "lead_council_id"],
            ["round.id", "round.framework_id", "round.lead_council_id"],
            name=op.f("fk_application_round_id_framework_id_lead_council_id"),
        ),
        sa.ForeignKeyConstraint(
            ["started_by_id"], ["person.id"], name=op.f("fk_application_started_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint(
            "id",
            "round_id",
            "framework_id",
            "lead_council_id",
            "provider_id",
            name=op.f("application_with_its_parties"),
        ),
        sa.UniqueConstraint("round_id", "provider_id", name=op.f("one_application_of_a_provider")),
    )
    op.create_index("ix_application_provider_id", "application", ["provider_id"], unique=False)
    op.create_table(
        "demand",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("lead_council_id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=True),
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
                "professional-indemnity",
                "enhanced-dbs",
                "safeguarding-lead",
                "information-sharing",
                "recruitment-policy",
                "volunteer-policy",
                "prevent-duty",
                "complaints-procedure",
                "health-and-safety",
                "quality-assurance",
                "business-continuity",
                "whistleblowing-policy",
                "ofsted-registration",
                "accounts",
                name="demand_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("least_cover", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["framework_id", "lead_council_id"],
            ["framework.id", "framework.lead_council_id"],
            name=op.f("fk_demand_framework_id_lead_council_id"),
        ),
        sa.ForeignKeyConstraint(
            ["lot_id", "framework_id", "lead_council_id"],
            ["lot.id", "lot.framework_id", "lot.lead_council_id"],
            name=op.f("fk_demand_lot_id_framework_id_lead_council_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demand")),
        sa.UniqueConstraint("framework_id", "lot_id", "kind", name=op.f("one_demand_of_a_kind")),
    )
    op.create_table(
        "escrow_share",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("lead_council_id", sa.Uuid(), nullable=False),
        sa.Column("share", sa.LargeBinary(), nullable=False),
        sa.Column("escrow_public_key", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id", "framework_id", "lead_council_id"],
            ["round.id", "round.framework_id", "round.lead_council_id"],
            name=op.f("fk_escrow_share_round_id_framework_id_lead_council_id"),
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_escrow_share")),
    )
    op.create_table(
        "late_door",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("lead_council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("provider_name", sa.String(length=200), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by_name", sa.String(length=200), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_by_id", sa.Uuid(), nullable=True),
        sa.Column("agreed_by_name", sa.String(length=200), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("agreed_by_id <> asked_by_id", name=op.f("late_door_agreed_by_another")),
        sa.ForeignKeyConstraint(
            ["agreed_by_id"], ["person.id"], name=op.f("fk_late_door_agreed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_late_door_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["organisation.id"], name=op.f("fk_late_door_provider_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id", "framework_id", "lead_council_id"],
            ["round.id", "round.framework_id", "round.lead_council_id"],
            name=op.f("fk_late_door_round_id_framework_id_lead_council_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_door")),
        sa.UniqueConstraint("round_id", "provider_id", name=op.f("one_late_door_of_a_provider")),
    )
    op.create_table(
        "question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("lead_council_id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=True),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lot_id", "framework_id", "lead_council_id"],
            ["lot.id", "lot.framework_id", "lot.lead_council_id"],
            name=op.f("fk_question_lot_id_framework_id_lead_council_id"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id", "framework_id", "lead_council_id"],
            ["round.id", "round.framework_id", "round.lead_council_id"],
            name=op.f("fk_question_round_id_framework_id_lead_council_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint(
            "id",
            "round_id",
            "framework_id",
            "lead_council_id",
            name=op.f("question_with_its_round"),
        ),
        sa.UniqueConstraint("round_id", "code", name=op.f("one_question_of_a_code")),
    )
    op.create_table(
        "round_extension",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("lead_council_id", sa.Uuid(), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by_name", sa.String(length=200), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_by_id", sa.Uuid(), nullable=True),
        sa.Column("agreed_by_name", sa.String(length=200), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("agreed_by_id <> asked_by_id", name=op.f("extension_agreed_by_another")),
        sa.ForeignKeyConstraint(
            ["agreed_by_id"], ["person.id"], name=op.f("fk_round_extension_agreed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_round_extension_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id", "framework_id", "lead_council_id"],
            ["round.id", "round.framework_id", "round.lead_council_id"],
            name=op.f("fk_round_extension_round_id_framework_id_lead_council_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_extension")),
    )
    op.create_index("ix_round_extension_round_id", "round_extension", ["round_id"], unique=False)
    op.create_table(
        "round_notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("lead_council_id", sa.Uuid(), nullable=False),
        sa.Column("sentence", sa.String(length=2000), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id", "framework_id", "lead_council_id"],
            ["round.id", "round.framework_id", "round.lead_council_id"],
            name=op.f("fk_round_notice_round_id_framework_id_lead_council_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_notice")),
    )
    op.create_index("ix_round_notice_round_id", "round_notice", ["round_id"], unique=False)
    op.create_table(
        "round_opener",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("lead_council_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("share", sa.LargeBinary(), nullable=True),
        sa.Column("given", sa.String(length=2000), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["council_id"], ["organisation.id"], name=op.f("fk_round_opener_council_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_round_opener_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id", "framework_id", "lead_council_id"],
            ["round.id", "round.framework_id", "round.lead_council_id"],
            name=op.f("fk_round_opener_round_id_framework_id_lead_council_id"),
        ),
        sa.PrimaryKeyConstraint("round_id", "person_id", name=op.f("pk_round_opener")),
    )
    op.create_table(
        "application_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("lead_council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id", "round_id", "framework_id", "lead_council_id", "provider_id"],
            [
                "application.id",
                "application.round_id",
                "application.framework_id",
                "application.lead_council_id",
                "application.provider_id",
            ],
            name=op.f(
                "fk_application_file_application_id_round_id_framework_id_lead_council_id_provider_id"
            ),
        ),
        sa.ForeignKeyConstraint(
            ["file_id", "provider_id"],
            ["stored_file.id", "stored_file.provider_id"],
            name=op.f("fk_application_file_file_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_application_file_question_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_file")),
        sa.UniqueConstraint("file_id", name=op.f("a_file_answers_one_question")),
    )
    op.create_index(
        "ix_application_file_application_id", "application_file", ["application_id"], unique=False
    )
    op.create_table(
        "category_terms",
        sa.Column("category_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("lead_council_id", sa.Uuid(), nullable=False),
        sa.Column(
            "price_method",
            sa.Enum(
                "optimum",
                "lowest",
                "ceiling",
                name="category_price_method",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "limit",
            sa.Enum(
                "below",
                "at-most",
                name="category_price_limit",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("varies_by", sa.String(length=100), nullable=False),
        sa.Column("self_select", sa.Boolean(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("reserves", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("places > 0", name=op.f("places_above_nothing")),
        sa.CheckConstraint("reserves >= 0", name=op.f("reserves_not_negative")),
        sa.ForeignKeyConstraint(
            ["category_id", "framework_id"],
            ["category.id", "category.framework_id"],
            name=op.f("fk_category_terms_category_id_framework_id"),
        ),
        sa.ForeignKeyConstraint(
            ["framework_id", "lead_council_id"],
            ["framework.id", "framework.lead_council_id"],
            name=op.f("fk_category_terms_framework_id_lead_council_id"),
        ),
        sa.PrimaryKeyConstraint("category_id", name=op.f("pk_category_terms")),
    )
    op.create_table(
        "clarification",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("lead_council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=True),
        sa.Column("question_id", sa.Uuid(), nullable=True),
        sa.Column("asked", sa.String(length=2000), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_because", sa.String(length=500), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_clarification_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["lot_id", "framework_id", "lead_council_id"],
            ["lot.id", "lot.framework_id", "lot.lead_council_id"],
            name=op.f("fk_clarification_lot_id_framework_id_lead_council_id"),
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["organisation.id"], name=op.f("fk_clarification_provider_id")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_clarification_question_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id", "framework_id", "lead_council_id"],
            ["round.id", "round.framework_id", "round.lead_council_id"],
            name=op.f("fk_clarification_round_id_framework_id_lead_council_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clarification")),
        sa.UniqueConstraint(
            "id",
            "round_id",
            "framework_id",
            "lead_council_id",
            name=op.f("clarification_with_its_round"),
        ),
    )
    op.create_index(
        "ix_clarification_round_id", "clarification", ["round_id", "asked_at"], unique=False
    )
    op.create_table(
        "price_asked",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("lead_council_id", sa.Uuid(), nullable=False),
        sa.Column("band", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("optimum", sa.BigInteger(), nullable=True),
        sa.Column("maximum", sa.BigInteger(), nullable=True),
        sa.Column("floor", sa.BigInteger(), nullable=True),
        sa.Column("yearly_units", sa.Integer(), nullable=True),
        sa.CheckConstraint("floor >= 0", name=op.f("floor_not_negative")),
        sa.CheckConstraint("maximum > 0", name=op.f("maximum_above_nothing")),
        sa.CheckConstraint("optimum > 0", name=op.f("optimum_above_nothing")),
        sa.ForeignKeyConstraint(
            ["category_id", "framework_id"],
            ["category.id", "category.framework_id"],
            name=op.f("fk_price_asked_category_id_framework_id"),
        ),
        sa.ForeignKeyConstraint(
            ["framework_id", "lead_council_id"],
            ["framework.id", "framework.lead_council_id"],
            name=op.f("fk_price_asked_framework_id_lead_council_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_asked")),
        sa.UniqueConstraint("category_id", "band", name=op.f("one_price_asked_of_a_band")),
    )
    op.create_table(
        "price_band",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("lead_council_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("up_to", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["category_id", "framework_id"],
            ["category.id", "category.framework_id"],
            name=op.f("fk_price_band_category_id_framework_id"),
        ),
        sa.ForeignKeyConstraint(
            ["framework_id", "lead_council_id"],
            ["framework.id", "framework.lead_council_id"],
            name=op.f("fk_price_band_framework_id_lead_council_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_band")),
        sa.UniqueConstraint("category_id", "name", name=op.f("one_price_band_of_a_name")),
        sa.UniqueConstraint("category_id", "up_to", name=op.f("one_price_band_up_to")),
    )
    op.create_table(
        "published_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("lead_council_id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=True),
        sa.Column("question_id", sa.Uuid(), nullable=True),
        sa.Column("asked", sa.String(length=2000), nullable=False),
        sa.Column("answer", sa.String(length=4000), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_published_answer_question_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id", "framework_id", "lead_council_id"],
            ["round.id", "round.framework_id", "round.lead_council_id"],
            name=op.f("fk_published_answer_round_id_framework_id_lead_council_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_answer")),
    )
    op.create_index("ix_published_answer_round_id", "published_answer", ["round_id"], unique=False)
    op.create_table(
        "question_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("lead_council_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "yes-no",
                "text",
                "choice",
                "number",
                "money",
                "date",
                "file",
                "evidence",
                name="question_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("wording", sa.String(length=1000), nullable=False),
        sa.Column("help", sa.String(length=2000), nullable=False),
        sa.Column("optional", sa.Boolean(), nullable=False),
        sa.Column("most_words", sa.Integer(), nullable=True),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("required", sa.String(length=40), nullable=False),
        sa.Column(
            "evidence_kind",
            sa.Enum(
                "employers-liability",
                "public-liability",
                "safeguarding-policy",
                "data-protection-policy",
                "data-protection-training",
                "uk-storage",
                "confidentiality",
                "equality-objectives",
                "professional-indemnity",
                "enhanced-dbs",
                "safeguarding-lead",
                "information-sharing",
                "recruitment-policy",
                "volunteer-policy",
                "prevent-duty",
                "complaints-procedure",
                "health-and-safety",
                "quality-assurance",
                "business-continuity",
                "whistleblowing-policy",
                "ofsted-registration",
                "accounts",
                name="question_evidence_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("asked_if_code", sa.String(length=40), nullable=False),
        sa.Column("asked_if_answer", sa.String(length=40), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edits", sa.Integer(), nullable=False),
        sa.CheckConstraint("most_words > 0", name=op.f("most_words_above_nothing")),
        sa.CheckConstraint("number > 0", name=op.f("versions_count_from_one")),
        sa.CheckConstraint("points >= 0", name=op.f("question_points_not_negative")),
        sa.ForeignKeyConstraint(
            ["question_id", "round_id", "framework_id", "lead_council_id"],
            [
                "question.id",
                "question.round_id",
                "question.framework_id",
                "question.lead_council_id",
            ],
            name=op.f("fk_question_version_question_id_round_id_framework_id_lead_council_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_version")),
        sa.UniqueConstraint("question_id", "number", name=op.f("one_version_of_a_number")),
    )
    op.create_index("ix_question_version_round_id", "question_version", ["round_id"], unique=False)
    op.create_table(
        "round_category",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("lead_council_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["category_id", "framework_id"],
            ["category.id", "category.framework_id"],
            name=op.f("fk_round_category_category_id_framework_id"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id", "framework_id", "lead_council_id"],
            ["round.id", "round.framework_id", "round.lead_council_id"],
            name=op.f("fk_round_category_round_id_framework_id_lead_council_id"),
        ),
        sa.PrimaryKeyConstraint("round_id", "category_id", name=op.f("pk_round_category")),
    )
    op.create_table(
        "submission",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("lead_council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(length=200), nullable=False),
        sa.Column("late_door_id", sa.Uuid(), nullable=True),
        sa.Column("declared_by_id", sa.Uuid(), nullable=False),
        sa.Column("declared_by_name", sa.String(length=200), nullable=False),
        sa.Column("declared_as", sa.String(length=100), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("submissions_count_from_one")),
        sa.ForeignKeyConstraint(
            ["application_id", "round_id", "framework_id", "lead_council_id", "provider_id"],
            [
                "application.id",
                "application.round_id",
                "application.framework_id",
                "application.lead_council_id",
                "application.provider_id",
            ],
            name=op.f(
                "fk_submission_application_id_round_id_framework_id_lead_council_id_provider_id"
            ),
        ),
        sa.ForeignKeyConstraint(
            ["declared_by_id"], ["person.id"], name=op.f("fk_submission_declared_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["late_door_id"], ["late_door.id"], name=op.f("fk_submission_late_door_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint("application_id", "number", name=op.f("one_submission_of_a_number")),
        sa.UniqueConstraint(
            "id",
            "application_id",
            "round_id",
            "framework_id",
            "lead_council_id",
            "provider_id",
            name=op.f("submission_with_its_parties"),
        ),
        sa.UniqueConstraint("reference", name=op.f("one_submission_of_a_reference")),
    )
    op.create_index("ix_submission_round_id", "submission", ["round_id"], unique=False)
    op.create_table(
        "bid",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("lead_council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["category_id", "framework_id"],
            ["category.id", "category.framework_id"],
            name=op.f("fk_bid_category_id_framework_id"),
        ),
        sa.ForeignKeyConstraint(
            [
                "submission_id",
                "application_id",
                "round_id",
                "framework_id",
                "lead_council_id",
                "provider_id",
            ],
            [
                "submission.id",
                "submission.application_id",
                "submission.round_id",
                "submission.framework_id",
                "submission.lead_council_id",
                "submission.provider_id",
            ],
            name=op.f(
                "fk_bid_submission_id_application_id_round_id_framework_id_lead_council_id_provider_id"
            ),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid")),
        sa.UniqueConstraint(
            "id",
            "round_id",
            "framework_id",
            "lead_council_id",
            "provider_id",
            name=op.f("bid_with_its_parties"),
        ),
        sa.UniqueConstraint(
            "round_id", "category_id", "provider_id", name=op.f("one_bid_of_a_provider")
        ),
    )
    op.create_table(
        "draft_part",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("lead_council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.String(length=120), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("question_version_id", sa.Uuid(), nullable=True),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id", "round_id", "framework_id", "lead_council_id", "provider_id"],
            [
                "application.id",
                "application.round_id",
                "application.framework_id",
                "application.lead_council_id",
                "application.provider_id",
            ],
            name=op.f(
                "fk_draft_part_application_id_round_id_framework_id_lead_council_id_provider_id"
            ),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_draft_part_by_id")),
        sa.ForeignKeyConstraint(
            ["question_version_id"],
            ["question_version.id"],
            name=op.f("fk_draft_part_question_version_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_part")),
        sa.UniqueConstraint("application_id", "part", name=op.f("one_draft_of_a_part")),
    )
    op.create_table(
        "opened_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("lead_council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("question_version_id", sa.Uuid(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_version_id"],
            ["question_version.id"],
            name=op.f("fk_opened_answer_question_version_id"),
        ),
        sa.ForeignKeyConstraint(
            [
                "submission_id",
                "application_id",
                "round_id",
                "framework_id",
                "lead_council_id",
                "provider_id",
            ],
            [
                "submission.id",
                "submission.application_id",
                "submission.round_id",
                "submission.framework_id",
                "submission.lead_council_id",
                "submission.provider_id",
            ],
            name=op.f(
                "fk_opened_answer_submission_id_application_id_round_id_framework_id_lead_council_id_provider_id"
            ),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opened_answer")),
        sa.UniqueConstraint(
            "submission_id", "question_version_id", name=op.f("one_opened_answer_of_a_question")
        ),
    )
    op.create_index(
        "ix_opened_answer_round_id",
        "opened_answer",
        ["round_id", "question_version_id"],
        unique=False,
    )
    op.create_table(
        "bid_price",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bid_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("lead_council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("band", sa.String(length=40), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("price > 0", name=op.f("bid_price_above_nothing")),
        sa.ForeignKeyConstraint(
            ["bid_id", "round_id", "framework_id", "lead_council_id", "provider_id"],
            [
                "bid.id",
                "bid.round_id",
                "bid.framework_id",
                "bid.lead_council_id",
                "bid.provider_id",
            ],
            name=op.f("fk_bid_price_bid_id_round_id_framework_id_lead_council_id_provider_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid_price")),
        sa.UniqueConstraint("bid_id", "band", name=op.f("one_bid_price_of_a_band")),
    )
    for table, (seen, written) in ROW_SECURITY.items():
        protect(table, seen=seen, written=written)


def downgrade() -> None:
    for table in ROW_SECURITY:
        unprotect(table)
    op.drop_table("bid_price")
    op.drop_index("ix_opened_answer_round_id", table_name="opened_answer")
    op.drop_table("opened_answer")
    op.drop_table("draft_part")
    op.drop_table("bid")
    op.drop_index("ix_submission_round_id", table_name="submission")
    op.drop_table("submission")
    op.drop_table("round_category")
    op.drop_index("ix_question_version_round_id", table_name="question_version")
    op.drop_table("question_version")
    op.drop_index("ix_published_answer_round_id", table_name="published_answer")
    op.drop_table("published_answer")
    op.drop_table("price_band")
    op.drop_table("price_asked")
    op.drop_index("ix_clarification_round_id", table_name="clarification")
    op.drop_table("clarification")
    op.drop_table("category_terms")
    op.drop_index("ix_application_file_application_id", table_name="application_file")
    op.drop_table("application_file")
    op.drop_table("round_opener")
    op.drop_index("ix_round_notice_round_id", table_name="round_notice")
    op.drop_table("round_notice")
    op.drop_index("ix_round_extension_round_id", table_name="round_extension")
    op.drop_table("round_extension")
    op.drop_table("question")
    op.drop_table("late_door")
    op.drop_table("escrow_share")
    op.drop_table("demand")
    op.drop_index("ix_application_provider_id", table_name="application")
    op.drop_table("application")
    op.drop_index("ix_round_framework_id", table_name="round")
    op.drop_index("ix_round_closes_at", table_name="round")
    op.drop_table("round")
    op.drop_table("framework_terms")
    op.drop_table("opener_key")
