"""Yearly uplifts and what they cost"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.kernel.row_security import protect, unprotect

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

# Who may read and who may write each table's rows, as the models said when this was
# written.
ROW_SECURITY = {
    "uplift_run": (
        "EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = uplift_run.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))",
        "uplift_run.lead_council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "uplift_cost": (
        "EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = uplift_cost.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))",
        "uplift_cost.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
}


def upgrade() -> None:
    op.create_table(
        "uplift_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("lead_council_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("cpi", sa.Integer(), nullable=False),
        sa.Column("cpi_month", sa.String(length=7), nullable=False),
        sa.Column("cpi_released_on", sa.Date(), nullable=False),
        sa.Column("cpi_source", sa.String(length=200), nullable=False),
        sa.Column("cap", sa.Integer(), nullable=False),
        sa.Column("review_above", sa.Integer(), nullable=False),
        sa.Column("rate", sa.Integer(), nullable=False),
        sa.Column("because", sa.String(length=500), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by_name", sa.String(length=200), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_by_id", sa.Uuid(), nullable=True),
        sa.Column("agreed_by_name", sa.String(length=200), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_by_name", sa.String(length=200), nullable=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_because", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "rate = CASE WHEN cpi < 0 THEN 0 WHEN cpi < cap THEN cpi ELSE cap END OR because <> ''",
            name=op.f("uplift_override_has_a_reason"),
        ),
        sa.CheckConstraint(
            "agreed_at IS NULL OR refused_at IS NULL", name=op.f("uplift_agreed_or_refused")
        ),
        sa.CheckConstraint("agreed_by_id <> asked_by_id", name=op.f("uplift_agreed_by_another")),
        sa.CheckConstraint("rate >= 0", name=op.f("uplift_never_lowers")),
        sa.ForeignKeyConstraint(
            ["agreed_by_id"], ["person.id"], name=op.f("fk_uplift_run_agreed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_uplift_run_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["framework_id", "lead_council_id"],
            ["framework.id", "framework.lead_council_id"],
            name=op.f("fk_uplift_run_framework_id_lead_council_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uplift_run")),
        sa.UniqueConstraint(
            "id", "framework_id", "lead_council_id", name=op.f("uplift_run_with_its_framework")
        ),
    )
    op.create_index(
        "ix_uplift_run_framework_id", "uplift_run", ["framework_id", "starts_on"], unique=False
    )
    op.create_index(
        "one_open_uplift_of_a_framework",
        "uplift_run",
        ["framework_id"],
        unique=True,
        sqlite_where=sa.text("agreed_at IS NULL AND refused_at IS NULL"),
        postgresql_where=sa.text("agreed_at IS NULL AND refused_at IS NULL"),
    )
    op.create_table(
        "uplift_cost",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("lead_council_id", sa.Uuid(), nullable=False),
        sa.Column("following", sa.Integer(), nullable=False),
        sa.Column("own_price", sa.Integer(), nullable=False),
        sa.Column("unknown", sa.Integer(), nullable=False),
        sa.Column("before", sa.BigInteger(), nullable=False),
        sa.Column("after", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("after >= before", name=op.f("uplift_costs_nothing_less")),
        sa.ForeignKeyConstraint(
            ["council_id"], ["organisation.id"], name=op.f("fk_uplift_cost_council_id")
        ),
        sa.ForeignKeyConstraint(
            ["run_id", "framework_id", "lead_council_id"],
            ["uplift_run.id", "uplift_run.framework_id", "uplift_run.lead_council_id"],
            name=op.f("fk_uplift_cost_run_id_framework_id_lead_council_id"),
        ),
        sa.PrimaryKeyConstraint("run_id", "council_id", name=op.f("pk_uplift_cost")),
    )
    for table, (seen, written) in ROW_SECURITY.items():
        protect(table, seen=seen, written=written)


def downgrade() -> None:
    for table in ROW_SECURITY:
        unprotect(table)
    op.drop_table("uplift_cost")
    op.drop_index(
        "one_open_uplift_of_a_framework",
        table_name="uplift_run",
        sqlite_where=sa.text("agreed_at IS NULL AND refused_at IS NULL"),
        postgresql_where=sa.text("agreed_at IS NULL AND refused_at IS NULL"),
    )
    op.drop_index("ix_uplift_run_framework_id", table_name="uplift_run")
    op.drop_table("uplift_run")
