"""School terms, outcomes, termly reports and meetings"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.kernel.row_security import protect, unprotect

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

# Who may read and who may write each table's rows, as the models said when this was
# written.
ROW_SECURITY = {
    "report_setting": (
        "report_setting.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT agreement_1.id FROM agreement AS agreement_1 WHERE agreement_1.council_id = report_setting.council_id AND agreement_1.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)))",
        "report_setting.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "school_term": (
        "school_term.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT agreement_1.id FROM agreement AS agreement_1 WHERE agreement_1.council_id = school_term.council_id AND agreement_1.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)))",
        "school_term.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "meeting": (
        "(meeting.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR meeting.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL",
        "meeting.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR meeting.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "meeting_action": (
        "(meeting_action.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR meeting_action.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL",
        "meeting_action.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR meeting_action.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "contribution": (
        "(contribution.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR contribution.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = contribution.agreement_id AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID))))",
        "contribution.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR contribution.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "outcome_scoring": (
        "(outcome_scoring.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR outcome_scoring.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = outcome_scoring.agreement_id AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID))))",
        "outcome_scoring.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "termly_report": (
        "(termly_report.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR termly_report.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = termly_report.agreement_id AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID))))",
        "termly_report.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR termly_report.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "outcome_score": (
        "(outcome_score.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR outcome_score.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = outcome_score.agreement_id AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID))))",
        "outcome_score.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "report_draft": (
        "report_draft.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) AND (report_draft.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR report_draft.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = report_draft.agreement_id AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID))))",
        "report_draft.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "report_file": (
        "(report_file.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR report_file.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = report_file.agreement_id AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID)))) AND (report_file.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR report_file.sent_at IS NOT NULL)",
        "report_file.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "report_submission": (
        "(report_submission.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR report_submission.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = report_submission.agreement_id AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID))))",
        "report_submission.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR report_submission.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
}


def upgrade() -> None:
    op.create_table(
        "report_setting",
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("within", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("within BETWEEN 1 AND 60", name=op.f("reports_within_days")),
        sa.ForeignKeyConstraint(
            ["council_id"], ["organisation.id"], name=op.f("fk_report_setting_council_id")
        ),
        sa.PrimaryKeyConstraint("council_id", name=op.f("pk_report_setting")),
    )
    op.create_table(
        "school_term",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("last_day > first_day", name=op.f("term_ends_after_it_starts")),
        sa.ForeignKeyConstraint(
            ["council_id"], ["organisation.id"], name=op.f("fk_school_term_council_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_term")),
        sa.UniqueConstraint("council_id", "first_day", name=op.f("one_term_from_a_day")),
        sa.UniqueConstraint("council_id", "last_day", name=op.f("one_term_until_a_day")),
        sa.UniqueConstraint("id", "council_id", name=op.f("term_with_its_council")),
    )
    op.create_table(
        "meeting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "keep-in-touch",
                "framework-review",
                name="meeting_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("present", sa.String(length=500), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("kept_by_name", sa.String(length=200), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["council_id"], ["organisation.id"], name=op.f("fk_meeting_council_id")
        ),
        sa.ForeignKeyConstraint(
            ["framework_id"], ["framework.id"], name=op.f("fk_meeting_framework_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["organisation.id"], name=op.f("fk_meeting_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint(
            "id", "council_id", "provider_id", name=op.f("meeting_with_its_parties")
        ),
    )
    op.create_index("ix_meeting_council_id", "meeting", ["council_id", "held_on"], unique=False)
    op.create_index("ix_meeting_provider_id", "meeting", ["provider_id", "held_on"], unique=False)
    op.create_table(
        "meeting_action",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column(
            "side",
            sa.Enum(
                "council",
                "provider",
                name="meeting_action_side",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_by_name", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "(done_on IS NULL) = (done_by_name IS NULL)", name=op.f("action_done_by_somebody")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id", "council_id", "provider_id"],
            ["meeting.id", "meeting.council_id", "meeting.provider_id"],
            name=op.f("fk_meeting_action_meeting_id_council_id_provider_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_action")),
    )
    op.create_index("ix_meeting_action_meeting_id", "meeting_action", ["meeting_id"], unique=False)
    op.create_table(
        "contribution",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "pep",
                "lac-review",
                "team-around-the-child",
                name="contribution_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "manner",
            sa.Enum(
                "attended",
                "wrote",
                name="contribution_manner",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("kept_by_name", sa.String(length=200), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id", "council_id", "provider_id"],
            ["agreement.id", "agreement.council_id", "agreement.provider_id"],
            name=op.f("fk_contribution_agreement_id_council_id_provider_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution")),
    )
    op.create_index(
        "ix_contribution_agreement_id", "contribution", ["agreement_id", "held_on"], unique=False
    )
    op.create_table(
        "outcome_scoring",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("term_id", sa.Uuid(), nullable=True),
        sa.Column("scored_by_name", sa.String(length=200), nullable=False),
        sa.Column("scored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id", "council_id", "provider_id"],
            ["agreement.id", "agreement.council_id", "agreement.provider_id"],
            name=op.f("fk_outcome_scoring_agreement_id_council_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(
            ["term_id", "council_id"],
            ["school_term.id", "school_term.council_id"],
            name=op.f("fk_outcome_scoring_term_id_council_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_scoring")),
        sa.UniqueConstraint("agreement_id", "term_id", name=op.f("one_scoring_of_a_term")),
        sa.UniqueConstraint(
            "id", "agreement_id", "council_id", "provider_id", name=op.f("scoring_with_its_parties")
        ),
    )
    op.create_index(
        "one_scoring_at_the_start",
        "outcome_scoring",
        ["agreement_id"],
        unique=True,
        sqlite_where=sa.text("term_id IS NULL"),
        postgresql_where=sa.text("term_id IS NULL"),
    )
    op.create_table(
        "termly_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("term_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "returned",
                "accepted",
                name="report_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id", "council_id", "provider_id"],
            ["agreement.id", "agreement.council_id", "agreement.provider_id"],
            name=op.f("fk_termly_report_agreement_id_council_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(
            ["term_id", "council_id"],
            ["school_term.id", "school_term.council_id"],
            name=op.f("fk_termly_report_term_id_council_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_termly_report")),
        sa.UniqueConstraint("agreement_id", "term_id", name=op.f("one_report_of_a_term")),
        sa.UniqueConstraint(
            "id", "agreement_id", "council_id", "provider_id", name=op.f("report_with_its_parties")
        ),
    )
    op.create_index(
        "ix_termly_report_council_id", "termly_report", ["council_id", "state"], unique=False
    )
    op.create_index(
        "ix_termly_report_provider_id", "termly_report", ["provider_id", "state"], unique=False
    )
    op.create_table(
        "outcome_score",
        sa.Column("scoring_id", sa.Uuid(), nullable=False),
        sa.Column(
            "indicator",
            sa.Enum(
                "placement-stability",
                "resilience",
                "problem-behaviour",
                "missing-episodes",
                "key-adults",
                "education",
                "post-16",
                name="outcome_indicator",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name=op.f("outcome_score_on_the_scale")),
        sa.ForeignKeyConstraint(
            ["scoring_id", "agreement_id", "council_id", "provider_id"],
            [
                "outcome_scoring.id",
                "outcome_scoring.agreement_id",
                "outcome_scoring.council_id",
                "outcome_scoring.provider_id",
            ],
            name=op.f("fk_outcome_score_scoring_id_agreement_id_council_id_provider_id"),
        ),
        sa.PrimaryKeyConstraint("scoring_id", "indicator", name=op.f("pk_outcome_score")),
    )
    op.create_table(
        "report_draft",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("progress", sa.Text(), nullable=False),
        sa.Column("plans", sa.Text(), nullable=False),
        sa.Column("scores", sa.JSON(), nullable=False),
        sa.Column("saved_by_name", sa.String(length=200), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id", "agreement_id", "council_id", "provider_id"],
            [
                "termly_report.id",
                "termly_report.agreement_id",
                "termly_report.council_id",
                "termly_report.provider_id",
            ],
            name=op.f("fk_report_draft_report_id_agreement_id_council_id_provider_id"),
        ),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_report_draft")),
    )
    op.create_table(
        "report_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("added_by_name", sa.String(length=200), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["file_id", "provider_id"],
            ["stored_file.id", "stored_file.provider_id"],
            name=op.f("fk_report_file_file_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(
            ["report_id", "agreement_id", "council_id", "provider_id"],
            [
                "termly_report.id",
                "termly_report.agreement_id",
                "termly_report.council_id",
                "termly_report.provider_id",
            ],
            name=op.f("fk_report_file_report_id_agreement_id_council_id_provider_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_file")),
        sa.UniqueConstraint("file_id", name=op.f("a_file_of_one_report")),
    )
    op.create_index("ix_report_file_report_id", "report_file", ["report_id"], unique=False)
    op.create_table(
        "report_submission",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("progress", sa.Text(), nullable=False),
        sa.Column("plans", sa.Text(), nullable=False),
        sa.Column("scores", sa.JSON(), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("interactions", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("not_attended", sa.Integer(), nullable=False),
        sa.Column("cancelled", sa.Integer(), nullable=False),
        sa.Column("nights", sa.Integer(), nullable=False),
        sa.Column("nights_absent", sa.Integer(), nullable=False),
        sa.Column("submitted_by_name", sa.String(length=200), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("decided_by_name", sa.String(length=200), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "accepted IS NULL OR accepted OR because <> ''",
            name=op.f("report_returned_with_reasons"),
        ),
        sa.CheckConstraint(
            "(accepted IS NULL) = (decided_at IS NULL)", name=op.f("report_decided_at_a_time")
        ),
        sa.ForeignKeyConstraint(
            ["report_id", "agreement_id", "council_id", "provider_id"],
            [
                "termly_report.id",
                "termly_report.agreement_id",
                "termly_report.council_id",
                "termly_report.provider_id",
            ],
            name=op.f("fk_report_submission_report_id_agreement_id_council_id_provider_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_submission")),
        sa.UniqueConstraint("report_id", "number", name=op.f("one_report_submission_of_a_number")),
    )
    for table, (seen, written) in ROW_SECURITY.items():
        protect(table, seen=seen, written=written)


def downgrade() -> None:
    for table in ROW_SECURITY:
        unprotect(table)
    op.drop_table("report_submission")
    op.drop_index("ix_report_file_report_id", table_name="report_file")
    op.drop_table("report_file")
    op.drop_table("report_draft")
    op.drop_table("outcome_score")
    op.drop_index("ix_termly_report_provider_id", table_name="termly_report")
    op.drop_index("ix_termly_report_council_id", table_name="termly_report")
    op.drop_table("termly_report")
    op.drop_index(
        "one_scoring_at_the_start",
        table_name="outcome_scoring",
        sqlite_where=sa.text("term_id IS NULL"),
        postgresql_where=sa.text("term_id IS NULL"),
    )
    op.drop_table("outcome_scoring")
    op.drop_index("ix_contribution_agreement_id", table_name="contribution")
    op.drop_table("contribution")
    op.drop_index("ix_meeting_action_meeting_id", table_name="meeting_action")
    op.drop_table("meeting_action")
    op.drop_index("ix_meeting_provider_id", table_name="meeting")
    op.drop_index("ix_meeting_council_id", table_name="meeting")
    op.drop_table("meeting")
    op.drop_table("school_term")
    op.drop_table("report_setting")
