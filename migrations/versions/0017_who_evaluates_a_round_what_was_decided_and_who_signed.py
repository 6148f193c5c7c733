"""Who evaluates a round, what was decided, and who signed"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.kernel.row_security import (
    append_only_but_erasable,
    forget_append_only,
    protect,
    unprotect,
)

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

# Who may read and who may write each table's rows, as the models said when this was
# written.
ROW_SECURITY = {
    "outcome_letter": (
        "outcome_letter.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = outcome_letter.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)))",
        "outcome_letter.lead_council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "evaluator": (
        "(EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = evaluator.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds'",
        "evaluator.lead_council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR evaluator.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds'",
    ),
    "signature": (
        "signature.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = signature.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)))",
        "signature.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "compliance_check": (
        "(EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = compliance_check.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR compliance_check.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) AND (EXISTS (SELECT round_1.id FROM round AS round_1 WHERE round_1.id = compliance_check.round_id AND round_1.standstill_until IS NOT NULL))",
        "compliance_check.lead_council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "consensus": (
        "(EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = consensus.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR consensus.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) AND (EXISTS (SELECT round_1.id FROM round AS round_1 WHERE round_1.id = consensus.round_id AND round_1.standstill_until IS NOT NULL)) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds'",
        "coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds'",
    ),
    "score": (
        "score.person_id = CAST(nullif(current_setting('app.person', true), '') AS UUID) OR (EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = score.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) AND (EXISTS (SELECT evaluator_1.person_id FROM evaluator AS evaluator_1 WHERE evaluator_1.round_id = score.round_id AND evaluator_1.moderating_at IS NOT NULL AND evaluator_1.ended_at IS NULL))",
        "score.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "award": (
        "(EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = award.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR award.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) AND (EXISTS (SELECT round_1.id FROM round AS round_1 WHERE round_1.id = award.round_id AND round_1.standstill_until IS NOT NULL))",
        "award.lead_council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
}

# What may be erased of rows that are otherwise never changed, and what is written instead.
FORMER = "'A former member of staff'"
ERASABLE = {"signature": {"name": FORMER}, "outcome_letter": {"sent_by_name": FORMER}}


def upgrade() -> None:
    op.create_table(
        "evaluator",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("lead_council_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column(
            "duty",
            sa.Enum(
                "evaluator",
                "moderator",
                name="evaluator_duty",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("mailbox", sa.String(length=64), nullable=False),
        sa.Column("named_by_name", sa.String(length=200), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("moderating_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_because", sa.String(length=1000), nullable=False),
        sa.Column("conflict", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "duty = 'evaluator' OR finished_at IS NULL", name=op.f("moderator_never_scores")
        ),
        sa.CheckConstraint(
            "duty = 'moderator' OR moderating_at IS NULL", name=op.f("evaluator_never_moderates")
        ),
        sa.CheckConstraint(
            "ended_at IS NOT NULL OR NOT conflict", name=op.f("conflict_ends_the_part")
        ),
        sa.ForeignKeyConstraint(
            ["framework_id", "council_id"],
            ["framework_council.framework_id", "framework_council.council_id"],
            name=op.f("fk_evaluator_framework_id_council_id"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_evaluator_person_id")),
        sa.ForeignKeyConstraint(
            ["round_id", "framework_id", "lead_council_id"],
            ["round.id", "round.framework_id", "round.lead_council_id"],
            name=op.f("fk_evaluator_round_id_framework_id_lead_council_id"),
        ),
        sa.PrimaryKeyConstraint("round_id", "person_id", name=op.f("pk_evaluator")),
        sa.UniqueConstraint("round_id", "mailbox", name=op.f("one_account_of_an_evaluator")),
        sa.UniqueConstraint("round_id", "person_id", "duty", name=op.f("one_duty_of_a_person")),
    )
    op.create_index(
        "one_moderator_of_a_round",
        "evaluator",
        ["round_id"],
        unique=True,
        sqlite_where=sa.text("duty = 'moderator' AND ended_at IS NULL"),
        postgresql_where=sa.text("duty = 'moderator' AND ended_at IS NULL"),
    )
    op.create_table(
        "signature",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("lead_council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_name", sa.String(length=200), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("signed_as", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_signature_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_signature_person_id")),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["organisation.id"], name=op.f("fk_signature_provider_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id", "framework_id", "lead_council_id"],
            ["round.id", "round.framework_id", "round.lead_council_id"],
            name=op.f("fk_signature_round_id_framework_id_lead_council_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature")),
        sa.UniqueConstraint(
            "round_id",
            "provider_id",
            "organisation_id",
            name=op.f("one_signature_of_an_organisation"),
        ),
    )
    op.create_table(
        "compliance_check",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("lead_council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.String(length=120), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("passed OR reason <> ''", name=op.f("a_failed_part_has_its_reason")),
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
                "fk_compliance_check_application_id_round_id_framework_id_lead_council_id_provider_id"
            ),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_compliance_check_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_compliance_check")),
        sa.UniqueConstraint("application_id", "part", name=op.f("one_check_of_a_part")),
    )
    op.create_index("ix_compliance_check_round_id", "compliance_check", ["round_id"], unique=False)
    op.create_table(
        "consensus",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("lead_council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "duty",
            sa.Enum(
                "evaluator",
                "moderator",
                name="consensus_duty",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("duty = 'moderator'", name=op.f("only_the_moderator_agrees")),
        sa.CheckConstraint("reason <> ''", name=op.f("consensus_has_its_reason")),
        sa.CheckConstraint("score BETWEEN 0 AND 5", name=op.f("consensus_from_0_to_5")),
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
                "fk_consensus_application_id_round_id_framework_id_lead_council_id_provider_id"
            ),
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_consensus_question_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id", "person_id", "duty"],
            ["evaluator.round_id", "evaluator.person_id", "evaluator.duty"],
            name=op.f("fk_consensus_round_id_person_id_duty"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consensus")),
        sa.UniqueConstraint(
            "application_id", "question_id", name=op.f("one_consensus_of_an_answer")
        ),
    )
    op.create_index("ix_consensus_round_id", "consensus", ["round_id"], unique=False)
    op.create_table(
        "score",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("lead_council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "duty",
            sa.Enum(
                "evaluator",
                "moderator",
                name="score_duty",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("duty = 'evaluator'", name=op.f("only_evaluators_score")),
        sa.CheckConstraint("score BETWEEN 0 AND 5", name=op.f("score_from_0_to_5")),
        sa.ForeignKeyConstraint(
            ["application_id", "round_id", "framework_id", "lead_council_id", "provider_id"],
            [
                "application.id",
                "application.round_id",
                "application.framework_id",
                "application.lead_council_id",
                "application.provider_id",
            ],
            name=op.f("fk_score_application_id_round_id_framework_id_lead_council_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_score_question_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id", "person_id", "duty"],
            ["evaluator.round_id", "evaluator.person_id", "evaluator.duty"],
            name=op.f("fk_score_round_id_person_id_duty"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score")),
        sa.UniqueConstraint(
            "application_id", "question_id", "person_id", name=op.f("one_score_of_an_evaluator")
        ),
    )
    op.create_index("ix_score_round_id", "score", ["round_id", "person_id"], unique=False)
    op.create_table(
        "award",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bid_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("lead_council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "place",
                "reserve",
                "none",
                name="award_outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("tier", sa.Integer(), nullable=True),
        sa.Column("quality", sa.Integer(), nullable=False),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lapsed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "rank IS NOT NULL OR outcome = 'none'", name=op.f("no_place_without_a_rank")
        ),
        sa.CheckConstraint("reason <> ''", name=op.f("award_has_its_reason")),
        sa.ForeignKeyConstraint(
            ["bid_id", "round_id", "framework_id", "lead_council_id", "provider_id"],
            [
                "bid.id",
                "bid.round_id",
                "bid.framework_id",
                "bid.lead_council_id",
                "bid.provider_id",
            ],
            name=op.f("fk_award_bid_id_round_id_framework_id_lead_council_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_award_by_id")),
        sa.ForeignKeyConstraint(
            ["category_id", "framework_id"],
            ["category.id", "category.framework_id"],
            name=op.f("fk_award_category_id_framework_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award")),
        sa.UniqueConstraint("bid_id", name=op.f("one_award_of_a_bid")),
    )
    op.create_index("ix_award_category_id", "award", ["category_id", "rank"], unique=False)
    op.create_index("ix_award_round_id", "award", ["round_id", "category_id"], unique=False)
    op.create_table(
        "outcome_letter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("lead_council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("sent_by_name", sa.String(length=200), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["organisation.id"], name=op.f("fk_outcome_letter_provider_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id", "framework_id", "lead_council_id"],
            ["round.id", "round.framework_id", "round.lead_council_id"],
            name=op.f("fk_outcome_letter_round_id_framework_id_lead_council_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_letter")),
        sa.UniqueConstraint("round_id", "provider_id", name=op.f("one_letter_of_a_provider")),
    )
    op.create_index(
        "ix_outcome_letter_provider_id", "outcome_letter", ["provider_id", "sent_at"], unique=False
    )
    for table, (seen, written) in ROW_SECURITY.items():
        protect(table, seen=seen, written=written)
    for table, erased in ERASABLE.items():
        append_only_but_erasable(table, erased)


def downgrade() -> None:
    for table in ERASABLE:
        forget_append_only(table)
    for table in ROW_SECURITY:
        unprotect(table)
    op.drop_index("ix_outcome_letter_provider_id", table_name="outcome_letter")
    op.drop_table("outcome_letter")
    op.drop_index("ix_award_round_id", table_name="award")
    op.drop_index("ix_award_category_id", table_name="award")
    op.drop_table("award")
    op.drop_index("ix_score_round_id", table_name="score")
    op.drop_table("score")
    op.drop_index("ix_consensus_round_id", table_name="consensus")
    op.drop_table("consensus")
    op.drop_index("ix_compliance_check_round_id", table_name="compliance_check")
    op.drop_table("compliance_check")
    op.drop_table("signature")
    op.drop_index(
        "one_moderator_of_a_round",
        table_name="evaluator",
        sqlite_where=sa.text("duty = 'moderator' AND ended_at IS NULL"),
        postgresql_where=sa.text("duty = 'moderator' AND ended_at IS NULL"),
    )
    op.drop_table("evaluator")
