"""Files that people sent"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.kernel.row_security import protect, unprotect

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# Who may read and who may write each table's rows, as the models said when this was
# written.
ROW_SECURITY = {
    "stored_file": (
        "stored_file.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR stored_file.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR stored_file.following_id = CAST(nullif(current_setting('app.following', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'jobs' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
        "stored_file.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR stored_file.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'jobs' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
    ),
}


def upgrade() -> None:
    op.create_table(
        "stored_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=True),
        sa.Column("provider_id", sa.Uuid(), nullable=True),
        sa.Column("following_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "pdf",
                "jpeg",
                "png",
                "word",
                "excel",
                "text",
                "mp3",
                "m4a",
                "mp4",
                name="file_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "quarantined",
                "released",
                "refused",
                name="file_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "council_id IS NOT NULL OR provider_id IS NOT NULL OR following_id IS NOT NULL",
            name=op.f("file_belongs_to_somebody"),
        ),
        sa.CheckConstraint("size > 0", name=op.f("file_is_not_empty")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
        sa.UniqueConstraint("id", "council_id", name=op.f("file_with_its_council")),
        sa.UniqueConstraint("id", "provider_id", name=op.f("file_with_its_provider")),
    )
    op.create_index("ix_stored_file_following_id", "stored_file", ["following_id"], unique=False)
    for table, (seen, written) in ROW_SECURITY.items():
        protect(table, seen=seen, written=written)


def downgrade() -> None:
    for table in ROW_SECURITY:
        unprotect(table)
    op.drop_index("ix_stored_file_following_id", table_name="stored_file")
    op.drop_table("stored_file")
