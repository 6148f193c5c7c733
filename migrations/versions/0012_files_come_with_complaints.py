"""Files come with complaints"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.kernel.row_security import protect, unprotect

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# Who may read and who may write each table's rows, as the models said when this was
# written.
ROW_SECURITY = {
    "complaint_attachment": (
        "complaint_attachment.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR complaint_attachment.complaint_id = CAST(nullif(current_setting('app.following', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
        "complaint_attachment.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
    ),
}


def upgrade() -> None:
    op.create_table(
        "complaint_attachment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("stored_file_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id", "council_id"],
            ["complaint.id", "complaint.council_id"],
            name=op.f("fk_complaint_attachment_complaint_id_council_id"),
        ),
        sa.ForeignKeyConstraint(
            ["message_id", "complaint_id"],
            ["complaint_message.id", "complaint_message.complaint_id"],
            name=op.f("fk_complaint_attachment_message_id_complaint_id"),
        ),
        sa.ForeignKeyConstraint(
            ["stored_file_id", "council_id"],
            ["stored_file.id", "stored_file.council_id"],
            name=op.f("fk_complaint_attachment_stored_file_id_council_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_attachment")),
        sa.UniqueConstraint("stored_file_id", name=op.f("a_file_attached_once")),
    )
    op.create_index(
        "ix_complaint_attachment_complaint_id",
        "complaint_attachment",
        ["complaint_id", "id"],
        unique=False,
    )
    for table, (seen, written) in ROW_SECURITY.items():
        protect(table, seen=seen, written=written)


def downgrade() -> None:
    for table in ROW_SECURITY:
        unprotect(table)
    op.drop_index("ix_complaint_attachment_complaint_id", table_name="complaint_attachment")
    op.drop_table("complaint_attachment")
