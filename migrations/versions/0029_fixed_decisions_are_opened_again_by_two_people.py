"""Fixed decisions are opened again by two people"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.kernel.row_security import protect, unprotect

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

# Who may read and who may write each table's rows, as the models said when this was
# written.
ROW_SECURITY = {
    "reopening": (
        "EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = reopening.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))",
        "reopening.lead_council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
}


def upgrade() -> None:
    op.create_table(
        "reopening",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("lead_council_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by_name", sa.String(length=200), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_by_id", sa.Uuid(), nullable=True),
        sa.Column("agreed_by_name", sa.String(length=200), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("agreed_by_id <> asked_by_id", name=op.f("reopening_agreed_by_another")),
        sa.ForeignKeyConstraint(
            ["agreed_by_id"], ["person.id"], name=op.f("fk_reopening_agreed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_reopening_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id", "framework_id", "lead_council_id"],
            ["round.id", "round.framework_id", "round.lead_council_id"],
            name=op.f("fk_reopening_round_id_framework_id_lead_council_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reopening")),
    )
    op.create_index("ix_reopening_round_id", "reopening", ["round_id"], unique=False)
    op.create_index(
        "one_reopening_waits",
        "reopening",
        ["round_id"],
        unique=True,
        sqlite_where=sa.text("agreed_at IS NULL AND refused_at IS NULL"),
        postgresql_where=sa.text("agreed_at IS NULL AND refused_at IS NULL"),
    )
    for table, (seen, written) in ROW_SECURITY.items():
        protect(table, seen=seen, written=written)


def downgrade() -> None:
    for table in ROW_SECURITY:
        unprotect(table)
    op.drop_index(
        "one_reopening_waits",
        table_name="reopening",
        sqlite_where=sa.text("agreed_at IS NULL AND refused_at IS NULL"),
        postgresql_where=sa.text("agreed_at IS NULL AND refused_at IS NULL"),
    )
    op.drop_index("ix_reopening_round_id", table_name="reopening")
    op.drop_table("reopening")
