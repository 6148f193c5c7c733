"""Sessions are planned, cancelled by somebody, and corrected"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.kernel.row_security import protect, replace_check, unprotect

revision = "0026"
down_revision = "0025a"
branch_labels = None
depends_on = None

# Who may read and who may write each table's rows, as the models said when this was
# written.
ROW_SECURITY = {
    "session_plan": (
        "(session_plan.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR session_plan.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = session_plan.agreement_id AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID))))",
        "session_plan.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "delivery_correction": (
        "(delivery_correction.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR delivery_correction.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = delivery_correction.agreement_id AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID))))",
        "delivery_correction.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "charged_correction": (
        "charged_correction.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR charged_correction.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
        "charged_correction.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR charged_correction.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
}


CANCELLED_BY = "cancelled_by IN ('young-person', 'carer', 'school', 'provider', 'council')"
COLUMNS = (
    f"cancelled_by VARCHAR(40) CONSTRAINT session_cancelled_by CHECK ({CANCELLED_BY})",
    "cancelled_because TEXT",
    "planned_minutes INTEGER",
    "plan_id {uuid}",
)
ON_LINES = (
    ("parts_not_negative", "parts >= 0", "less_charges_less", "parts >= 0 OR net <= 0"),
    ("line_net_not_negative", "net >= 0", "only_less_takes_off", "net >= 0 OR parts < 0"),
)


def upgrade() -> None:
    uuid = "UUID" if op.get_bind().dialect.name == "postgresql" else "CHAR(32)"
    for column in COLUMNS:
        op.execute(f"ALTER TABLE delivery_session ADD COLUMN {column.format(uuid=uuid)}")
    for column in ("plan_id", "mentor_id"):
        op.create_index(
            f"ix_delivery_session_{column}", "delivery_session", [column, "service_date"]
        )
    for old, _, new, condition in ON_LINES:
        replace_check("invoice_line", old, new, condition)
    op.create_table(
        "session_plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("mentor_id", sa.Uuid(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("weekdays", sa.JSON(), nullable=False),
        sa.Column("start", sa.Time(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column(
            "mode",
            sa.Enum(
                "face-to-face",
                "remote",
                name="plan_mode",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("made_by_name", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("last_day >= first_day", name=op.f("plan_ends_after_it_starts")),
        sa.CheckConstraint("minutes BETWEEN 1 AND 1440", name=op.f("planned_within_a_day")),
        sa.ForeignKeyConstraint(
            ["agreement_id", "council_id", "provider_id"],
            ["agreement.id", "agreement.council_id", "agreement.provider_id"],
            name=op.f("fk_session_plan_agreement_id_council_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(
            ["mentor_id", "provider_id"],
            ["mentor.id", "mentor.provider_id"],
            name=op.f("fk_session_plan_mentor_id_provider_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_plan")),
    )
    op.create_index(
        "ix_session_plan_agreement_id", "session_plan", ["agreement_id", "first_day"], unique=False
    )
    op.create_table(
        "delivery_correction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("stay_id", sa.Uuid(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "scheduled",
                "delivered",
                "not-attended",
                "cancelled",
                name="corrected_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("interactions", sa.Integer(), nullable=True),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("recorded_by_name", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hands", sa.JSON(), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("because <> ''", name=op.f("a_correction_has_its_reason")),
        sa.CheckConstraint(
            "(session_id IS NULL) <> (stay_id IS NULL)", name=op.f("corrects_a_session_or_a_stay")
        ),
        sa.CheckConstraint("before >= 0 AND after >= 0", name=op.f("corrected_parts_not_negative")),
        sa.CheckConstraint("last_day >= first_day", name=op.f("correction_ends_after_it_starts")),
        sa.ForeignKeyConstraint(
            ["agreement_id", "council_id", "provider_id"],
            ["agreement.id", "agreement.council_id", "agreement.provider_id"],
            name=op.f("fk_delivery_correction_agreement_id_council_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(
            ["session_id", "council_id", "provider_id"],
            ["delivery_session.id", "delivery_session.council_id", "delivery_session.provider_id"],
            name=op.f("fk_delivery_correction_session_id_council_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(
            ["stay_id", "council_id", "provider_id"],
            ["stay.id", "stay.council_id", "stay.provider_id"],
            name=op.f("fk_delivery_correction_stay_id_council_id_provider_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_correction")),
        sa.UniqueConstraint(
            "id", "council_id", "provider_id", name=op.f("correction_with_its_parties")
        ),
    )
    op.create_index(
        "ix_delivery_correction_agreement_id",
        "delivery_correction",
        ["agreement_id", "first_day"],
        unique=False,
    )
    op.create_index(
        "ix_delivery_correction_session_id", "delivery_correction", ["session_id"], unique=False
    )
    op.create_index(
        "ix_delivery_correction_stay_id", "delivery_correction", ["stay_id"], unique=False
    )
    op.create_index(
        "ix_delivery_correction_unlocked",
        "delivery_correction",
        ["provider_id", "first_day"],
        unique=False,
        sqlite_where=sa.text("locked_at IS NULL"),
        postgresql_where=sa.text("locked_at IS NULL"),
    )
    op.create_index(
        "one_open_correction_of_a_session",
        "delivery_correction",
        ["session_id"],
        unique=True,
        sqlite_where=sa.text("locked_at IS NULL"),
        postgresql_where=sa.text("locked_at IS NULL"),
    )
    op.create_table(
        "charged_correction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("correction_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["correction_id", "council_id", "provider_id"],
            [
                "delivery_correction.id",
                "delivery_correction.council_id",
                "delivery_correction.provider_id",
            ],
            name=op.f("fk_charged_correction_correction_id_council_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(
            ["line_id", "council_id", "provider_id"],
            ["invoice_line.id", "invoice_line.council_id", "invoice_line.provider_id"],
            name=op.f("fk_charged_correction_line_id_council_id_provider_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charged_correction")),
        sa.UniqueConstraint("correction_id", "first_day", name=op.f("a_correction_charged_once")),
    )
    op.create_index(
        "ix_charged_correction_line_id", "charged_correction", ["line_id"], unique=False
    )
    for table, (seen, written) in ROW_SECURITY.items():
        protect(table, seen=seen, written=written)


def downgrade() -> None:
    for table in ROW_SECURITY:
        unprotect(table)
    op.drop_index("ix_charged_correction_line_id", table_name="charged_correction")
    op.drop_table("charged_correction")
    op.drop_index(
        "one_open_correction_of_a_session",
        table_name="delivery_correction",
        sqlite_where=sa.text("locked_at IS NULL"),
        postgresql_where=sa.text("locked_at IS NULL"),
    )
    op.drop_index(
        "ix_delivery_correction_unlocked",
        table_name="delivery_correction",
        sqlite_where=sa.text("locked_at IS NULL"),
        postgresql_where=sa.text("locked_at IS NULL"),
    )
    op.drop_index("ix_delivery_correction_stay_id", table_name="delivery_correction")
    op.drop_index("ix_delivery_correction_session_id", table_name="delivery_correction")
    op.drop_index("ix_delivery_correction_agreement_id", table_name="delivery_correction")
    op.drop_table("delivery_correction")
    op.drop_index("ix_session_plan_agreement_id", table_name="session_plan")
    op.drop_table("session_plan")
    for old, condition, new, _ in reversed(ON_LINES):
        replace_check("invoice_line", new, old, condition)
    for column in ("mentor_id", "plan_id"):
        op.drop_index(f"ix_delivery_session_{column}", table_name="delivery_session")
    for column in reversed(COLUMNS):
        op.execute(f"ALTER TABLE delivery_session DROP COLUMN {column.split()[0]}")
