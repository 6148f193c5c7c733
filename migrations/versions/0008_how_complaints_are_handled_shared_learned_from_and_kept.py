"""How complaints are handled, shared, learned from and kept"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.kernel.row_security import protect, unprotect

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# Who may read and who may write each table's rows, as the models said when this was
# written.
ROW_SECURITY = {
    "complaint_kept_figure": (
        "complaint_kept_figure.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
        "complaint_kept_figure.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
    ),
    "complaint_kept_years": (
        "complaint_kept_years.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
        "complaint_kept_years.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
    ),
    "own_complaint": (
        "own_complaint.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR own_complaint.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
        "own_complaint.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "complaint_alert_taken": (
        "complaint_alert_taken.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
        "complaint_alert_taken.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
    ),
    "complaint_case": (
        "complaint_case.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
        "complaint_case.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
    ),
    "complaint_pause": (
        "complaint_pause.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR complaint_pause.complaint_id = CAST(nullif(current_setting('app.following', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
        "complaint_pause.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
    ),
    "complaint_person": (
        "complaint_person.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
        "complaint_person.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
    ),
    "complaint_point": (
        "complaint_point.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
        "complaint_point.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
    ),
    "complaint_promise": (
        "complaint_promise.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
        "complaint_promise.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
    ),
    "complaint_school_report": (
        "complaint_school_report.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
        "complaint_school_report.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
    ),
    "complaint_stage": (
        "complaint_stage.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR complaint_stage.complaint_id = CAST(nullif(current_setting('app.following', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
        "complaint_stage.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
    ),
    "learning_point": (
        "learning_point.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
        "learning_point.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
    ),
    "shared_complaint": (
        "shared_complaint.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR shared_complaint.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
        "shared_complaint.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR shared_complaint.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
    ),
    "shared_complaint_file": (
        "shared_complaint_file.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR shared_complaint_file.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
        "shared_complaint_file.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
    ),
}

# Whoever sees what was shared sees the files that were shared with it.
STORED_FILE = (
    "stored_file.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR stored_file.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR stored_file.following_id = CAST(nullif(current_setting('app.following', true), '') AS UUID) OR (EXISTS (SELECT shared_complaint_file_1.id FROM shared_complaint_file AS shared_complaint_file_1 JOIN shared_complaint AS shared_complaint_1 ON shared_complaint_1.id = shared_complaint_file_1.shared_id WHERE shared_complaint_file_1.stored_file_id = stored_file.id AND shared_complaint_file_1.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) AND shared_complaint_1.taken_back_at IS NULL)) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'jobs' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
    "stored_file.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR stored_file.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'jobs' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
)
STORED_FILE_BEFORE = (
    "stored_file.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR stored_file.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR stored_file.following_id = CAST(nullif(current_setting('app.following', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'jobs' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
    "stored_file.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR stored_file.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'jobs' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
)


def upgrade() -> None:
    op.create_table(
        "complaint_kept_figure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("year_starts_on", sa.Date(), nullable=False),
        sa.Column(
            "track",
            sa.Enum(
                "children",
                "other",
                "data-protection",
                name="kept_figure_track",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "who",
            sa.Enum(
                "young-person",
                "care-leaver",
                "parent",
                "foster-carer",
                "special-guardian",
                "adopter",
                "advocate",
                "somebody-else",
                name="kept_figure_who",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "outcome",
            sa.Enum(
                "upheld",
                "partly-upheld",
                "not-upheld",
                name="kept_figure_outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("advocate", sa.Boolean(), nullable=False),
        sa.Column("learned", sa.Boolean(), nullable=False),
        sa.Column("stages", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["council_id"], ["organisation.id"], name=op.f("fk_complaint_kept_figure_council_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_kept_figure")),
    )
    op.create_index(
        "ix_complaint_kept_figure_council_id",
        "complaint_kept_figure",
        ["council_id", "year_starts_on"],
        unique=False,
    )
    op.create_table(
        "complaint_kept_years",
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column(
            "track",
            sa.Enum(
                "children",
                "other",
                "data-protection",
                name="kept_years_track",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("years", sa.Integer(), nullable=False),
        sa.CheckConstraint("years BETWEEN 1 AND 100", name=op.f("kept_some_years")),
        sa.ForeignKeyConstraint(
            ["council_id"], ["organisation.id"], name=op.f("fk_complaint_kept_years_council_id")
        ),
        sa.PrimaryKeyConstraint("council_id", "track", name=op.f("pk_complaint_kept_years")),
    )
    op.create_table(
        "own_complaint",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column(
            "category",
            sa.Enum(
                "quality",
                "staff",
                "missed",
                "communication",
                "safety",
                "home",
                "other",
                name="own_complaint_category",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("looked_into_by", sa.String(length=200), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "upheld",
                "partly-upheld",
                "not-upheld",
                name="own_complaint_outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("learning", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(answered_on IS NULL) = (outcome IS NULL)", name=op.f("answered_with_an_outcome")
        ),
        sa.CheckConstraint("answered_on >= received_on", name=op.f("answered_after_it_came")),
        sa.ForeignKeyConstraint(
            ["council_id"], ["organisation.id"], name=op.f("fk_own_complaint_council_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["organisation.id"], name=op.f("fk_own_complaint_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_complaint")),
    )
    op.create_index(
        "ix_own_complaint_council_id",
        "own_complaint",
        ["council_id", "received_on", "id"],
        unique=False,
    )
    op.create_index(
        "ix_own_complaint_provider_id",
        "own_complaint",
        ["provider_id", "received_on", "id"],
        unique=False,
    )
    op.create_table(
        "complaint_alert_taken",
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("person_name", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("doing", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id", "council_id"],
            ["complaint.id", "complaint.council_id"],
            name=op.f("fk_complaint_alert_taken_complaint_id_council_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_complaint_alert_taken_person_id")
        ),
        sa.PrimaryKeyConstraint("complaint_id", name=op.f("pk_complaint_alert_taken")),
    )
    op.create_table(
        "complaint_case",
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("triage_reason", sa.Text(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("late_reason", sa.Text(), nullable=False),
        sa.Column(
            "advocacy",
            sa.Enum(
                "not-offered",
                "offered",
                "taken",
                "declined",
                name="complaint_advocacy",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("advocacy_on", sa.Date(), nullable=True),
        sa.Column("advocate", sa.String(length=200), nullable=False),
        sa.Column("ombudsman_on", sa.Date(), nullable=True),
        sa.Column("ombudsman_note", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("hold_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("held = (hold_reason <> '')", name=op.f("a_hold_says_why")),
        sa.ForeignKeyConstraint(
            ["complaint_id", "council_id"],
            ["complaint.id", "complaint.council_id"],
            name=op.f("fk_complaint_case_complaint_id_council_id"),
        ),
        sa.PrimaryKeyConstraint("complaint_id", name=op.f("pk_complaint_case")),
    )
    op.create_index("ix_complaint_case_closed_on", "complaint_case", ["closed_on"], unique=False)
    op.create_index(
        "ix_complaint_case_council_id", "complaint_case", ["council_id", "due_on"], unique=False
    )
    op.create_table(
        "complaint_pause",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "court",
                "police",
                name="complaint_pause_reason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.CheckConstraint("ended_on >= starts_on", name=op.f("a_pause_ends_after_it_starts")),
        sa.ForeignKeyConstraint(
            ["complaint_id", "council_id"],
            ["complaint.id", "complaint.council_id"],
            name=op.f("fk_complaint_pause_complaint_id_council_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_pause")),
    )
    op.create_index(
        "ix_complaint_pause_complaint_id",
        "complaint_pause",
        ["complaint_id", "starts_on"],
        unique=False,
    )
    op.create_table(
        "complaint_person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column(
            "part",
            sa.Enum(
                "subject",
                "investigator",
                "independent-person",
                "panel-member",
                name="complaint_part",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("key", sa.String(length=420), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column(
            "works_for",
            sa.Enum(
                "council",
                "provider",
                "neither",
                name="complaint_works_for",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("added_on", sa.Date(), nullable=False),
        sa.Column("declared_on", sa.Date(), nullable=True),
        sa.Column("conflict", sa.Text(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "conflict = '' OR (declared_on IS NULL AND left_on IS NOT NULL)",
            name=op.f("a_conflict_ends_the_part"),
        ),
        sa.CheckConstraint(
            "part = 'subject' OR works_for <> 'provider'",
            name=op.f("nobody_of_the_provider_looks_into_it"),
        ),
        sa.CheckConstraint(
            "part NOT IN ('independent-person', 'panel-member') OR works_for = 'neither'",
            name=op.f("independent_of_both_sides"),
        ),
        sa.ForeignKeyConstraint(
            ["complaint_id", "council_id"],
            ["complaint.id", "complaint.council_id"],
            name=op.f("fk_complaint_person_complaint_id_council_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_complaint_person_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_person")),
        sa.UniqueConstraint("complaint_id", "key", name=op.f("one_person_has_one_part_in_a_case")),
    )
    op.create_index(
        "ix_complaint_person_person_id", "complaint_person", ["person_id"], unique=False
    )
    op.create_table(
        "complaint_point",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "upheld",
                "partly-upheld",
                "not-upheld",
                name="complaint_outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("stage", sa.Integer(), nullable=True),
        sa.CheckConstraint("(outcome IS NULL) = (stage IS NULL)", name=op.f("found_at_a_stage")),
        sa.ForeignKeyConstraint(
            ["complaint_id", "council_id"],
            ["complaint.id", "complaint.council_id"],
            name=op.f("fk_complaint_point_complaint_id_council_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_point")),
    )
    op.create_index(
        "ix_complaint_point_complaint_id", "complaint_point", ["complaint_id", "id"], unique=False
    )
    op.create_table(
        "complaint_promise",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["complaint_id", "council_id"],
            ["complaint.id", "complaint.council_id"],
            name=op.f("fk_complaint_promise_complaint_id_council_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_promise")),
    )
    op.create_index(
        "ix_complaint_promise_complaint_id",
        "complaint_promise",
        ["complaint_id", "due_on"],
        unique=False,
    )
    op.create_table(
        "complaint_school_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_by_name", sa.String(length=200), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["complaint_id", "council_id"],
            ["complaint.id", "complaint.council_id"],
            name=op.f("fk_complaint_school_report_complaint_id_council_id"),
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["organisation.id"],
            name=op.f("fk_complaint_school_report_provider_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_school_report")),
    )
    op.create_index(
        "ix_complaint_school_report_council_id",
        "complaint_school_report",
        ["council_id", "at", "id"],
        unique=False,
    )
    op.create_table(
        "complaint_stage",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "agreeing",
                "answering",
                "panel-to-meet",
                "panel-to-report",
                "answered",
                name="complaint_stage_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("begun_on", sa.Date(), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.Column("acknowledged_on", sa.Date(), nullable=True),
        sa.Column("extended_to", sa.Date(), nullable=True),
        sa.Column("extension_reason", sa.Text(), nullable=False),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.Column("reported_on", sa.Date(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by_person_id", sa.Uuid(), nullable=True),
        sa.Column("answered_by_name", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "(extended_to IS NULL) = (extension_reason = '')", name=op.f("an_extension_says_why")
        ),
        sa.CheckConstraint(
            "(state = 'answered') = (answered_on IS NOT NULL)", name=op.f("answered_on_a_day")
        ),
        sa.CheckConstraint(
            "answered_on IS NULL OR answered_by_person_id IS NOT NULL",
            name=op.f("answered_by_somebody"),
        ),
        sa.CheckConstraint("met_on >= begun_on", name=op.f("panel_meets_after_it_is_asked_for")),
        sa.CheckConstraint("number BETWEEN 1 AND 3", name=op.f("at_most_three_stages")),
        sa.CheckConstraint("reported_on >= met_on", name=op.f("panel_reports_after_it_met")),
        sa.ForeignKeyConstraint(
            ["answered_by_person_id"],
            ["person.id"],
            name=op.f("fk_complaint_stage_answered_by_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["complaint_id", "council_id"],
            ["complaint.id", "complaint.council_id"],
            name=op.f("fk_complaint_stage_complaint_id_council_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_stage")),
        sa.UniqueConstraint("complaint_id", "number", name=op.f("one_stage_of_a_number")),
    )
    op.create_table(
        "learning_point",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=True),
        sa.Column("framework_id", sa.Uuid(), nullable=True),
        sa.Column("provider_id", sa.Uuid(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("learned_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_learning_point_complaint_id")
        ),
        sa.ForeignKeyConstraint(
            ["council_id"], ["organisation.id"], name=op.f("fk_learning_point_council_id")
        ),
        sa.ForeignKeyConstraint(
            ["framework_id"], ["framework.id"], name=op.f("fk_learning_point_framework_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["organisation.id"], name=op.f("fk_learning_point_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_point")),
    )
    op.create_index(
        "ix_learning_point_complaint_id", "learning_point", ["complaint_id"], unique=False
    )
    op.create_index(
        "ix_learning_point_council_id",
        "learning_point",
        ["council_id", "learned_on", "id"],
        unique=False,
    )
    op.create_table(
        "shared_complaint",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("sender_name", sa.String(length=200), nullable=True),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("learning", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_name", sa.String(length=200), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answer = '')", name=op.f("an_answer_has_its_moment")
        ),
        sa.CheckConstraint(
            "agreed OR (words IS NULL AND sender_name IS NULL)",
            name=op.f("nothing_of_who_unless_agreed"),
        ),
        sa.ForeignKeyConstraint(
            ["complaint_id", "council_id"],
            ["complaint.id", "complaint.council_id"],
            name=op.f("fk_shared_complaint_complaint_id_council_id"),
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["organisation.id"], name=op.f("fk_shared_complaint_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_complaint")),
        sa.UniqueConstraint(
            "complaint_id", "provider_id", name=op.f("shared_once_with_a_provider")
        ),
        sa.UniqueConstraint(
            "id", "council_id", "provider_id", name=op.f("shared_with_its_parties")
        ),
    )
    op.create_index(
        "ix_shared_complaint_council_id", "shared_complaint", ["council_id", "id"], unique=False
    )
    op.create_index(
        "ix_shared_complaint_provider_id",
        "shared_complaint",
        ["provider_id", "shared_at", "id"],
        unique=False,
    )
    op.create_table(
        "shared_complaint_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("shared_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("stored_file_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["shared_id", "council_id", "provider_id"],
            ["shared_complaint.id", "shared_complaint.council_id", "shared_complaint.provider_id"],
            name=op.f("fk_shared_complaint_file_shared_id_council_id_provider_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_complaint_file")),
        sa.UniqueConstraint("shared_id", "stored_file_id", name=op.f("a_file_is_shared_once")),
    )
    op.create_index(
        "ix_shared_complaint_file_stored_file_id",
        "shared_complaint_file",
        ["stored_file_id"],
        unique=False,
    )
    for table, (seen, written) in ROW_SECURITY.items():
        protect(table, seen=seen, written=written)
    unprotect("stored_file")
    protect("stored_file", seen=STORED_FILE[0], written=STORED_FILE[1])


def downgrade() -> None:
    unprotect("stored_file")
    protect("stored_file", seen=STORED_FILE_BEFORE[0], written=STORED_FILE_BEFORE[1])
    for table in ROW_SECURITY:
        unprotect(table)
    op.drop_index("ix_shared_complaint_file_stored_file_id", table_name="shared_complaint_file")
    op.drop_table("shared_complaint_file")
    op.drop_index("ix_shared_complaint_provider_id", table_name="shared_complaint")
    op.drop_index("ix_shared_complaint_council_id", table_name="shared_complaint")
    op.drop_table("shared_complaint")
    op.drop_index("ix_learning_point_council_id", table_name="learning_point")
    op.drop_index("ix_learning_point_complaint_id", table_name="learning_point")
    op.drop_table("learning_point")
    op.drop_table("complaint_stage")
    op.drop_index("ix_complaint_school_report_council_id", table_name="complaint_school_report")
    op.drop_table("complaint_school_report")
    op.drop_index("ix_complaint_promise_complaint_id", table_name="complaint_promise")
    op.drop_table("complaint_promise")
    op.drop_index("ix_complaint_point_complaint_id", table_name="complaint_point")
    op.drop_table("complaint_point")
    op.drop_index("ix_complaint_person_person_id", table_name="complaint_person")
    op.drop_table("complaint_person")
    op.drop_index("ix_complaint_pause_complaint_id", table_name="complaint_pause")
    op.drop_table("complaint_pause")
    op.drop_index("ix_complaint_case_council_id", table_name="complaint_case")
    op.drop_index("ix_complaint_case_closed_on", table_name="complaint_case")
    op.drop_table("complaint_case")
    op.drop_table("complaint_alert_taken")
    op.drop_index("ix_own_complaint_provider_id", table_name="own_complaint")
    op.drop_index("ix_own_complaint_council_id", table_name="own_complaint")
    op.drop_table("own_complaint")
    op.drop_table("complaint_kept_years")
    op.drop_index("ix_complaint_kept_figure_council_id", table_name="complaint_kept_figure")
    op.drop_table("complaint_kept_figure")
