"""People invitations recovery"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.kernel.row_security import protect, unprotect

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Who may read and who may write each table's rows, as the models said when this was
# written.
ROW_SECURITY = {
    "access_review": (
        "access_review.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
        "access_review.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
    ),
    "address_change": (
        "coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
        "coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
    ),
    "invitation": (
        "invitation.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
        "invitation.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
    ),
    "join_request": (
        "join_request.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
        "join_request.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
    ),
    "organisation_setting": (
        "organisation_setting.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'jobs' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'post' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
        "organisation_setting.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
    ),
    "recovery_link": (
        "coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
        "coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
    ),
    "access_confirmation": (
        "access_confirmation.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
        "access_confirmation.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
    ),
}

# The mailbox of an address: without the part after a plus, and without dots before the @.
MAILBOX = {
    "sqlite": (
        "replace(substr(substr({0}, 1, instr({0}, '@') - 1), 1, "
        "instr(substr({0}, 1, instr({0}, '@') - 1) || '+', '+') - 1), '.', '') "
        "|| substr({0}, instr({0}, '@'))"
    ),
    "postgresql": (
        "replace(split_part(split_part({0}, '@', 1), '+', 1), '.', '') "
        "|| '@' || split_part({0}, '@', 2)"
    ),
}

# Promise 4: an approver is no budget holder, and an auditor is nothing else, in one
# organisation, not even under a second address of the same mailbox.
KEPT_APART = """
    SELECT 1 FROM membership AS own
    JOIN person AS me ON me.id = own.person_id
    JOIN membership AS other ON other.organisation_id = own.organisation_id
    JOIN person AS them ON them.id = other.person_id
    JOIN membership_role AS held ON held.membership_id = other.id
    WHERE own.id = NEW.membership_id AND {me} = {them} AND (
        (NEW.role = 'approver' AND held.role = 'budget-holder')
        OR (NEW.role = 'budget-holder' AND held.role = 'approver')
        OR ((NEW.role = 'auditor') <> (held.role = 'auditor'))
    )
"""


def keep_roles_apart() -> None:
    """Refuse a role that the same person may not hold beside another."""
    dialect = op.get_bind().dialect.name
    mailbox = MAILBOX[dialect]
    broken = KEPT_APART.format(me=mailbox.format("me.email"), them=mailbox.format("them.email"))
    if dialect == "postgresql":
        op.execute(
            "CREATE FUNCTION keep_roles_apart() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "PERFORM 1 FROM organisation WHERE id = (SELECT organisation_id FROM membership "
            "WHERE id = NEW.membership_id) FOR NO KEY UPDATE; "
            f"IF EXISTS ({broken}) THEN RAISE EXCEPTION 'roles_kept_apart' "
            "USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$"
        )
        op.execute(
            "CREATE TRIGGER roles_kept_apart BEFORE INSERT OR UPDATE ON membership_role "
            "FOR EACH ROW EXECUTE FUNCTION keep_roles_apart()"
        )
        return
    for verb in ("insert", "update"):
        op.execute(
            f"CREATE TRIGGER roles_kept_apart_on_{verb} BEFORE {verb.upper()} ON membership_role "
            f"WHEN EXISTS ({broken}) BEGIN SELECT RAISE(ABORT, 'roles_kept_apart'); END"
        )


def let_roles_mix() -> None:
    """Take that away again."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER roles_kept_apart ON membership_role")
        op.execute("DROP FUNCTION keep_roles_apart()")
        return
    for verb in ("insert", "update"):
        op.execute(f"DROP TRIGGER roles_kept_apart_on_{verb}")


