"""Conversations, safeguarding concerns and notices of risk"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.kernel.row_security import protect, unprotect

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

# Who may read and who may write each table's rows, as the models said when this was
# written.
ROW_SECURITY = {
    "safeguarding_lead": (
        "safeguarding_lead.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
        "safeguarding_lead.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "concern": (
        "concern.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR concern.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) AND (concern.by_person_id = CAST(nullif(current_setting('app.person', true), '') AS UUID) OR concern.shown_to_provider AND (EXISTS (SELECT membership_1.id FROM membership AS membership_1 JOIN membership_role AS membership_role_1 ON membership_role_1.membership_id = membership_1.id WHERE membership_1.person_id = CAST(nullif(current_setting('app.person', true), '') AS UUID) AND membership_1.organisation_id = concern.provider_id AND membership_role_1.role = 'provider-administrator'))) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
        "concern.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR concern.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
    ),
    "conversation": (
        "(conversation.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR conversation.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = conversation.agreement_id AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID))))",
        "conversation.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR conversation.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "risk": (
        "(risk.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR risk.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = risk.agreement_id AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID))))",
        "risk.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR risk.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "concern_note": (
        "concern_note.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR concern_note.from_provider AND (EXISTS (SELECT concern_1.id FROM concern AS concern_1 WHERE concern_1.id = concern_note.concern_id AND (concern_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR concern_1.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) AND (concern_1.by_person_id = CAST(nullif(current_setting('app.person', true), '') AS UUID) OR concern_1.shown_to_provider AND (EXISTS (SELECT membership_1.id FROM membership AS membership_1 JOIN membership_role AS membership_role_1 ON membership_role_1.membership_id = membership_1.id WHERE membership_1.person_id = CAST(nullif(current_setting('app.person', true), '') AS UUID) AND membership_1.organisation_id = concern_1.provider_id AND membership_role_1.role = 'provider-administrator')))))) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
        "concern_note.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR concern_note.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
    ),
    "conversation_message": (
        "EXISTS (SELECT conversation_1.id FROM conversation AS conversation_1 WHERE conversation_1.id = conversation_message.conversation_id AND (conversation_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR conversation_1.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = conversation_1.agreement_id AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID)))))",
        "conversation_message.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR conversation_message.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "conversation_reading": (
        "conversation_reading.person_id = CAST(nullif(current_setting('app.person', true), '') AS UUID) AND conversation_reading.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
        "conversation_reading.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "conversation_file": (
        "EXISTS (SELECT conversation_1.id FROM conversation AS conversation_1 WHERE conversation_1.id = conversation_file.conversation_id AND (conversation_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR conversation_1.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = conversation_1.agreement_id AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID)))))",
        "conversation_file.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR conversation_file.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
}


def upgrade() -> None:
    op.create_table(
        "safeguarding_lead",
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["council_id"], ["organisation.id"], name=op.f("fk_safeguarding_lead_council_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_safeguarding_lead_person_id")
        ),
        sa.PrimaryKeyConstraint("council_id", "person_id", name=op.f("pk_safeguarding_lead")),
    )
    op.create_table(
        "concern",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "raised",
                "acknowledged",
                "closed",
                name="concern_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "safety",
            sa.Enum(
                "safe",
                "not-sure",
                "in-danger",
                name="concern_safety",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("done", sa.Text(), nullable=False),
        sa.Column("from_council", sa.Boolean(), nullable=False),
        sa.Column("shown_to_provider", sa.Boolean(), nullable=False),
        sa.Column("by_person_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_by_person_id", sa.Uuid(), nullable=True),
        sa.Column("acknowledged_by_name", sa.String(length=200), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("closed_by_person_id", sa.Uuid(), nullable=True),
        sa.Column("closed_by_name", sa.String(length=200), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "social-care",
                "police",
                "designated-officer",
                "support",
                "plan-changed",
                "nothing-further",
                name="concern_outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("closed_told", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("concern_closed_by_somebody")
        ),
        sa.CheckConstraint(
            "(state = 'closed') = (outcome IS NOT NULL)",
            name=op.f("concern_closed_with_an_outcome"),
        ),
        sa.CheckConstraint(
            "(state = 'raised') = (acknowledged_at IS NULL)",
            name=op.f("concern_acknowledged_by_somebody"),
        ),
        sa.CheckConstraint(
            "NOT (from_council AND shown_to_provider)",
            name=op.f("concern_of_the_council_is_its_own"),
        ),
        sa.ForeignKeyConstraint(
            ["acknowledged_by_person_id"],
            ["person.id"],
            name=op.f("fk_concern_acknowledged_by_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id", "council_id", "provider_id"],
            ["agreement.id", "agreement.council_id", "agreement.provider_id"],
            name=op.f("fk_concern_agreement_id_council_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(
            ["by_person_id"], ["person.id"], name=op.f("fk_concern_by_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by_person_id"], ["person.id"], name=op.f("fk_concern_closed_by_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern")),
        sa.UniqueConstraint(
            "id", "council_id", "provider_id", name=op.f("concern_with_its_parties")
        ),
    )
    op.create_index("ix_concern_agreement_id", "concern", ["agreement_id"], unique=False)
    op.create_index("ix_concern_council_id", "concern", ["council_id", "at", "id"], unique=False)
    op.create_index("ix_concern_provider_id", "concern", ["provider_id", "at", "id"], unique=False)
    op.create_table(
        "conversation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=True),
        sa.Column("recipient_id", sa.Uuid(), nullable=True),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_from_council", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(agreement_id IS NULL) <> (recipient_id IS NULL)",
            name=op.f("conversation_about_one_thing"),
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id", "council_id", "provider_id"],
            ["agreement.id", "agreement.council_id", "agreement.provider_id"],
            name=op.f("fk_conversation_agreement_id_council_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(
            ["council_id"], ["organisation.id"], name=op.f("fk_conversation_council_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["organisation.id"], name=op.f("fk_conversation_provider_id")
        ),
        sa.ForeignKeyConstraint(
            ["recipient_id", "council_id", "provider_id"],
            [
                "referral_recipient.id",
                "referral_recipient.council_id",
                "referral_recipient.provider_id",
            ],
            name=op.f("fk_conversation_recipient_id_council_id_provider_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation")),
        sa.UniqueConstraint("agreement_id", name=op.f("one_conversation_an_agreement")),
        sa.UniqueConstraint(
            "id", "council_id", "provider_id", name=op.f("conversation_with_its_parties")
        ),
        sa.UniqueConstraint("recipient_id", name=op.f("one_conversation_a_recipient")),
    )
    op.create_index(
        "ix_conversation_council_id", "conversation", ["council_id", "last_at", "id"], unique=False
    )
    op.create_index(
        "ix_conversation_provider_id",
        "conversation",
        ["provider_id", "last_at", "id"],
        unique=False,
    )
    op.create_table(
        "risk",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "staff",
                "premises",
                "insurance",
                "registration",
                "sub-contractor",
                "finances",
                "data",
                "other",
                name="risk_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("doing", sa.Text(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("by_person_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "settled",
                "delivery-changed",
                "agreement-changed",
                "watched",
                name="risk_outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("closed_words", sa.Text(), nullable=False),
        sa.Column("closed_by_person_id", sa.Uuid(), nullable=True),
        sa.Column("closed_by_name", sa.String(length=200), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (outcome IS NULL)", name=op.f("risk_closed_with_an_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id", "council_id", "provider_id"],
            ["agreement.id", "agreement.council_id", "agreement.provider_id"],
            name=op.f("fk_risk_agreement_id_council_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name=op.f("fk_risk_by_person_id")),
        sa.ForeignKeyConstraint(
            ["closed_by_person_id"], ["person.id"], name=op.f("fk_risk_closed_by_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["council_id"], ["organisation.id"], name=op.f("fk_risk_council_id")
        ),
        sa.ForeignKeyConstraint(
            ["framework_id"], ["framework.id"], name=op.f("fk_risk_framework_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["organisation.id"], name=op.f("fk_risk_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk")),
    )
    op.create_index("ix_risk_council_id", "risk", ["council_id", "at", "id"], unique=False)
    op.create_index(
        "ix_risk_open",
        "risk",
        ["council_id", "provider_id", "framework_id"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index("ix_risk_provider_id", "risk", ["provider_id", "at", "id"], unique=False)
    op.create_table(
        "concern_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("concern_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("from_provider", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("by_person_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_person_id"], ["person.id"], name=op.f("fk_concern_note_by_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["concern_id", "council_id", "provider_id"],
            ["concern.id", "concern.council_id", "concern.provider_id"],
            name=op.f("fk_concern_note_concern_id_council_id_provider_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern_note")),
    )
    op.create_index(
        "ix_concern_note_concern_id", "concern_note", ["concern_id", "at"], unique=False
    )
    op.create_table(
        "conversation_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("from_council", sa.Boolean(), nullable=False),
        sa.Column("by_person_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_person_id"], ["person.id"], name=op.f("fk_conversation_message_by_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id", "council_id", "provider_id"],
            ["conversation.id", "conversation.council_id", "conversation.provider_id"],
            name=op.f("fk_conversation_message_conversation_id_council_id_provider_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation_message")),
        sa.UniqueConstraint("id", "conversation_id", name=op.f("message_with_its_conversation")),
    )
    op.create_index(
        "ix_conversation_message_conversation_id",
        "conversation_message",
        ["conversation_id", "at", "id"],
        unique=False,
    )
    op.create_table(
        "conversation_reading",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_conversation_reading_conversation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_conversation_reading_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_conversation_reading_person_id")
        ),
        sa.PrimaryKeyConstraint(
            "conversation_id", "person_id", name=op.f("pk_conversation_reading")
        ),
    )
    op.create_table(
        "conversation_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id", "council_id", "provider_id"],
            ["conversation.id", "conversation.council_id", "conversation.provider_id"],
            name=op.f("fk_conversation_file_conversation_id_council_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(
            ["file_id", "council_id"],
            ["stored_file.id", "stored_file.council_id"],
            name=op.f("fk_conversation_file_file_id_council_id"),
        ),
        sa.ForeignKeyConstraint(
            ["message_id", "conversation_id"],
            ["conversation_message.id", "conversation_message.conversation_id"],
            name=op.f("fk_conversation_file_message_id_conversation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation_file")),
        sa.UniqueConstraint("file_id", name=op.f("a_file_came_with_one_message")),
    )
    op.create_index(
        "ix_conversation_file_message_id", "conversation_file", ["message_id"], unique=False
    )
    for table, (seen, written) in ROW_SECURITY.items():
        protect(table, seen=seen, written=written)


def downgrade() -> None:
    for table in ROW_SECURITY:
        unprotect(table)
    op.drop_index("ix_conversation_file_message_id", table_name="conversation_file")
    op.drop_table("conversation_file")
    op.drop_table("conversation_reading")
    op.drop_index("ix_conversation_message_conversation_id", table_name="conversation_message")
    op.drop_table("conversation_message")
    op.drop_index("ix_concern_note_concern_id", table_name="concern_note")
    op.drop_table("concern_note")
    op.drop_index("ix_risk_provider_id", table_name="risk")
    op.drop_index(
        "ix_risk_open",
        table_name="risk",
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.drop_index("ix_risk_council_id", table_name="risk")
    op.drop_table("risk")
    op.drop_index("ix_conversation_provider_id", table_name="conversation")
    op.drop_index("ix_conversation_council_id", table_name="conversation")
    op.drop_table("conversation")
    op.drop_index("ix_concern_provider_id", table_name="concern")
    op.drop_index("ix_concern_council_id", table_name="concern")
    op.drop_index("ix_concern_agreement_id", table_name="concern")
    op.drop_table("concern")
    op.drop_table("safeguarding_lead")
