"""Complaints as they are sent and followed"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.kernel.row_security import protect, unprotect

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# Who may read and who may write each table's rows, as the models said when this was
# written.
ROW_SECURITY = {
    "unsent_complaint": (
        "unsent_complaint.id = CAST(nullif(current_setting('app.following', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
        "coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
    ),
    "wrong_guesses": (
        "coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
        "coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
    ),
    "complaint": (
        "complaint.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR complaint.id = CAST(nullif(current_setting('app.following', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
        "complaint.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
    ),
    "complaint_message": (
        "complaint_message.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR complaint_message.complaint_id = CAST(nullif(current_setting('app.following', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
        "complaint_message.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
    ),
}


def upgrade() -> None:
    op.create_table(
        "unsent_complaint",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=12), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("kept_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unsent_complaint")),
        sa.UniqueConstraint("reference", name=op.f("one_unsent_complaint_a_reference")),
    )
    op.create_index(
        "ix_unsent_complaint_kept_until", "unsent_complaint", ["kept_until"], unique=False
    )
    op.create_table(
        "wrong_guesses",
        sa.Column("reference_digest", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("reference_digest", name=op.f("pk_wrong_guesses")),
    )
    op.create_index("ix_wrong_guesses_since", "wrong_guesses", ["since"], unique=False)
    op.create_table(
        "complaint",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=12), nullable=False),
        sa.Column("passphrase_hash", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "complaint",
                "compliment",
                "worry",
                name="complaint_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("what_happened", sa.Text(), nullable=False),
        sa.Column(
            "about",
            sa.Enum(
                "provider",
                "council",
                "somebody-else",
                "not-sure",
                name="complaint_about",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("provider_id", sa.Uuid(), nullable=True),
        sa.Column("about_whom", sa.Text(), nullable=False),
        sa.Column("wished", sa.Text(), nullable=False),
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
                name="complaint_who",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("on_behalf_of", sa.Text(), nullable=False),
        sa.Column("tell_provider", sa.Boolean(), nullable=False),
        sa.Column(
            "answer_by",
            sa.Enum(
                "here",
                "email",
                "phone",
                "text",
                "letter",
                "somebody",
                name="complaint_answer_by",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("safe_times", sa.Text(), nullable=False),
        sa.Column("may_leave_message", sa.Boolean(), nullable=False),
        sa.Column(
            "helper",
            sa.Enum(
                "wanted",
                "has-one",
                "no",
                name="complaint_helper",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("helper_contact", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=200), nullable=False),
        sa.Column("needs", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column(
            "track",
            sa.Enum(
                "children",
                "other",
                "data-protection",
                name="complaint_track",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "received",
                "being-looked-at",
                "answered",
                "closed",
                "withdrawn",
                name="complaint_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(about = 'provider') = (provider_id IS NOT NULL)",
            name=op.f("about_the_provider_named"),
        ),
        sa.CheckConstraint(
            "name IS NOT NULL OR NOT tell_provider", name=op.f("only_a_name_can_be_told")
        ),
        sa.ForeignKeyConstraint(
            ["council_id"], ["organisation.id"], name=op.f("fk_complaint_council_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["organisation.id"], name=op.f("fk_complaint_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
        sa.UniqueConstraint("id", "council_id", name=op.f("complaint_with_its_council")),
        sa.UniqueConstraint("reference", name=op.f("one_complaint_a_reference")),
    )
    op.create_index("ix_complaint_council_id", "complaint", ["council_id", "id"], unique=False)
    op.create_table(
        "complaint_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column(
            "side",
            sa.Enum(
                "sender",
                "council",
                name="complaint_message_side",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("person_name", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(side = 'council') = (person_id IS NOT NULL)", name=op.f("only_the_council_is_named")
        ),
        sa.ForeignKeyConstraint(
            ["complaint_id", "council_id"],
            ["complaint.id", "complaint.council_id"],
            name=op.f("fk_complaint_message_complaint_id_council_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_complaint_message_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_message")),
        sa.UniqueConstraint("id", "complaint_id", name=op.f("message_with_its_complaint")),
    )
    op.create_index(
        "ix_complaint_message_complaint_id",
        "complaint_message",
        ["complaint_id", "id"],
        unique=False,
    )
    for table, (seen, written) in ROW_SECURITY.items():
        protect(table, seen=seen, written=written)


def downgrade() -> None:
    for table in ROW_SECURITY:
        unprotect(table)
    op.drop_index("ix_complaint_message_complaint_id", table_name="complaint_message")
    op.drop_table("complaint_message")
    op.drop_index("ix_complaint_council_id", table_name="complaint")
    op.drop_table("complaint")
    op.drop_index("ix_wrong_guesses_since", table_name="wrong_guesses")
    op.drop_table("wrong_guesses")
    op.drop_index("ix_unsent_complaint_kept_until", table_name="unsent_complaint")
    op.drop_table("unsent_complaint")
