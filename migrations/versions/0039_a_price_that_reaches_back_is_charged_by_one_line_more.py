"""A price that reaches back is charged by one line more"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.kernel.row_security import protect, unprotect

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

# Who may read and who may write each table's rows, as the models said when this was
# written.
ROW_SECURITY = {
    "charged_adjustment": (
        "charged_adjustment.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR charged_adjustment.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
        "charged_adjustment.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR charged_adjustment.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
}


def upgrade() -> None:
    op.execute("ALTER TABLE agreement_price ADD COLUMN backdated_on DATE")
    op.execute("ALTER TABLE category_terms ADD COLUMN taxed BOOLEAN DEFAULT '0' NOT NULL")
    op.create_table(
        "charged_adjustment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("adjusts_id", sa.Uuid(), nullable=False),
        sa.Column("price_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("before", sa.BigInteger(), nullable=False),
        sa.Column("after", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("after > before", name=op.f("an_adjusted_price_rose")),
        sa.CheckConstraint("line_id <> adjusts_id", name=op.f("a_line_adjusts_another")),
        sa.ForeignKeyConstraint(
            ["adjusts_id", "council_id", "provider_id"],
            ["invoice_line.id", "invoice_line.council_id", "invoice_line.provider_id"],
            name=op.f("fk_charged_adjustment_adjusts_id_council_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(
            ["line_id", "council_id", "provider_id"],
            ["invoice_line.id", "invoice_line.council_id", "invoice_line.provider_id"],
            name=op.f("fk_charged_adjustment_line_id_council_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(
            ["price_id"], ["agreement_price.id"], name=op.f("fk_charged_adjustment_price_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charged_adjustment")),
        sa.UniqueConstraint(
            "adjusts_id", "price_id", name=op.f("a_line_adjusted_once_for_a_price")
        ),
    )
    op.create_index(
        "ix_charged_adjustment_line_id", "charged_adjustment", ["line_id"], unique=False
    )
    op.create_index(
        "ix_charged_adjustment_price_id", "charged_adjustment", ["price_id"], unique=False
    )
    for table, (seen, written) in ROW_SECURITY.items():
        protect(table, seen=seen, written=written)


def downgrade() -> None:
    for table in ROW_SECURITY:
        unprotect(table)
    op.drop_index("ix_charged_adjustment_price_id", table_name="charged_adjustment")
    op.drop_index("ix_charged_adjustment_line_id", table_name="charged_adjustment")
    op.drop_table("charged_adjustment")
    op.execute("ALTER TABLE category_terms DROP COLUMN taxed")
    op.execute("ALTER TABLE agreement_price DROP COLUMN backdated_on")
