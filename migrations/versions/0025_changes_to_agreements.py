"""Changes to agreements"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.kernel.row_security import protect, unprotect

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

# Who may read and who may write each table's rows, as the models said when this was
# written.
ROW_SECURITY = {
    "agreement_ending": (
        "(agreement_ending.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR agreement_ending.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = agreement_ending.agreement_id AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID))))",
        "agreement_ending.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR agreement_ending.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "subcontractor": (
        "(subcontractor.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR subcontractor.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = subcontractor.agreement_id AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID))))",
        "subcontractor.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR subcontractor.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "suspension": (
        "(suspension.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR suspension.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = suspension.agreement_id AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID))))",
        "suspension.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR suspension.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "transfer": (
        "(transfer.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR transfer.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = transfer.agreement_id AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID)))) OR transfer.to_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
        "transfer.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR transfer.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR transfer.to_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "variation": (
        "(variation.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR variation.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = variation.agreement_id AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID))))",
        "variation.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR variation.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "shared_note": (
        "shared_note.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR shared_note.to_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR shared_note.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
        "shared_note.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR shared_note.to_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR shared_note.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
}


def upgrade() -> None:
    op.create_table(
        "agreement_ending",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "as-planned",
                "not-needed",
                "young-person-stopped",
                "moved-away",
                "other-service",
                "provider-cannot",
                "not-as-agreed",
                "other",
                name="agreement_ending_reason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "outcome",
            sa.Enum(
                "reached",
                "partly",
                "not-reached",
                "too-early",
                name="agreement_ending_outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("reason <> 'other' OR words <> ''", name=op.f("another_reason_is_said")),
        sa.ForeignKeyConstraint(
            ["agreement_id", "council_id", "provider_id"],
            ["agreement.id", "agreement.council_id", "agreement.provider_id"],
            name=op.f("fk_agreement_ending_agreement_id_council_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_agreement_ending_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_ending")),
    )
    op.create_index(
        "ix_agreement_ending_agreement_id", "agreement_ending", ["agreement_id", "at"], unique=False
    )
    op.create_table(
        "subcontractor",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("work", sa.String(length=300), nullable=False),
        sa.Column("percentage", sa.Integer(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "agreed",
                "refused",
                "withdrawn",
                name="proposal_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("because", sa.String(length=500), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_by_name", sa.String(length=200), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_by_name", sa.String(length=200), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "state <> 'agreed' OR answer <> ''", name=op.f("subcontractor_agreed_in_words")
        ),
        sa.CheckConstraint("cost >= 0", name=op.f("subcontractor_cost_not_negative")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("subcontractor_ends_after_it_starts")),
        sa.CheckConstraint("percentage BETWEEN 1 AND 100", name=op.f("subcontractor_has_a_share")),
        sa.ForeignKeyConstraint(
            ["agreement_id", "council_id", "provider_id"],
            ["agreement.id", "agreement.council_id", "agreement.provider_id"],
            name=op.f("fk_subcontractor_agreement_id_council_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["person.id"], name=op.f("fk_subcontractor_answered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["from_id"], ["organisation.id"], name=op.f("fk_subcontractor_from_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["person.id"], name=op.f("fk_subcontractor_proposed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["to_id"], ["organisation.id"], name=op.f("fk_subcontractor_to_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subcontractor")),
    )
    op.create_index(
        "ix_subcontractor_agreement_id",
        "subcontractor",
        ["agreement_id", "proposed_at"],
        unique=False,
    )
    op.create_index("ix_subcontractor_to_id", "subcontractor", ["to_id", "state"], unique=False)
    op.create_table(
        "suspension",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("because", sa.String(length=500), nullable=False),
        sa.Column("suspended_by_id", sa.Uuid(), nullable=False),
        sa.Column("suspended_by_name", sa.String(length=200), nullable=False),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resumed_by_id", sa.Uuid(), nullable=True),
        sa.Column("resumed_by_name", sa.String(length=200), nullable=True),
        sa.Column("resumed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("suspension_ends_after_it_starts")),
        sa.ForeignKeyConstraint(
            ["agreement_id", "council_id", "provider_id"],
            ["agreement.id", "agreement.council_id", "agreement.provider_id"],
            name=op.f("fk_suspension_agreement_id_council_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(
            ["resumed_by_id"], ["person.id"], name=op.f("fk_suspension_resumed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["suspended_by_id"], ["person.id"], name=op.f("fk_suspension_suspended_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspension")),
        sa.UniqueConstraint("agreement_id", "starts_on", name=op.f("one_suspension_from_a_day")),
    )
    op.create_table(
        "transfer",
        sa.Column("place_id", sa.Uuid(), nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=False),
        sa.Column("mentor_id", sa.Uuid(), nullable=True),
        sa.Column(
            "unit",
            sa.Enum(
                "hour",
                "session",
                "night",
                name="transfer_unit",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("band", sa.String(length=40), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("authorised_weekly", sa.Integer(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("would_end_on", sa.Date(), nullable=True),
        sa.Column("new_agreement_id", sa.Uuid(), nullable=True),
        sa.Column("notes_shared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notes_shared_by_name", sa.String(length=200), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "agreed",
                "refused",
                "withdrawn",
                name="proposal_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("because", sa.String(length=500), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_by_name", sa.String(length=200), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_by_name", sa.String(length=200), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "(state = 'agreed') = (new_agreement_id IS NOT NULL)",
            name=op.f("transfer_opens_another"),
        ),
        sa.CheckConstraint(
            "from_id = council_id AND to_id <> council_id", name=op.f("transfer_moves")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id", "council_id", "provider_id"],
            ["agreement.id", "agreement.council_id", "agreement.provider_id"],
            name=op.f("fk_transfer_agreement_id_council_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["person.id"], name=op.f("fk_transfer_answered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["category_id"], ["category.id"], name=op.f("fk_transfer_category_id")
        ),
        sa.ForeignKeyConstraint(["from_id"], ["organisation.id"], name=op.f("fk_transfer_from_id")),
        sa.ForeignKeyConstraint(["mentor_id"], ["mentor.id"], name=op.f("fk_transfer_mentor_id")),
        sa.ForeignKeyConstraint(
            ["new_agreement_id", "to_id", "provider_id"],
            ["agreement.id", "agreement.council_id", "agreement.provider_id"],
            name=op.f("fk_transfer_new_agreement_id_to_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_transfer_place_id")),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["person.id"], name=op.f("fk_transfer_proposed_by_id")
        ),
        sa.ForeignKeyConstraint(["to_id"], ["organisation.id"], name=op.f("fk_transfer_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
        sa.UniqueConstraint(
            "id", "council_id", "to_id", "provider_id", name=op.f("transfer_of_three")
        ),
    )
    op.create_index(
        "ix_transfer_agreement_id", "transfer", ["agreement_id", "proposed_at"], unique=False
    )
    op.create_index("ix_transfer_new_agreement_id", "transfer", ["new_agreement_id"], unique=False)
    op.create_index("ix_transfer_to_id", "transfer", ["to_id", "state"], unique=False)
    op.create_index(
        "one_open_transfer_of_an_agreement",
        "transfer",
        ["agreement_id"],
        unique=True,
        sqlite_where=sa.text("state = 'proposed'"),
        postgresql_where=sa.text("state = 'proposed'"),
    )
    op.create_table(
        "variation",
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=True),
        sa.Column("authorised_weekly", sa.Integer(), nullable=True),
        sa.Column("authorised_total", sa.Integer(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("cost_code", sa.String(length=40), nullable=True),
        sa.Column("purchase_order", sa.String(length=40), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "agreed",
                "refused",
                "withdrawn",
                name="proposal_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("because", sa.String(length=500), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_by_name", sa.String(length=200), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_by_name", sa.String(length=200), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.CheckConstraint("authorised_total > 0", name=op.f("variation_total_above_nothing")),
        sa.CheckConstraint("authorised_weekly > 0", name=op.f("variation_weekly_above_nothing")),
        sa.CheckConstraint(
            "coalesce(price, authorised_weekly, authorised_total) IS NOT NULL OR ends_on IS NOT NULL OR coalesce(cost_code, purchase_order) IS NOT NULL",
            name=op.f("variation_varies_something"),
        ),
        sa.CheckConstraint("price > 0", name=op.f("variation_price_above_nothing")),
        sa.ForeignKeyConstraint(
            ["agreement_id", "council_id", "provider_id"],
            ["agreement.id", "agreement.council_id", "agreement.provider_id"],
            name=op.f("fk_variation_agreement_id_council_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["person.id"], name=op.f("fk_variation_answered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["from_id"], ["organisation.id"], name=op.f("fk_variation_from_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["person.id"], name=op.f("fk_variation_proposed_by_id")
        ),
        sa.ForeignKeyConstraint(["to_id"], ["organisation.id"], name=op.f("fk_variation_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_variation")),
    )
    op.create_index(
        "ix_variation_agreement_id", "variation", ["agreement_id", "proposed_at"], unique=False
    )
    op.create_index("ix_variation_to_id", "variation", ["to_id", "state"], unique=False)
    op.create_index(
        "one_open_variation_of_an_agreement",
        "variation",
        ["agreement_id"],
        unique=True,
        sqlite_where=sa.text("state = 'proposed'"),
        postgresql_where=sa.text("state = 'proposed'"),
    )
    op.create_table(
        "shared_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("transfer_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["transfer_id", "council_id", "to_id", "provider_id"],
            ["transfer.id", "transfer.council_id", "transfer.to_id", "transfer.provider_id"],
            name=op.f("fk_shared_note_transfer_id_council_id_to_id_provider_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_note")),
        sa.UniqueConstraint("transfer_id", "session_id", name=op.f("one_shared_note_of_a_session")),
    )
    op.create_index(
        "ix_shared_note_transfer_id", "shared_note", ["transfer_id", "day"], unique=False
    )
    for table, (seen, written) in ROW_SECURITY.items():
        protect(table, seen=seen, written=written)


def downgrade() -> None:
    for table in ROW_SECURITY:
        unprotect(table)
    op.drop_index("ix_shared_note_transfer_id", table_name="shared_note")
    op.drop_table("shared_note")
    op.drop_index(
        "one_open_variation_of_an_agreement",
        table_name="variation",
        sqlite_where=sa.text("state = 'proposed'"),
        postgresql_where=sa.text("state = 'proposed'"),
    )
    op.drop_index("ix_variation_to_id", table_name="variation")
    op.drop_index("ix_variation_agreement_id", table_name="variation")
    op.drop_table("variation")
    op.drop_index(
        "one_open_transfer_of_an_agreement",
        table_name="transfer",
        sqlite_where=sa.text("state = 'proposed'"),
        postgresql_where=sa.text("state = 'proposed'"),
    )
    op.drop_index("ix_transfer_to_id", table_name="transfer")
    op.drop_index("ix_transfer_new_agreement_id", table_name="transfer")
    op.drop_index("ix_transfer_agreement_id", table_name="transfer")
    op.drop_table("transfer")
    op.drop_table("suspension")
    op.drop_index("ix_subcontractor_to_id", table_name="subcontractor")
    op.drop_index("ix_subcontractor_agreement_id", table_name="subcontractor")
    op.drop_table("subcontractor")
    op.drop_index("ix_agreement_ending_agreement_id", table_name="agreement_ending")
    op.drop_table("agreement_ending")
