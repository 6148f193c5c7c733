"""Evidence is sent as a file and judged"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.kernel.row_security import protect, unprotect

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# Who may read and who may write each table's rows, as the models said when this was
# written.
ROW_SECURITY = {
    "evidence_document": (
        "evidence_document.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT place_1.id FROM place AS place_1 JOIN framework_council AS framework_council_1 ON framework_council_1.framework_id = place_1.framework_id WHERE place_1.provider_id = evidence_document.provider_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)))",
        "evidence_document.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "evidence_judgement": (
        "evidence_judgement.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT place_1.id FROM place AS place_1 JOIN framework_council AS framework_council_1 ON framework_council_1.framework_id = place_1.framework_id WHERE place_1.provider_id = evidence_judgement.provider_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)))",
        "evidence_judgement.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
}

# A file is also seen by whoever sees the evidence that it shows.
STORED_FILE = (
    "stored_file.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR stored_file.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR stored_file.following_id = CAST(nullif(current_setting('app.following', true), '') AS UUID) OR (EXISTS (SELECT evidence_document_1.id FROM evidence_document AS evidence_document_1 WHERE evidence_document_1.file_id = stored_file.id AND (evidence_document_1.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT place_1.id FROM place AS place_1 JOIN framework_council AS framework_council_1 ON framework_council_1.framework_id = place_1.framework_id WHERE place_1.provider_id = evidence_document_1.provider_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)))))) OR (EXISTS (SELECT shared_complaint_file_1.id FROM shared_complaint_file AS shared_complaint_file_1 JOIN shared_complaint AS shared_complaint_1 ON shared_complaint_1.id = shared_complaint_file_1.shared_id WHERE shared_complaint_file_1.stored_file_id = stored_file.id AND shared_complaint_file_1.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) AND shared_complaint_1.taken_back_at IS NULL)) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'jobs' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
    "stored_file.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR stored_file.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'jobs' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
)
STORED_FILE_BEFORE = (
    "stored_file.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR stored_file.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR stored_file.following_id = CAST(nullif(current_setting('app.following', true), '') AS UUID) OR (EXISTS (SELECT shared_complaint_file_1.id FROM shared_complaint_file AS shared_complaint_file_1 JOIN shared_complaint AS shared_complaint_1 ON shared_complaint_1.id = shared_complaint_file_1.shared_id WHERE shared_complaint_file_1.stored_file_id = stored_file.id AND shared_complaint_file_1.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) AND shared_complaint_1.taken_back_at IS NULL)) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'jobs' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
    "stored_file.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR stored_file.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'jobs' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
)


def upgrade() -> None:
    op.create_index("ix_evidence_with_its_provider", "evidence", ["id", "provider_id"], unique=True)
    op.create_table(
        "evidence_document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("cover", sa.BigInteger(), nullable=True),
        sa.Column("sent_by_name", sa.String(length=200), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["evidence_id", "provider_id"],
            ["evidence.id", "evidence.provider_id"],
            name=op.f("fk_evidence_document_evidence_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(
            ["file_id", "provider_id"],
            ["stored_file.id", "stored_file.provider_id"],
            name=op.f("fk_evidence_document_file_id_provider_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_document")),
        sa.UniqueConstraint("file_id", name=op.f("a_file_shows_one_piece_of_evidence")),
        sa.UniqueConstraint("id", "provider_id", name=op.f("document_with_its_provider")),
    )
    op.create_index(
        "ix_evidence_document_evidence_id", "evidence_document", ["evidence_id"], unique=False
    )
    op.create_table(
        "evidence_judgement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("by_person_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("accepted = (reason IS NULL)", name=op.f("refused_with_a_reason")),
        sa.ForeignKeyConstraint(
            ["by_person_id"], ["person.id"], name=op.f("fk_evidence_judgement_by_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["council_id"], ["organisation.id"], name=op.f("fk_evidence_judgement_council_id")
        ),
        sa.ForeignKeyConstraint(
            ["document_id", "provider_id"],
            ["evidence_document.id", "evidence_document.provider_id"],
            name=op.f("fk_evidence_judgement_document_id_provider_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_judgement")),
    )
    op.create_index(
        "ix_evidence_judgement_document_id", "evidence_judgement", ["document_id"], unique=False
    )
    op.add_column("evidence", sa.Column("refused_by_name", sa.String(length=200), nullable=True))
    op.add_column("evidence", sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("evidence", sa.Column("refused_because", sa.String(length=500), nullable=True))
    for table, (seen, written) in ROW_SECURITY.items():
        protect(table, seen=seen, written=written)
    unprotect("stored_file")
    protect("stored_file", seen=STORED_FILE[0], written=STORED_FILE[1])


def downgrade() -> None:
    unprotect("stored_file")
    protect("stored_file", seen=STORED_FILE_BEFORE[0], written=STORED_FILE_BEFORE[1])
    for table in ROW_SECURITY:
        unprotect(table)
    op.drop_column("evidence", "refused_because")
    op.drop_column("evidence", "refused_at")
    op.drop_column("evidence", "refused_by_name")
    op.drop_index("ix_evidence_judgement_document_id", table_name="evidence_judgement")
    op.drop_table("evidence_judgement")
    op.drop_index("ix_evidence_document_evidence_id", table_name="evidence_document")
    op.drop_table("evidence_document")
    op.drop_index("ix_evidence_with_its_provider", table_name="evidence")
