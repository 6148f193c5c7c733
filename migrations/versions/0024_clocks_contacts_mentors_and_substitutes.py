"""Clocks, contacts, mentors and substitutes"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.kernel.row_security import protect, unprotect

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

# Who may read and who may write each table's rows, as the models said when this was
# written.
ROW_SECURITY = {
    "mentor_absence": (
        "mentor_absence.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 WHERE assignment_1.mentor_id = mentor_absence.mentor_id AND assignment_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)))",
        "mentor_absence.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "mentor_hours": (
        "mentor_hours.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 WHERE assignment_1.mentor_id = mentor_hours.mentor_id AND assignment_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)))",
        "mentor_hours.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "mentor_training": (
        "mentor_training.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 WHERE assignment_1.mentor_id = mentor_training.mentor_id AND assignment_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)))",
        "mentor_training.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "agreement_clock": (
        "(agreement_clock.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR agreement_clock.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = agreement_clock.agreement_id AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID))))",
        "agreement_clock.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR agreement_clock.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "contact_record": (
        "(contact_record.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR contact_record.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = contact_record.agreement_id AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID))))",
        "contact_record.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "substitution": (
        "(substitution.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR substitution.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = substitution.agreement_id AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID))))",
        "substitution.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR substitution.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
}


def upgrade() -> None:
    op.create_table(
        "mentor_absence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mentor_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "away",
                "stopped",
                "left",
                name="mentor_away",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("recorded_by_name", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("last_day >= first_day", name=op.f("absence_ends_after_it_starts")),
        sa.ForeignKeyConstraint(
            ["mentor_id", "provider_id"],
            ["mentor.id", "mentor.provider_id"],
            name=op.f("fk_mentor_absence_mentor_id_provider_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentor_absence")),
    )
    op.create_index(
        "ix_mentor_absence_mentor_id", "mentor_absence", ["mentor_id", "first_day"], unique=False
    )
    op.create_table(
        "mentor_hours",
        sa.Column("mentor_id", sa.Uuid(), nullable=False),
        sa.Column("weekday", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.CheckConstraint("ends > starts", name=op.f("hours_end_after_they_start")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("a_day_of_the_week")),
        sa.ForeignKeyConstraint(
            ["mentor_id", "provider_id"],
            ["mentor.id", "mentor.provider_id"],
            name=op.f("fk_mentor_hours_mentor_id_provider_id"),
        ),
        sa.PrimaryKeyConstraint("mentor_id", "weekday", name=op.f("pk_mentor_hours")),
    )
    op.create_table(
        "mentor_training",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mentor_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "safeguarding",
                "data-protection",
                "equality",
                "prevent",
                "first-aid",
                "other",
                name="training_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("fresh_until", sa.Date(), nullable=False),
        sa.Column("recorded_by_name", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind <> 'other' OR title <> ''", name=op.f("other_training_has_a_title")
        ),
        sa.CheckConstraint(
            "fresh_until >= taken_on", name=op.f("training_fresh_after_it_is_taken")
        ),
        sa.ForeignKeyConstraint(
            ["mentor_id", "provider_id"],
            ["mentor.id", "mentor.provider_id"],
            name=op.f("fk_mentor_training_mentor_id_provider_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentor_training")),
    )
    op.create_index(
        "ix_mentor_training_mentor_id", "mentor_training", ["mentor_id", "taken_on"], unique=False
    )
    op.create_table(
        "agreement_clock",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "contact",
                "meeting",
                "substitute",
                name="clock_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("stopped_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "done_on IS NULL OR stopped_on IS NULL", name=op.f("clock_done_or_stopped")
        ),
        sa.CheckConstraint("due_on > starts_on", name=op.f("clock_due_after_it_starts")),
        sa.ForeignKeyConstraint(
            ["agreement_id", "council_id", "provider_id"],
            ["agreement.id", "agreement.council_id", "agreement.provider_id"],
            name=op.f("fk_agreement_clock_agreement_id_council_id_provider_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_clock")),
        sa.UniqueConstraint("id", "council_id", "provider_id", name=op.f("clock_with_its_parties")),
    )
    op.create_index(
        "ix_agreement_clock_agreement_id",
        "agreement_clock",
        ["agreement_id", "starts_on"],
        unique=False,
    )
    op.create_index(
        "ix_agreement_clock_open_council",
        "agreement_clock",
        ["council_id", "due_on", "id"],
        unique=False,
        sqlite_where=sa.text("done_on IS NULL AND stopped_on IS NULL"),
        postgresql_where=sa.text("done_on IS NULL AND stopped_on IS NULL"),
    )
    op.create_index(
        "ix_agreement_clock_open_provider",
        "agreement_clock",
        ["provider_id", "due_on", "id"],
        unique=False,
        sqlite_where=sa.text("done_on IS NULL AND stopped_on IS NULL"),
        postgresql_where=sa.text("done_on IS NULL AND stopped_on IS NULL"),
    )
    op.create_index(
        "one_clock_of_a_kind",
        "agreement_clock",
        ["agreement_id", "kind"],
        unique=True,
        sqlite_where=sa.text("kind <> 'substitute'"),
        postgresql_where=sa.text("kind <> 'substitute'"),
    )
    op.create_index(
        "one_open_clock_of_a_kind",
        "agreement_clock",
        ["agreement_id", "kind"],
        unique=True,
        sqlite_where=sa.text("done_on IS NULL AND stopped_on IS NULL"),
        postgresql_where=sa.text("done_on IS NULL AND stopped_on IS NULL"),
    )
    op.create_table(
        "contact_record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "attempt",
                "contact",
                "meeting",
                name="contact_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "how",
            sa.Enum(
                "phone",
                "voicemail",
                "message",
                "letter",
                "video",
                "visit",
                name="contact_how",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("recorded_by_name", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by_name", sa.String(length=200), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id", "council_id", "provider_id"],
            ["agreement.id", "agreement.council_id", "agreement.provider_id"],
            name=op.f("fk_contact_record_agreement_id_council_id_provider_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_record")),
    )
    op.create_index(
        "ix_contact_record_agreement_id", "contact_record", ["agreement_id", "day"], unique=False
    )
    op.create_table(
        "substitution",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("clock_id", sa.Uuid(), nullable=False),
        sa.Column("mentor_id", sa.Uuid(), nullable=False),
        sa.Column("mentor_name", sa.String(length=200), nullable=False),
        sa.Column(
            "cause",
            sa.Enum(
                "unavailable",
                "rejected",
                name="substitution_cause",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("absence_id", sa.Uuid(), nullable=True),
        sa.Column("because", sa.String(length=500), nullable=False),
        sa.Column("told_by_name", sa.String(length=200), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("substitute_name", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "cause <> 'rejected' OR because <> ''", name=op.f("rejection_has_a_reason")
        ),
        sa.ForeignKeyConstraint(
            ["absence_id"], ["mentor_absence.id"], name=op.f("fk_substitution_absence_id")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id", "council_id", "provider_id"],
            ["agreement.id", "agreement.council_id", "agreement.provider_id"],
            name=op.f("fk_substitution_agreement_id_council_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(
            ["clock_id", "council_id", "provider_id"],
            ["agreement_clock.id", "agreement_clock.council_id", "agreement_clock.provider_id"],
            name=op.f("fk_substitution_clock_id_council_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(
            ["mentor_id", "provider_id"],
            ["mentor.id", "mentor.provider_id"],
            name=op.f("fk_substitution_mentor_id_provider_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_substitution")),
    )
    op.create_index(
        "ix_substitution_agreement_id", "substitution", ["agreement_id", "told_at"], unique=False
    )
    op.create_index("ix_substitution_mentor_id", "substitution", ["mentor_id"], unique=False)
    op.add_column("mentor", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.add_column("clearance", sa.Column("result", sa.String(length=40), nullable=True))
    for table, (seen, written) in ROW_SECURITY.items():
        protect(table, seen=seen, written=written)


def downgrade() -> None:
    for table in ROW_SECURITY:
        unprotect(table)
    op.drop_column("clearance", "result")
    op.drop_column("mentor", "version")
    op.drop_index("ix_substitution_mentor_id", table_name="substitution")
    op.drop_index("ix_substitution_agreement_id", table_name="substitution")
    op.drop_table("substitution")
    op.drop_index("ix_contact_record_agreement_id", table_name="contact_record")
    op.drop_table("contact_record")
    op.drop_index(
        "one_open_clock_of_a_kind",
        table_name="agreement_clock",
        sqlite_where=sa.text("done_on IS NULL AND stopped_on IS NULL"),
        postgresql_where=sa.text("done_on IS NULL AND stopped_on IS NULL"),
    )
    op.drop_index(
        "one_clock_of_a_kind",
        table_name="agreement_clock",
        sqlite_where=sa.text("kind <> 'substitute'"),
        postgresql_where=sa.text("kind <> 'substitute'"),
    )
    op.drop_index(
        "ix_agreement_clock_open_provider",
        table_name="agreement_clock",
        sqlite_where=sa.text("done_on IS NULL AND stopped_on IS NULL"),
        postgresql_where=sa.text("done_on IS NULL AND stopped_on IS NULL"),
    )
    op.drop_index(
        "ix_agreement_clock_open_council",
        table_name="agreement_clock",
        sqlite_where=sa.text("done_on IS NULL AND stopped_on IS NULL"),
        postgresql_where=sa.text("done_on IS NULL AND stopped_on IS NULL"),
    )
    op.drop_index("ix_agreement_clock_agreement_id", table_name="agreement_clock")
    op.drop_table("agreement_clock")
    op.drop_index("ix_mentor_training_mentor_id", table_name="mentor_training")
    op.drop_table("mentor_training")
    op.drop_table("mentor_hours")
    op.drop_index("ix_mentor_absence_mentor_id", table_name="mentor_absence")
    op.drop_table("mentor_absence")