def upgrade() -> None:
    op.create_table(
        "access_review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_access_review_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_review")),
        sa.UniqueConstraint(
            "id", "organisation_id", name=op.f("access_review_of_its_organisation")
        ),
    )
    op.create_index(
        "ix_access_review_organisation",
        "access_review",
        ["organisation_id", "due_on", "id"],
        unique=False,
    )
    op.create_index(
        "one_open_access_review",
        "access_review",
        ["organisation_id"],
        unique=True,
        sqlite_where=sa.text("finished_at IS NULL"),
        postgresql_where=sa.text("finished_at IS NULL"),
    )
    op.create_table(
        "address_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("old_email", sa.String(length=200), nullable=False),
        sa.Column("new_email", sa.String(length=200), nullable=False),
        sa.Column("old_digest", sa.String(length=64), nullable=False),
        sa.Column("new_digest", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stoppable_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("old_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("new_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("new_email = lower(new_email)", name=op.f("new_email_in_lower_case")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_address_change_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_change")),
    )
    op.create_index("ix_address_change_new_digest", "address_change", ["new_digest"], unique=False)
    op.create_index("ix_address_change_old_digest", "address_change", ["old_digest"], unique=False)
    op.create_index(
        "one_open_address_change",
        "address_change",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("difference", sa.Text(), nullable=False),
        sa.Column("secret_digest", sa.String(length=64), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=True),
        sa.Column("invited_by_name", sa.String(length=200), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "accepted_at IS NULL OR withdrawn_at IS NULL", name=op.f("accepted_or_withdrawn")
        ),
        sa.CheckConstraint("email = lower(email)", name=op.f("invited_email_in_lower_case")),
        sa.ForeignKeyConstraint(
            ["invited_by"], ["person.id"], name=op.f("fk_invitation_invited_by")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_invitation_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
    )
    op.create_index(
        "ix_invitation_organisation",
        "invitation",
        ["organisation_id", "invited_at", "id"],
        unique=False,
    )
    op.create_index("one_invitation_for_a_link", "invitation", ["secret_digest"], unique=True)
    op.create_index(
        "one_open_invitation_an_address",
        "invitation",
        ["organisation_id", "email"],
        unique=True,
        sqlite_where=sa.text("accepted_at IS NULL AND withdrawn_at IS NULL"),
        postgresql_where=sa.text("accepted_at IS NULL AND withdrawn_at IS NULL"),
    )
    op.create_table(
        "join_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_name", sa.String(length=200), nullable=False),
        sa.Column("invited", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_join_request_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_join_request")),
    )
    op.create_index(
        "ix_join_request_organisation",
        "join_request",
        ["organisation_id", "asked_at", "id"],
        unique=False,
    )
    op.create_index(
        "one_waiting_request_an_address",
        "join_request",
        ["organisation_id", "email"],
        unique=True,
        sqlite_where=sa.text("decided_at IS NULL"),
        postgresql_where=sa.text("decided_at IS NULL"),
    )
    op.create_table(
        "organisation_setting",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("second_factor_for_all", sa.Boolean(), nullable=False),
        sa.Column("contact_email", sa.String(length=200), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_setting_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_organisation_setting")),
    )
    op.create_table(
        "recovery_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "password",
                "second-factor",
                name="recovery_link_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("secret_digest", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_recovery_link_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_link")),
    )
    op.create_index(
        "ix_recovery_link_person", "recovery_link", ["person_id", "made_at"], unique=False
    )
    op.create_index(
        "one_recovery_link_for_a_secret", "recovery_link", ["kind", "secret_digest"], unique=True
    )
    op.create_table(
        "access_confirmation",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("person_name", sa.String(length=200), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("by_person_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_person_id"], ["person.id"], name=op.f("fk_access_confirmation_by_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_access_confirmation_membership_id")
        ),
        sa.ForeignKeyConstraint(
            ["review_id", "organisation_id"],
            ["access_review.id", "access_review.organisation_id"],
            name=op.f("fk_access_confirmation_review_id_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("review_id", "membership_id", name=op.f("pk_access_confirmation")),
    )
    op.create_index(
        "ix_access_confirmation_membership_id",
        "access_confirmation",
        ["membership_id"],
        unique=False,
    )
    for table, (seen, written) in ROW_SECURITY.items():
        protect(table, seen=seen, written=written)
    op.add_column("membership", sa.Column("since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("membership", sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "membership", sa.Column("version", sa.Integer(), server_default="1", nullable=False)
    )
    keep_roles_apart()


def downgrade() -> None:
    let_roles_mix()
    for column in ("version", "ended_at", "since"):
        op.drop_column("membership", column)
    for table in ROW_SECURITY:
        unprotect(table)
    op.drop_index("ix_access_confirmation_membership_id", table_name="access_confirmation")
    op.drop_table("access_confirmation")
    op.drop_index("one_recovery_link_for_a_secret", table_name="recovery_link")
    op.drop_index("ix_recovery_link_person", table_name="recovery_link")
    op.drop_table("recovery_link")
    op.drop_table("organisation_setting")
    op.drop_index(
        "one_waiting_request_an_address",
        table_name="join_request",
        sqlite_where=sa.text("decided_at IS NULL"),
        postgresql_where=sa.text("decided_at IS NULL"),
    )
    op.drop_index("ix_join_request_organisation", table_name="join_request")
    op.drop_table("join_request")
    op.drop_index(
        "one_open_invitation_an_address",
        table_name="invitation",
        sqlite_where=sa.text("accepted_at IS NULL AND withdrawn_at IS NULL"),
        postgresql_where=sa.text("accepted_at IS NULL AND withdrawn_at IS NULL"),
    )
    op.drop_index("one_invitation_for_a_link", table_name="invitation")
    op.drop_index("ix_invitation_organisation", table_name="invitation")
    op.drop_table("invitation")
    op.drop_index(
        "one_open_address_change",
        table_name="address_change",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index("ix_address_change_old_digest", table_name="address_change")
    op.drop_index("ix_address_change_new_digest", table_name="address_change")
    op.drop_table("address_change")
    op.drop_index(
        "one_open_access_review",
        table_name="access_review",
        sqlite_where=sa.text("finished_at IS NULL"),
        postgresql_where=sa.text("finished_at IS NULL"),
    )
    op.drop_index("ix_access_review_organisation", table_name="access_review")
    op.drop_table("access_review")
