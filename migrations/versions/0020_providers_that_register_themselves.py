"""Providers that register themselves"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.kernel.row_security import protect, unprotect

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

# Who may read and who may write each table's rows, as the models said when this was
# written.
ROW_SECURITY = {
    "registration": (
        "coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
        "coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
    ),
}


def upgrade() -> None:
    op.create_table(
        "registration",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("secret_digest", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("person_name", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("legal_name", sa.String(length=200), nullable=False),
        sa.Column("company_number", sa.String(length=20), nullable=True),
        sa.Column("street", sa.String(length=200), nullable=False),
        sa.Column("city", sa.String(length=100), nullable=False),
        sa.Column("postcode", sa.String(length=10), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("email = lower(email)", name=op.f("registered_email_in_lower_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration")),
    )
    op.create_index("ix_registration_email", "registration", ["email"], unique=False)
    op.create_index("ix_registration_expires_at", "registration", ["expires_at"], unique=False)
    op.create_index("one_registration_for_a_link", "registration", ["secret_digest"], unique=True)
    for table, (seen, written) in ROW_SECURITY.items():
        protect(table, seen=seen, written=written)


def downgrade() -> None:
    for table in ROW_SECURITY:
        unprotect(table)
    op.drop_index("one_registration_for_a_link", table_name="registration")
    op.drop_index("ix_registration_expires_at", table_name="registration")
    op.drop_index("ix_registration_email", table_name="registration")
    op.drop_table("registration")
