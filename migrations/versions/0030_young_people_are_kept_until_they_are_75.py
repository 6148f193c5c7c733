"""Young people are kept until they are 75"""

from __future__ import annotations

from portal.kernel.row_security import widen

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

BEFORE = (
    "sign-ins", "links", "invitations", "receipts", "letters", "notices", "copies", "accounts",
    "finance", "care", "complaints", "record",
)  # fmt: skip
NOW = (
    "sign-ins", "links", "invitations", "receipts", "letters", "notices", "copies", "accounts",
    "finance", "care", "young-people", "complaints", "record",
)  # fmt: skip


def upgrade() -> None:
    widen("kept_for", "kept_category", "category", NOW)


def downgrade() -> None:
    widen("kept_for", "kept_category", "category", BEFORE)
