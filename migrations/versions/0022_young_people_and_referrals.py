"""Young people and referrals"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.kernel.row_security import protect, unprotect

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

# Who may read and who may write each table's rows, as the models said when this was
# written.
ROW_SECURITY = {
    "young_person": (
        "young_person.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
        "young_person.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "referral": (
        "referral.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT referral_recipient_1.id FROM referral_recipient AS referral_recipient_1 WHERE referral_recipient_1.referral_id = referral.id AND referral_recipient_1.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) AND referral_recipient_1.sent_at IS NOT NULL AND CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL)) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'referrals'",
        "referral.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'referrals'",
    ),
    "place_capacity": (
        "place_capacity.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = place_capacity.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)))",
        "place_capacity.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "referral_left_out": (
        "referral_left_out.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
        "referral_left_out.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "referral_recipient": (
        "referral_recipient.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR referral_recipient.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) AND referral_recipient.sent_at IS NOT NULL AND CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'referrals'",
        "referral_recipient.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR referral_recipient.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'referrals'",
    ),
    "referral_question": (
        "referral_question.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR referral_question.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) AND CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL",
        "referral_question.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR referral_question.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "referral_answer": (
        "referral_answer.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT referral_recipient_1.id FROM referral_recipient AS referral_recipient_1 WHERE referral_recipient_1.referral_id = referral_answer.referral_id AND referral_recipient_1.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) AND referral_recipient_1.sent_at IS NOT NULL AND CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL))",
        "referral_answer.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
}

# The portal counts whom a provider has already, over all the councils.
AGREEMENT = {
    "agreement": (
        "(agreement.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR agreement.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = agreement.id AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID)))) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'referrals'",
        "agreement.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR agreement.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
}
BEFORE = {
    "agreement": (
        "(agreement.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR agreement.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = agreement.id AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID))))",
        "agreement.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR agreement.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
}


def upgrade() -> None:
    op.create_table(
        "young_person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("given_name", sa.String(length=100), nullable=False),
        sa.Column("family_name", sa.String(length=100), nullable=False),
        sa.Column("date_of_birth", sa.Date(), nullable=False),
        sa.Column("school", sa.String(length=200), nullable=False),
        sa.Column("contacts", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["council_id"], ["organisation.id"], name=op.f("fk_young_person_council_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_young_person")),
        sa.UniqueConstraint(
            "council_id", "reference", name=op.f("one_young_person_of_a_reference")
        ),
        sa.UniqueConstraint("id", "council_id", name=op.f("young_person_with_their_council")),
    )
    op.create_index(
        "ix_young_person_family_name", "young_person", ["council_id", "family_name"], unique=False
    )
    op.create_table(
        "referral",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=False),
        sa.Column("young_person_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("service", sa.String(length=200), nullable=False),
        sa.Column(
            "route",
            sa.Enum(
                "direct",
                "all-eligible",
                "shortlist",
                "ranking",
                "quotes",
                name="referral_route",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "sent",
                "chosen",
                "ordered",
                "agreed",
                "withdrawn",
                "lapsed",
                name="referral_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("need", sa.Text(), nullable=False),
        sa.Column(
            "age_group",
            sa.Enum(
                "early-years",
                "primary",
                "secondary",
                "post-16",
                name="referral_age_group",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("outcomes", sa.JSON(), nullable=False),
        sa.Column(
            "unit",
            sa.Enum(
                "hour",
                "session",
                "night",
                name="referral_unit",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("band", sa.String(length=40), nullable=False),
        sa.Column("weekly_parts", sa.Integer(), nullable=True),
        sa.Column("total_parts", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("expected_ends_on", sa.Date(), nullable=True),
        sa.Column("area", sa.String(length=100), nullable=False),
        sa.Column("emergency", sa.Boolean(), nullable=False),
        sa.Column("emergency_because", sa.String(length=500), nullable=False),
        sa.Column("outside_area", sa.Boolean(), nullable=False),
        sa.Column("specialist", sa.Boolean(), nullable=False),
        sa.Column("communication_needs", sa.String(length=1000), nullable=False),
        sa.Column("language_needs", sa.String(length=1000), nullable=False),
        sa.Column("access_needs", sa.String(length=1000), nullable=False),
        sa.Column("respond_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tier_size", sa.Integer(), nullable=True),
        sa.Column("tier_hours", sa.Integer(), nullable=True),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_by_name", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=500), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_at IS NOT NULL) AND (state = 'withdrawn') = (withdrawn_because <> '')",
            name=op.f("referral_withdrawn_with_a_reason"),
        ),
        sa.CheckConstraint("tier_size > 0 AND tier_hours > 0", name=op.f("tiers_above_nothing")),
        sa.CheckConstraint(
            "sent_at IS NULL OR NOT emergency OR emergency_because <> ''",
            name=op.f("emergency_with_a_reason"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'withdrawn') OR sent_at IS NOT NULL", name=op.f("referral_sent_at")
        ),
        sa.CheckConstraint(
            "expected_ends_on >= starts_on", name=op.f("referral_ends_after_it_starts")
        ),
        sa.CheckConstraint("total_parts > 0", name=op.f("total_parts_above_nothing")),
        sa.CheckConstraint("weekly_parts > 0", name=op.f("weekly_parts_above_nothing")),
        sa.ForeignKeyConstraint(
            ["category_id", "framework_id"],
            ["category.id", "category.framework_id"],
            name=op.f("fk_referral_category_id_framework_id"),
        ),
        sa.ForeignKeyConstraint(
            ["council_id"], ["organisation.id"], name=op.f("fk_referral_council_id")
        ),
        sa.ForeignKeyConstraint(
            ["framework_id"], ["framework.id"], name=op.f("fk_referral_framework_id")
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_referral_made_by_id")),
        sa.ForeignKeyConstraint(
            ["young_person_id", "council_id"],
            ["young_person.id", "young_person.council_id"],
            name=op.f("fk_referral_young_person_id_council_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
        sa.UniqueConstraint("council_id", "reference", name=op.f("one_referral_of_a_reference")),
        sa.UniqueConstraint("id", "council_id", name=op.f("referral_with_its_council")),
    )
    op.create_index(
        "ix_referral_council_id", "referral", ["council_id", "made_at", "id"], unique=False
    )
    op.create_index("ix_referral_young_person_id", "referral", ["young_person_id"], unique=False)
    op.create_table(
        "place_capacity",
        sa.Column("place_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("lead_council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=True),
        sa.Column("emergencies", sa.Boolean(), nullable=False),
        sa.Column("outside_area", sa.Boolean(), nullable=False),
        sa.Column("specialist", sa.Boolean(), nullable=False),
        sa.Column("kept_by_name", sa.String(length=200), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("most >= 0", name=op.f("capacity_not_negative")),
        sa.ForeignKeyConstraint(
            ["place_id", "framework_id", "lead_council_id", "provider_id"],
            ["place.id", "place.framework_id", "place.lead_council_id", "place.provider_id"],
            name=op.f("fk_place_capacity_place_id_framework_id_lead_council_id_provider_id"),
        ),
        sa.PrimaryKeyConstraint("place_id", name=op.f("pk_place_capacity")),
    )
    op.create_table(
        "referral_left_out",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("because", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["organisation.id"], name=op.f("fk_referral_left_out_provider_id")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id", "council_id"],
            ["referral.id", "referral.council_id"],
            name=op.f("fk_referral_left_out_referral_id_council_id"),
        ),
        sa.PrimaryKeyConstraint("referral_id", "provider_id", name=op.f("pk_referral_left_out")),
    )
    op.create_table(
        "referral_recipient",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=True),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "offered",
                "declined",
                "withdrawn",
                "not-chosen",
                "chosen",
                "lapsed",
                name="recipient_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("respond_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "declined_code",
            sa.Enum(
                "no-capacity",
                "no-match",
                "start",
                "area",
                "need",
                "price",
                "other",
                name="decline_code",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("declined_words", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "(sent_at IS NULL) = (respond_by IS NULL)", name=op.f("asked_until_a_moment")
        ),
        sa.CheckConstraint("tier > 0", name=op.f("tiers_from_one")),
        sa.ForeignKeyConstraint(
            ["place_id"], ["place.id"], name=op.f("fk_referral_recipient_place_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["organisation.id"], name=op.f("fk_referral_recipient_provider_id")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id", "council_id"],
            ["referral.id", "referral.council_id"],
            name=op.f("fk_referral_recipient_referral_id_council_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_recipient")),
        sa.UniqueConstraint(
            "id", "council_id", "provider_id", name=op.f("recipient_with_its_parties")
        ),
        sa.UniqueConstraint("referral_id", "provider_id", name=op.f("one_recipient_of_a_provider")),
    )
    op.create_index(
        "ix_referral_recipient_provider_id",
        "referral_recipient",
        ["provider_id", "respond_by", "id"],
        unique=False,
    )
    op.create_table(
        "referral_question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("asked", sa.String(length=2000), nullable=False),
        sa.Column("asked_by_name", sa.String(length=200), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(length=4000), nullable=False),
        sa.Column("answered_by_name", sa.String(length=200), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answer = '')", name=op.f("answered_with_an_answer")
        ),
        sa.ForeignKeyConstraint(
            ["recipient_id", "council_id", "provider_id"],
            [
                "referral_recipient.id",
                "referral_recipient.council_id",
                "referral_recipient.provider_id",
            ],
            name=op.f("fk_referral_question_recipient_id_council_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(
            ["referral_id", "council_id"],
            ["referral.id", "referral.council_id"],
            name=op.f("fk_referral_question_referral_id_council_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_question")),
    )
    op.create_index(
        "ix_referral_question_referral_id",
        "referral_question",
        ["referral_id", "asked_at"],
        unique=False,
    )
    op.create_table(
        "referral_answer",
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("asked", sa.String(length=2000), nullable=False),
        sa.Column("answer", sa.String(length=4000), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["referral_question.id"], name=op.f("fk_referral_answer_question_id")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id", "council_id"],
            ["referral.id", "referral.council_id"],
            name=op.f("fk_referral_answer_referral_id_council_id"),
        ),
        sa.PrimaryKeyConstraint("question_id", name=op.f("pk_referral_answer")),
    )
    op.create_index(
        "ix_referral_answer_referral_id",
        "referral_answer",
        ["referral_id", "published_at"],
        unique=False,
    )
    for table, (seen, written) in ROW_SECURITY.items():
        protect(table, seen=seen, written=written)
    _protect_again(AGREEMENT)


def downgrade() -> None:
    _protect_again(BEFORE)
    for table in ROW_SECURITY:
        unprotect(table)
    op.drop_index("ix_referral_answer_referral_id", table_name="referral_answer")
    op.drop_table("referral_answer")
    op.drop_index("ix_referral_question_referral_id", table_name="referral_question")
    op.drop_table("referral_question")
    op.drop_index("ix_referral_recipient_provider_id", table_name="referral_recipient")
    op.drop_table("referral_recipient")
    op.drop_table("referral_left_out")
    op.drop_table("place_capacity")
    op.drop_index("ix_referral_young_person_id", table_name="referral")
    op.drop_index("ix_referral_council_id", table_name="referral")
    op.drop_table("referral")
    op.drop_index("ix_young_person_family_name", table_name="young_person")
    op.drop_table("young_person")


def _protect_again(rules: dict[str, tuple[str, str]]) -> None:
    for table, (seen, written) in rules.items():
        unprotect(table)
        protect(table, seen=seen, written=written)
