"""What is published for young people"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.kernel.row_security import protect, unprotect

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# Who may read and who may write each table's rows, as the models said when this was
# written.
ROW_SECURITY = {
    "contact": (
        "true",
        "contact.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "exit_address": (
        "true",
        "exit_address.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "procedure": (
        "true",
        "procedure.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
}


def upgrade() -> None:
    op.create_table(
        "contact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "complaints-team",
                "safeguarding",
                "advocate",
                "helpline",
                "ombudsman",
                "ofsted",
                name="contact_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("phone", sa.String(length=30), nullable=False),
        sa.Column("text_number", sa.String(length=30), nullable=False),
        sa.Column("web", sa.String(length=200), nullable=False),
        sa.Column("hours", sa.String(length=200), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_name", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "phone <> '' OR text_number <> '' OR web <> ''", name=op.f("contact_can_be_reached")
        ),
        sa.ForeignKeyConstraint(
            ["council_id"], ["organisation.id"], name=op.f("fk_contact_council_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    op.create_index("ix_contact_council_id", "contact", ["council_id", "recorded_at"], unique=False)
    op.create_table(
        "exit_address",
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["council_id"], ["organisation.id"], name=op.f("fk_exit_address_council_id")
        ),
        sa.PrimaryKeyConstraint("council_id", name=op.f("pk_exit_address")),
    )
    op.create_table(
        "procedure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("how_to_tell", sa.Text(), nullable=False),
        sa.Column("who_answers", sa.Text(), nullable=False),
        sa.Column("how_soon", sa.Text(), nullable=False),
        sa.Column("not_happy", sa.Text(), nullable=False),
        sa.Column("registered", sa.Boolean(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_procedure_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procedure")),
    )
    op.create_index(
        "ix_procedure_organisation_id",
        "procedure",
        ["organisation_id", "recorded_at"],
        unique=False,
    )
    for table, (seen, written) in ROW_SECURITY.items():
        protect(table, seen=seen, written=written)


def downgrade() -> None:
    for table in ROW_SECURITY:
        unprotect(table)
    op.drop_index("ix_procedure_organisation_id", table_name="procedure")
    op.drop_table("procedure")
    op.drop_table("exit_address")
    op.drop_index("ix_contact_council_id", table_name="contact")
    op.drop_table("contact")
