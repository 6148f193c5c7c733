"""Councils see the files that opened answers name, and no other file of an application"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.kernel.row_security import protect, unprotect

revision = "0025a"
down_revision = "0025"
branch_labels = None
depends_on = None

# Who may read and who may write each table's rows, as the models said when this was written.
ROW_SECURITY = {
    "application_file": (
        "application_file.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = application_file.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) AND (EXISTS (SELECT opened_answer_1.id FROM opened_answer AS opened_answer_1 WHERE opened_answer_1.file_id = application_file.file_id))",
        "application_file.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "stored_file": (
        "stored_file.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR stored_file.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR stored_file.following_id = CAST(nullif(current_setting('app.following', true), '') AS UUID) OR (EXISTS (SELECT evidence_document_1.id FROM evidence_document AS evidence_document_1 WHERE evidence_document_1.file_id = stored_file.id AND (evidence_document_1.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT place_1.id FROM place AS place_1 JOIN framework_council AS framework_council_1 ON framework_council_1.framework_id = place_1.framework_id WHERE place_1.provider_id = evidence_document_1.provider_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR (EXISTS (SELECT application_1.id FROM application AS application_1 JOIN round AS round_1 ON round_1.id = application_1.round_id JOIN framework_council AS framework_council_2 ON framework_council_2.framework_id = application_1.framework_id WHERE application_1.provider_id = evidence_document_1.provider_id AND round_1.opened_at IS NOT NULL AND framework_council_2.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)))))) OR (EXISTS (SELECT shared_complaint_file_1.id FROM shared_complaint_file AS shared_complaint_file_1 JOIN shared_complaint AS shared_complaint_1 ON shared_complaint_1.id = shared_complaint_file_1.shared_id WHERE shared_complaint_file_1.stored_file_id = stored_file.id AND shared_complaint_file_1.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) AND shared_complaint_1.taken_back_at IS NULL)) OR (EXISTS (SELECT application_file_1.id FROM application_file AS application_file_1 WHERE application_file_1.file_id = stored_file.id AND (application_file_1.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT framework_council_3.council_id FROM framework_council AS framework_council_3 WHERE framework_council_3.framework_id = application_file_1.framework_id AND framework_council_3.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) AND (EXISTS (SELECT opened_answer_1.id FROM opened_answer AS opened_answer_1 WHERE opened_answer_1.file_id = application_file_1.file_id))))) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'jobs' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
        "stored_file.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR stored_file.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'jobs' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
    ),
}
# The same before this.
BEFORE = {
    "application_file": (
        "application_file.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = application_file.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) AND (EXISTS (SELECT round_1.id FROM round AS round_1 WHERE round_1.id = application_file.round_id AND round_1.opened_at IS NOT NULL))",
        "application_file.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "stored_file": (
        "stored_file.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR stored_file.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR stored_file.following_id = CAST(nullif(current_setting('app.following', true), '') AS UUID) OR (EXISTS (SELECT evidence_document_1.id FROM evidence_document AS evidence_document_1 WHERE evidence_document_1.file_id = stored_file.id AND (evidence_document_1.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT place_1.id FROM place AS place_1 JOIN framework_council AS framework_council_1 ON framework_council_1.framework_id = place_1.framework_id WHERE place_1.provider_id = evidence_document_1.provider_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR (EXISTS (SELECT application_1.id FROM application AS application_1 JOIN round AS round_1 ON round_1.id = application_1.round_id JOIN framework_council AS framework_council_2 ON framework_council_2.framework_id = application_1.framework_id WHERE application_1.provider_id = evidence_document_1.provider_id AND round_1.opened_at IS NOT NULL AND framework_council_2.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)))))) OR (EXISTS (SELECT shared_complaint_file_1.id FROM shared_complaint_file AS shared_complaint_file_1 JOIN shared_complaint AS shared_complaint_1 ON shared_complaint_1.id = shared_complaint_file_1.shared_id WHERE shared_complaint_file_1.stored_file_id = stored_file.id AND shared_complaint_file_1.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) AND shared_complaint_1.taken_back_at IS NULL)) OR (EXISTS (SELECT application_file_1.id FROM application_file AS application_file_1 WHERE application_file_1.file_id = stored_file.id AND (application_file_1.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT framework_council_3.council_id FROM framework_council AS framework_council_3 WHERE framework_council_3.framework_id = application_file_1.framework_id AND framework_council_3.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) AND (EXISTS (SELECT round_2.id FROM round AS round_2 WHERE round_2.id = application_file_1.round_id AND round_2.opened_at IS NOT NULL))))) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'jobs' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
        "stored_file.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR stored_file.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'jobs' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
    ),
}


def upgrade() -> None:
    op.add_column("opened_answer", sa.Column("file_id", sa.Uuid(), nullable=True))
    op.create_index("ix_opened_answer_file_id", "opened_answer", ["file_id"], unique=False)
    for table, (seen, written) in ROW_SECURITY.items():
        unprotect(table)
        protect(table, seen=seen, written=written)


def downgrade() -> None:
    for table, (seen, written) in BEFORE.items():
        unprotect(table)
        protect(table, seen=seen, written=written)
    op.drop_index("ix_opened_answer_file_id", table_name="opened_answer")
    op.drop_column("opened_answer", "file_id")
