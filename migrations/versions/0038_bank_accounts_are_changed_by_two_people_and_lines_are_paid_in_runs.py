"""Bank accounts are changed by two people, and lines are paid in runs"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.kernel.row_security import protect, unprotect

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

# Who may read and who may write each table's rows, as the models said when this was
# written.
ROW_SECURITY = {
    "bank_change": (
        "bank_change.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT place_1.id FROM place AS place_1 JOIN framework_council AS framework_council_1 ON framework_council_1.framework_id = place_1.framework_id WHERE place_1.provider_id = bank_change.provider_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)))",
        "bank_change.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "bank_hold": (
        "bank_hold.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
        "bank_hold.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "payment_run": (
        "payment_run.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
        "payment_run.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "payment_run_entry": (
        "payment_run_entry.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
        "payment_run_entry.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "payment_run_line": (
        "payment_run_line.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
        "payment_run_line.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
}


def upgrade() -> None:
    op.create_table(
        "bank_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "confirmed",
                "verified",
                "refused",
                "stopped",
                name="bank_change_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("account_name", sa.String(length=100), nullable=False),
        sa.Column("account_number", sa.String(length=8), nullable=False),
        sa.Column("sort_code", sa.String(length=6), nullable=False),
        sa.Column("because", sa.String(length=500), nullable=False),
        sa.Column("phone", sa.String(length=30), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_by_name", sa.String(length=200), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_by_name", sa.String(length=200), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("council_id", sa.Uuid(), nullable=True),
        sa.Column("verified_by", sa.Uuid(), nullable=True),
        sa.Column("verified_by_name", sa.String(length=200), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("spoke_to", sa.String(length=200), nullable=True),
        sa.Column("called_number", sa.String(length=30), nullable=True),
        sa.Column(
            "known_from",
            sa.Enum(
                "contract",
                "used-before",
                "public",
                name="number_known_from",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("note", sa.String(length=1000), nullable=True),
        sa.Column("hold_days", sa.Integer(), nullable=True),
        sa.Column("hold_until", sa.Date(), nullable=True),
        sa.Column("bank_details_id", sa.Uuid(), nullable=True),
        sa.Column("ended_by_name", sa.String(length=200), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_because", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "state <> 'verified' OR (verified_by IS NOT NULL AND hold_until IS NOT NULL AND called_number <> '' AND note <> '')",
            name=op.f("bank_change_called_back"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('confirmed', 'verified') OR confirmed_by IS NOT NULL",
            name=op.f("bank_change_confirmed_by_somebody"),
        ),
        sa.CheckConstraint("confirmed_by <> proposed_by", name=op.f("bank_change_by_two_people")),
        sa.CheckConstraint(
            "verified_by <> proposed_by AND verified_by <> confirmed_by",
            name=op.f("bank_change_verified_by_a_third"),
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["person.id"], name=op.f("fk_bank_change_confirmed_by")
        ),
        sa.ForeignKeyConstraint(
            ["council_id"], ["organisation.id"], name=op.f("fk_bank_change_council_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["person.id"], name=op.f("fk_bank_change_proposed_by")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["organisation.id"], name=op.f("fk_bank_change_provider_id")
        ),
        sa.ForeignKeyConstraint(
            ["verified_by"], ["person.id"], name=op.f("fk_bank_change_verified_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_change")),
    )
    op.create_index("ix_bank_change_newest", "bank_change", ["proposed_at", "id"], unique=False)
    op.create_index(
        "ix_bank_change_provider_id", "bank_change", ["provider_id", "proposed_at"], unique=False
    )
    op.create_index(
        "one_waiting_bank_change",
        "bank_change",
        ["provider_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('proposed', 'confirmed')"),
        postgresql_where=sa.text("state IN ('proposed', 'confirmed')"),
    )
    op.create_table(
        "bank_hold",
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("set_by_name", sa.String(length=200), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("days BETWEEN 1 AND 30", name=op.f("bank_hold_days")),
        sa.ForeignKeyConstraint(
            ["council_id"], ["organisation.id"], name=op.f("fk_bank_hold_council_id")
        ),
        sa.PrimaryKeyConstraint("council_id", name=op.f("pk_bank_hold")),
    )
    op.create_table(
        "payment_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "released",
                "cancelled",
                name="payment_run_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_by_name", sa.String(length=200), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_by", sa.Uuid(), nullable=True),
        sa.Column("released_by_name", sa.String(length=200), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_by_name", sa.String(length=200), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'released') = (released_by IS NOT NULL)", name=op.f("released_by_somebody")
        ),
        sa.CheckConstraint("released_by <> proposed_by", name=op.f("payment_run_by_two_people")),
        sa.CheckConstraint("total >= 0", name=op.f("payment_run_total_not_negative")),
        sa.ForeignKeyConstraint(
            ["council_id"], ["organisation.id"], name=op.f("fk_payment_run_council_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["person.id"], name=op.f("fk_payment_run_proposed_by")
        ),
        sa.ForeignKeyConstraint(
            ["released_by"], ["person.id"], name=op.f("fk_payment_run_released_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_run")),
        sa.UniqueConstraint("council_id", "reference", name=op.f("one_payment_run_reference")),
        sa.UniqueConstraint("id", "council_id", name=op.f("payment_run_with_its_council")),
        sa.UniqueConstraint("id", "released_by", name=op.f("payment_run_with_its_releaser")),
    )
    op.create_index(
        "ix_payment_run_newest", "payment_run", ["council_id", "proposed_at", "id"], unique=False
    )
    op.create_table(
        "payment_run_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "paid",
                "taken-out",
                name="payment_run_entry_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("account_name", sa.String(length=100), nullable=False),
        sa.Column("account_number", sa.String(length=8), nullable=False),
        sa.Column("sort_code", sa.String(length=6), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(state = 'paid') = (payment_id IS NOT NULL)", name=op.f("entry_paid_by_a_payment")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("payment_run_entry_above_nothing")),
        sa.ForeignKeyConstraint(
            ["invoice_id", "council_id", "provider_id"],
            ["invoice.id", "invoice.council_id", "invoice.provider_id"],
            name=op.f("fk_payment_run_entry_invoice_id_council_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.id"], name=op.f("fk_payment_run_entry_payment_id")
        ),
        sa.ForeignKeyConstraint(
            ["run_id", "council_id"],
            ["payment_run.id", "payment_run.council_id"],
            name=op.f("fk_payment_run_entry_run_id_council_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_run_entry")),
        sa.UniqueConstraint(
            "id", "run_id", "council_id", "provider_id", name=op.f("entry_with_its_run")
        ),
        sa.UniqueConstraint("run_id", "invoice_id", name=op.f("an_invoice_once_in_a_run")),
    )
    op.create_index(
        "ix_payment_run_entry_invoice_id", "payment_run_entry", ["invoice_id"], unique=False
    )
    op.create_index(
        "ix_payment_run_entry_payment_id", "payment_run_entry", ["payment_id"], unique=False
    )
    op.create_table(
        "payment_run_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=False),
        sa.Column("released_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("released_by <> approved_by", name=op.f("not_released_by_its_approver")),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["person.id"], name=op.f("fk_payment_run_line_approved_by")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id", "run_id", "council_id", "provider_id"],
            [
                "payment_run_entry.id",
                "payment_run_entry.run_id",
                "payment_run_entry.council_id",
                "payment_run_entry.provider_id",
            ],
            name=op.f("fk_payment_run_line_entry_id_run_id_council_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(
            ["line_id", "council_id", "provider_id"],
            ["invoice_line.id", "invoice_line.council_id", "invoice_line.provider_id"],
            name=op.f("fk_payment_run_line_line_id_council_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(
            ["run_id", "released_by"],
            ["payment_run.id", "payment_run.released_by"],
            name=op.f("fk_payment_run_line_run_id_released_by"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_run_line")),
    )
    op.create_index(
        "a_line_in_one_run",
        "payment_run_line",
        ["line_id"],
        unique=True,
        sqlite_where=sa.text("live"),
        postgresql_where=sa.text("live"),
    )
    op.create_index("ix_payment_run_line_entry_id", "payment_run_line", ["entry_id"], unique=False)
    op.create_index("ix_payment_run_line_line_id", "payment_run_line", ["line_id"], unique=False)
    for table, (seen, written) in ROW_SECURITY.items():
        protect(table, seen=seen, written=written)


def downgrade() -> None:
    for table in ROW_SECURITY:
        unprotect(table)
    op.drop_index("ix_payment_run_line_line_id", table_name="payment_run_line")
    op.drop_index("ix_payment_run_line_entry_id", table_name="payment_run_line")
    op.drop_index(
        "a_line_in_one_run",
        table_name="payment_run_line",
        sqlite_where=sa.text("live"),
        postgresql_where=sa.text("live"),
    )
    op.drop_table("payment_run_line")
    op.drop_index("ix_payment_run_entry_payment_id", table_name="payment_run_entry")
    op.drop_index("ix_payment_run_entry_invoice_id", table_name="payment_run_entry")
    op.drop_table("payment_run_entry")
    op.drop_index("ix_payment_run_newest", table_name="payment_run")
    op.drop_table("payment_run")
    op.drop_table("bank_hold")
    op.drop_index(
        "one_waiting_bank_change",
        table_name="bank_change",
        sqlite_where=sa.text("state IN ('proposed', 'confirmed')"),
        postgresql_where=sa.text("state IN ('proposed', 'confirmed')"),
    )
    op.drop_index("ix_bank_change_provider_id", table_name="bank_change")
    op.drop_index("ix_bank_change_newest", table_name="bank_change")
    op.drop_table("bank_change")
