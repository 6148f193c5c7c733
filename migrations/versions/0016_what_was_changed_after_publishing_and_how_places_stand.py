"""What was changed after publishing and how places stand"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.kernel.row_security import protect, unprotect

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

# Who may read and who may write each table's rows, as the models said when this was
# written.
ROW_SECURITY = {
    "framework_change": (
        "(EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = framework_change.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR (EXISTS (SELECT place_1.id FROM place AS place_1 WHERE place_1.framework_id = framework_change.framework_id AND place_1.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR (EXISTS (SELECT round_1.id FROM round AS round_1 WHERE round_1.framework_id = framework_change.framework_id AND round_1.announced_at IS NOT NULL AND CAST(nullif(current_setting('app.organisation', true), '') AS UUID) IS NOT NULL)) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds'",
        "framework_change.lead_council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "place_change": (
        "place_change.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = place_change.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds'",
        "place_change.lead_council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds'",
    ),
}


def upgrade() -> None:
    op.create_table(
        "framework_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("lead_council_id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=True),
        sa.Column("category_id", sa.Uuid(), nullable=True),
        sa.Column("sentence", sa.String(length=1000), nullable=False),
        sa.Column("because", sa.String(length=500), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_framework_change_by_id")),
        sa.ForeignKeyConstraint(
            ["category_id", "framework_id"],
            ["category.id", "category.framework_id"],
            name=op.f("fk_framework_change_category_id_framework_id"),
        ),
        sa.ForeignKeyConstraint(
            ["framework_id", "lead_council_id"],
            ["framework.id", "framework.lead_council_id"],
            name=op.f("fk_framework_change_framework_id_lead_council_id"),
        ),
        sa.ForeignKeyConstraint(
            ["lot_id", "framework_id", "lead_council_id"],
            ["lot.id", "lot.framework_id", "lot.lead_council_id"],
            name=op.f("fk_framework_change_lot_id_framework_id_lead_council_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_framework_change")),
    )
    op.create_index(
        "ix_framework_change_framework_id", "framework_change", ["framework_id", "at"], unique=False
    )
    op.create_table(
        "place_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("lead_council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "suspend",
                "resume",
                "promote",
                "end",
                name="place_change_step",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "active",
                "reserve",
                "suspended",
                "ended",
                name="place_change_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("because", sa.String(length=500), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_place_change_by_id")),
        sa.ForeignKeyConstraint(
            ["place_id", "framework_id", "lead_council_id", "provider_id"],
            ["place.id", "place.framework_id", "place.lead_council_id", "place.provider_id"],
            name=op.f("fk_place_change_place_id_framework_id_lead_council_id_provider_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_change")),
    )
    op.create_index("ix_place_change_place_id", "place_change", ["place_id", "at"], unique=False)
    op.add_column("place", sa.Column("rank", sa.Integer(), nullable=True))
    for table, (seen, written) in ROW_SECURITY.items():
        protect(table, seen=seen, written=written)


def downgrade() -> None:
    for table in ROW_SECURITY:
        unprotect(table)
    op.drop_column("place", "rank")
    op.drop_index("ix_place_change_place_id", table_name="place_change")
    op.drop_table("place_change")
    op.drop_index("ix_framework_change_framework_id", table_name="framework_change")
    op.drop_table("framework_change")
