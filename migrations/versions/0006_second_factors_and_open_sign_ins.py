"""Second factors and open sign-ins"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.kernel.row_security import protect, unprotect

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# Who may read and who may write each table's rows, as the models said when this was
# written.
ROW_SECURITY = {
    "used_challenge": (
        "coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
        "coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
    ),
    "authenticator": (
        "coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
        "coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
    ),
    "passkey": (
        "coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
        "coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
    ),
    "recovery_code": (
        "coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
        "coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
    ),
}


def upgrade() -> None:
    op.create_table(
        "used_challenge",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_used_challenge")),
    )
    op.create_table(
        "authenticator",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("sealed_secret", sa.String(length=300), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_authenticator_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_authenticator")),
    )
    op.create_table(
        "passkey",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.String(length=1400), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_passkey_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
    )
    op.create_index("ix_passkey_person_id", "passkey", ["person_id"], unique=False)
    op.create_index("one_passkey_of_a_credential", "passkey", ["credential_id"], unique=True)
    op.create_table(
        "recovery_code",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code_hash", sa.String(length=200), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("number BETWEEN 1 AND 10", name=op.f("ten_recovery_codes")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_recovery_code_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "number", name=op.f("pk_recovery_code")),
    )
    op.add_column(
        "sign_in",
        sa.Column("owes_second_step", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column(
        "sign_in",
        sa.Column("browser", sa.String(length=60), server_default=sa.text("''"), nullable=False),
    )
    op.add_column("sign_in", sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("sign_in", sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
    for table, (seen, written) in ROW_SECURITY.items():
        protect(table, seen=seen, written=written)


def downgrade() -> None:
    for table in ROW_SECURITY:
        unprotect(table)
    op.drop_column("sign_in", "seen_at")
    op.drop_column("sign_in", "confirmed_at")
    op.drop_column("sign_in", "browser")
    op.drop_column("sign_in", "owes_second_step")
    op.drop_table("recovery_code")
    op.drop_index("one_passkey_of_a_credential", table_name="passkey")
    op.drop_index("ix_passkey_person_id", table_name="passkey")
    op.drop_table("passkey")
    op.drop_table("authenticator")
    op.drop_table("used_challenge")
