"""The escrow's keys and what was opened"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.kernel.row_security import protect, unprotect

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

# Who may read and who may write each table's rows, as the models said when this was
# written.
ROW_SECURITY = {
    "escrow_key": ("true", "false"),
    "opened_submission": (
        "opened_submission.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = opened_submission.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) AND (EXISTS (SELECT round_1.id FROM round AS round_1 WHERE round_1.id = opened_submission.round_id AND round_1.opened_at IS NOT NULL)) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds'",
        "coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds'",
    ),
}


def upgrade() -> None:
    op.create_table(
        "escrow_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drilled_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escrow_key")),
        sa.UniqueConstraint("public_key", name=op.f("one_escrow_key_each")),
    )
    op.create_table(
        "opened_submission",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("lead_council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(salt IS NULL) = (text IS NULL)", name=op.f("opened_whole_or_not_at_all")
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
                "fk_opened_submission_submission_id_application_id_round_id_framework_id_lead_council_id_provider_id"
            ),
        ),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_opened_submission")),
    )
    for table, (seen, written) in ROW_SECURITY.items():
        protect(table, seen=seen, written=written)


def downgrade() -> None:
    for table in ROW_SECURITY:
        unprotect(table)
    op.drop_table("opened_submission")
    op.drop_table("escrow_key")
