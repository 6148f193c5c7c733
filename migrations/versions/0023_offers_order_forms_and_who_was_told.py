"""Offers, order forms and who was told"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.kernel.row_security import protect, unprotect

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

# Who may read and who may write each table's rows, as the models said when this was
# written.
ROW_SECURITY = {
    "disclosure": (
        "(disclosure.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR disclosure.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = disclosure.agreement_id AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID))))",
        "disclosure.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR disclosure.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "offer": (
        "(offer.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR offer.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL",
        "offer.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR offer.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "order_form": (
        "(order_form.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR order_form.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = order_form.agreement_id AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID))))",
        "order_form.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR order_form.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "offer_choice": (
        "offer_choice.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
        "offer_choice.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
}
# Until now a young person was seen by their council alone.
YOUNG_PERSON_BEFORE = (
    "young_person.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)"
)
YOUNG_PERSON = f"{YOUNG_PERSON_BEFORE} OR (EXISTS (SELECT disclosure_1.id FROM disclosure AS disclosure_1 WHERE disclosure_1.young_person_id = young_person.id AND disclosure_1.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) AND disclosure_1.person_id = CAST(nullif(current_setting('app.person', true), '') AS UUID) AND disclosure_1.ended_at IS NULL))"


def upgrade() -> None:
    op.create_table(
        "disclosure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("young_person_id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("person_name", sa.String(length=200), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_by_name", sa.String(length=200), nullable=False),
        sa.Column("because", sa.String(length=200), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_because", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id", "council_id", "provider_id"],
            ["agreement.id", "agreement.council_id", "agreement.provider_id"],
            name=op.f("fk_disclosure_agreement_id_council_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_disclosure_person_id")),
        sa.ForeignKeyConstraint(
            ["young_person_id", "council_id"],
            ["young_person.id", "young_person.council_id"],
            name=op.f("fk_disclosure_young_person_id_council_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure")),
    )
    op.create_index("ix_disclosure_person_id", "disclosure", ["person_id"], unique=False)
    op.create_index(
        "ix_disclosure_young_person_id",
        "disclosure",
        ["young_person_id", "person_id"],
        unique=False,
    )
    op.create_index(
        "one_disclosure_to_a_person",
        "disclosure",
        ["agreement_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "offer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("mentor_id", sa.Uuid(), nullable=True),
        sa.Column("mentor_name", sa.String(length=200), nullable=False),
        sa.Column("cleared_until", sa.Date(), nullable=True),
        sa.Column("home", sa.String(length=200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_by_name", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR withdrawn_because <> ''",
            name=op.f("offer_withdrawn_for_a_reason"),
        ),
        sa.CheckConstraint("price > 0", name=op.f("offer_price_above_nothing")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_offer_made_by_id")),
        sa.ForeignKeyConstraint(
            ["mentor_id", "provider_id"],
            ["mentor.id", "mentor.provider_id"],
            name=op.f("fk_offer_mentor_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(
            ["recipient_id", "council_id", "provider_id"],
            [
                "referral_recipient.id",
                "referral_recipient.council_id",
                "referral_recipient.provider_id",
            ],
            name=op.f("fk_offer_recipient_id_council_id_provider_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
        sa.UniqueConstraint("id", "council_id", "provider_id", name=op.f("offer_with_its_parties")),
    )
    op.create_index("ix_offer_council_id", "offer", ["council_id", "made_at"], unique=False)
    op.create_index("ix_offer_provider_id", "offer", ["provider_id", "made_at"], unique=False)
    op.create_index(
        "one_offer_of_a_recipient",
        "offer",
        ["recipient_id"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_table(
        "order_form",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_by_id", sa.Uuid(), nullable=False),
        sa.Column("issued_by_name", sa.String(length=200), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column(
            "unit",
            sa.Enum(
                "hour",
                "session",
                "night",
                name="order_unit",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("band", sa.String(length=40), nullable=False),
        sa.Column("authorised_weekly", sa.Integer(), nullable=True),
        sa.Column("authorised_total", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("cost_code", sa.String(length=40), nullable=False),
        sa.Column("purchase_order", sa.String(length=40), nullable=False),
        sa.Column("subcontracting", sa.Text(), nullable=False),
        sa.Column("arrangements", sa.Text(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by_id", sa.Uuid(), nullable=True),
        sa.Column("accepted_by_name", sa.String(length=200), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_by_name", sa.String(length=200), nullable=False),
        sa.Column("refused_because", sa.String(length=500), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_name", sa.String(length=200), nullable=False),
        sa.Column("withdrawn_because", sa.String(length=500), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(accepted_at IS NULL) = (agreement_id IS NULL)",
            name=op.f("accepted_orders_are_agreements"),
        ),
        sa.CheckConstraint(
            "CASE WHEN accepted_at IS NULL THEN 0 ELSE 1 END + CASE WHEN refused_at IS NULL THEN 0 ELSE 1 END + CASE WHEN withdrawn_at IS NULL THEN 0 ELSE 1 END <= 1",
            name=op.f("order_answered_once"),
        ),
        sa.CheckConstraint("authorised_total > 0", name=op.f("ordered_total_above_nothing")),
        sa.CheckConstraint("authorised_weekly > 0", name=op.f("ordered_weekly_above_nothing")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("order_ends_after_it_starts")),
        sa.CheckConstraint("price > 0", name=op.f("order_price_above_nothing")),
        sa.ForeignKeyConstraint(
            ["accepted_by_id"], ["person.id"], name=op.f("fk_order_form_accepted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id", "council_id", "provider_id"],
            ["agreement.id", "agreement.council_id", "agreement.provider_id"],
            name=op.f("fk_order_form_agreement_id_council_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(
            ["council_id"], ["organisation.id"], name=op.f("fk_order_form_council_id")
        ),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["person.id"], name=op.f("fk_order_form_issued_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["offer_id", "council_id", "provider_id"],
            ["offer.id", "offer.council_id", "offer.provider_id"],
            name=op.f("fk_order_form_offer_id_council_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["organisation.id"], name=op.f("fk_order_form_provider_id")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id", "council_id"],
            ["referral.id", "referral.council_id"],
            name=op.f("fk_order_form_referral_id_council_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_form")),
        sa.UniqueConstraint("agreement_id", name=op.f("one_order_form_of_an_agreement")),
        sa.UniqueConstraint("council_id", "reference", name=op.f("one_order_form_of_a_reference")),
        sa.UniqueConstraint("id", "council_id", name=op.f("order_form_with_its_council")),
    )
    op.create_index(
        "ix_order_form_council_id", "order_form", ["council_id", "issued_on"], unique=False
    )
    op.create_index(
        "ix_order_form_provider_id", "order_form", ["provider_id", "issued_on"], unique=False
    )
    op.create_index(
        "one_order_form_stands_for_a_referral",
        "order_form",
        ["referral_id"],
        unique=True,
        sqlite_where=sa.text("refused_at IS NULL AND withdrawn_at IS NULL"),
        postgresql_where=sa.text("refused_at IS NULL AND withdrawn_at IS NULL"),
    )
    op.create_table(
        "offer_choice",
        sa.Column("order_form_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("because", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_form_id", "council_id"],
            ["order_form.id", "order_form.council_id"],
            name=op.f("fk_offer_choice_order_form_id_council_id"),
        ),
        sa.PrimaryKeyConstraint("order_form_id", name=op.f("pk_offer_choice")),
    )
    for table, (seen, written) in ROW_SECURITY.items():
        protect(table, seen=seen, written=written)
    unprotect("young_person")
    protect("young_person", seen=YOUNG_PERSON, written=YOUNG_PERSON_BEFORE)


def downgrade() -> None:
    unprotect("young_person")
    protect("young_person", seen=YOUNG_PERSON_BEFORE, written=YOUNG_PERSON_BEFORE)
    for table in ROW_SECURITY:
        unprotect(table)
    op.drop_table("offer_choice")
    op.drop_index(
        "one_order_form_stands_for_a_referral",
        table_name="order_form",
        sqlite_where=sa.text("refused_at IS NULL AND withdrawn_at IS NULL"),
        postgresql_where=sa.text("refused_at IS NULL AND withdrawn_at IS NULL"),
    )
    op.drop_index("ix_order_form_provider_id", table_name="order_form")
    op.drop_index("ix_order_form_council_id", table_name="order_form")
    op.drop_table("order_form")
    op.drop_index(
        "one_offer_of_a_recipient",
        table_name="offer",
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.drop_index("ix_offer_provider_id", table_name="offer")
    op.drop_index("ix_offer_council_id", table_name="offer")
    op.drop_table("offer")
    op.drop_index(
        "one_disclosure_to_a_person",
        table_name="disclosure",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index("ix_disclosure_young_person_id", table_name="disclosure")
    op.drop_index("ix_disclosure_person_id", table_name="disclosure")
    op.drop_table("disclosure")
