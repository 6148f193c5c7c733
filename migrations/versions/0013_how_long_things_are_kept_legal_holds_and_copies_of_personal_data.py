"""How long things are kept, legal holds, and copies of personal data"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.kernel.row_security import (
    append_only,
    append_only_but_erasable,
    forget_append_only,
    protect,
    unprotect,
)

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

# Who may read and who may write each table's rows, as the models said when this was
# written.
ROW_SECURITY = {
    "kept_for": (
        "kept_for.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
        "kept_for.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
    ),
    "legal_hold": (
        "legal_hold.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
        "legal_hold.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
    ),
    "personal_copy": (
        "personal_copy.asked_by = CAST(nullif(current_setting('app.person', true), '') AS UUID) AND personal_copy.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
        "personal_copy.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
    ),
}

# What may be erased of rows that are otherwise never changed, and what is written instead.
FORMER, WORDS = "'A former member of staff'", "'(erased)'"
ERASABLE = {
    "decision": {"decided_by_name": FORMER, "words": WORDS},
    "reply": {"replied_by_name": FORMER, "words": WORDS},
    "cap_raise": {"by_name": FORMER, "reason": WORDS},
}


def upgrade() -> None:
    op.create_table(
        "kept_for",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column(
            "category",
            sa.Enum(
                "sign-ins",
                "links",
                "invitations",
                "receipts",
                "letters",
                "notices",
                "copies",
                "accounts",
                "finance",
                "care",
                "complaints",
                "record",
                name="kept_category",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("kept_for_some_time")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_kept_for_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "category", name=op.f("pk_kept_for")),
    )
    op.create_table(
        "legal_hold",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("placed_by", sa.Uuid(), nullable=False),
        sa.Column("placed_by_name", sa.String(length=200), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_by", sa.Uuid(), nullable=True),
        sa.Column("lifted_by_name", sa.String(length=200), nullable=False),
        sa.Column("lifted_because", sa.Text(), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(lifted_at IS NULL) = (lifted_by IS NULL)", name=op.f("lifted_by_somebody_sometime")
        ),
        sa.ForeignKeyConstraint(["lifted_by"], ["person.id"], name=op.f("fk_legal_hold_lifted_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_legal_hold_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_legal_hold_person_id")),
        sa.ForeignKeyConstraint(["placed_by"], ["person.id"], name=op.f("fk_legal_hold_placed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold")),
    )
    op.create_index(
        "ix_legal_hold_organisation",
        "legal_hold",
        ["organisation_id", "placed_at", "id"],
        unique=False,
    )
    op.create_index("ix_legal_hold_person_id", "legal_hold", ["person_id"], unique=False)
    op.create_table(
        "personal_copy",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["person.id"], name=op.f("fk_personal_copy_asked_by")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_personal_copy_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_personal_copy_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_personal_copy_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_copy")),
    )
    op.create_index(
        "ix_personal_copy_asked",
        "personal_copy",
        ["asked_by", "organisation_id", "asked_at", "id"],
        unique=False,
    )
    op.create_index("ix_personal_copy_person_id", "personal_copy", ["person_id"], unique=False)
    for table, (seen, written) in ROW_SECURITY.items():
        protect(table, seen=seen, written=written)
    for table, erased in ERASABLE.items():
        forget_append_only(table)
        append_only_but_erasable(table, erased)


def downgrade() -> None:
    for table in ERASABLE:
        forget_append_only(table)
        append_only(table)
    for table in ROW_SECURITY:
        unprotect(table)
    op.drop_index("ix_personal_copy_person_id", table_name="personal_copy")
    op.drop_index("ix_personal_copy_asked", table_name="personal_copy")
    op.drop_table("personal_copy")
    op.drop_index("ix_legal_hold_person_id", table_name="legal_hold")
    op.drop_index("ix_legal_hold_organisation", table_name="legal_hold")
    op.drop_table("legal_hold")
    op.drop_table("kept_for")
