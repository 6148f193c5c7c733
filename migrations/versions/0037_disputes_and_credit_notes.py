"""Disputes and credit notes"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.kernel.row_security import (
    append_only,
    append_only_but_erasable,
    forget_append_only,
    protect,
    unprotect,
    widen,
)

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

# Who may read and who may write each table's rows, as the models said when this was
# written.
ROW_SECURITY = {
    "credit_note": (
        "credit_note.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR credit_note.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
        "credit_note.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR credit_note.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "line_credit": (
        "line_credit.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR line_credit.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
        "line_credit.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR line_credit.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "credit_decision": (
        "credit_decision.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR credit_decision.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
        "credit_decision.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR credit_decision.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "dispute": (
        "dispute.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR dispute.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
        "dispute.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR dispute.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "dispute_outcome": (
        "dispute_outcome.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR dispute_outcome.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
        "dispute_outcome.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR dispute_outcome.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
}

# What may be erased of rows that are otherwise never changed, and what is written instead.
FORMER, WORDS = "'A former member of staff'", "'(erased)'"
ERASABLE: dict[str, dict[str, str]] = {
    "dispute": {"disputed_by_name": FORMER, "words": WORDS, "file_id": "NULL"},
    "dispute_outcome": {},
    "credit_note": {"entered_by_name": FORMER, "words": WORDS},
    "credit_decision": {"decided_by_name": FORMER, "words": WORDS},
}

STATES = ("submitted", "queried", "answered", "approved", "refused", "paid")
STATES_NOW = ("submitted", "queried", "answered", "approved", "refused", "disputed", "paid")
STEPS = ("query", "answer", "amend", "approve", "refuse", "pay")
STEPS_NOW = (
    "query", "answer", "amend", "approve", "refuse", "dispute", "uphold", "allow", "pay",
)  # fmt: skip


def _let_lines_be(states: tuple[str, ...], steps: tuple[str, ...]) -> None:
    widen("invoice_line", "line_state", "state", states)
    widen("decision", "decision_step_known", "step", steps)
    widen("reply", "reply_step_known", "step", steps)


def upgrade() -> None:
    _let_lines_be(STATES_NOW, STEPS_NOW)
    op.create_index("decision_with_its_decider", "decision", ["id", "decided_by"], unique=True)
    op.create_table(
        "credit_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("number_key", sa.String(length=40), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "not-delivered",
                "too-much",
                "wrong-price",
                "charged-twice",
                "other",
                name="credit_reason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.Column("vat", sa.BigInteger(), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("entered_by_name", sa.String(length=200), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("net > 0", name=op.f("credit_above_nothing")),
        sa.CheckConstraint("vat >= 0", name=op.f("credited_vat_not_negative")),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["person.id"], name=op.f("fk_credit_note_entered_by")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_credit_note_invoice_id")
        ),
        sa.ForeignKeyConstraint(
            ["line_id", "council_id", "provider_id"],
            ["invoice_line.id", "invoice_line.council_id", "invoice_line.provider_id"],
            name=op.f("fk_credit_note_line_id_council_id_provider_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_note")),
        sa.UniqueConstraint("id", "entered_by", name=op.f("credit_note_with_its_author")),
        sa.UniqueConstraint("provider_id", "number_key", name=op.f("one_credit_note_of_a_number")),
    )
    op.create_index(
        "ix_credit_note_council_id", "credit_note", ["council_id", "entered_at", "id"], unique=False
    )
    op.create_index("ix_credit_note_invoice_id", "credit_note", ["invoice_id"], unique=False)
    op.create_index(
        "ix_credit_note_provider_id",
        "credit_note",
        ["provider_id", "entered_at", "id"],
        unique=False,
    )
    op.create_table(
        "line_credit",
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.Column("credited", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("credited <= net", name=op.f("credited_within_the_line")),
        sa.CheckConstraint("credited >= 0", name=op.f("credited_not_negative")),
        sa.ForeignKeyConstraint(
            ["line_id", "council_id", "provider_id"],
            ["invoice_line.id", "invoice_line.council_id", "invoice_line.provider_id"],
            name=op.f("fk_line_credit_line_id_council_id_provider_id"),
        ),
        sa.PrimaryKeyConstraint("line_id", name=op.f("pk_line_credit")),
    )
    op.create_table(
        "credit_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("credit_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("decided_by_name", sa.String(length=200), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("accepted OR words <> ''", name=op.f("a_credit_refused_says_why")),
        sa.CheckConstraint("decided_by <> entered_by", name=op.f("not_ones_own_credit_note")),
        sa.ForeignKeyConstraint(
            ["credit_id", "entered_by"],
            ["credit_note.id", "credit_note.entered_by"],
            name=op.f("fk_credit_decision_credit_id_entered_by"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["person.id"], name=op.f("fk_credit_decision_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_credit_decision_invoice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_decision")),
        sa.UniqueConstraint("credit_id", name=op.f("a_credit_note_decided_once")),
    )
    op.create_index(
        "ix_credit_decision_invoice_id", "credit_decision", ["invoice_id"], unique=False
    )
    op.create_table(
        "dispute",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("refusal_id", sa.Uuid(), nullable=False),
        sa.Column("refused_by", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("disputed_by", sa.Uuid(), nullable=False),
        sa.Column("disputed_by_name", sa.String(length=200), nullable=False),
        sa.Column("disputed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("words <> ''", name=op.f("a_dispute_says_why")),
        sa.ForeignKeyConstraint(
            ["disputed_by"], ["person.id"], name=op.f("fk_dispute_disputed_by")
        ),
        sa.ForeignKeyConstraint(
            ["file_id", "provider_id"],
            ["stored_file.id", "stored_file.provider_id"],
            name=op.f("fk_dispute_file_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_dispute_invoice_id")),
        sa.ForeignKeyConstraint(
            ["line_id", "council_id", "provider_id"],
            ["invoice_line.id", "invoice_line.council_id", "invoice_line.provider_id"],
            name=op.f("fk_dispute_line_id_council_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(
            ["refusal_id", "refused_by"],
            ["decision.id", "decision.decided_by"],
            name=op.f("fk_dispute_refusal_id_refused_by"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute")),
        sa.UniqueConstraint("id", "refused_by", name=op.f("dispute_with_its_refuser")),
        sa.UniqueConstraint("line_id", name=op.f("a_line_disputed_once")),
    )
    op.create_index("ix_dispute_invoice_id", "dispute", ["invoice_id"], unique=False)
    op.create_table(
        "dispute_outcome",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dispute_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("refused_by", sa.Uuid(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint("decided_by <> refused_by", name=op.f("decided_by_somebody_else")),
        sa.ForeignKeyConstraint(
            ["decision_id", "decided_by"],
            ["decision.id", "decision.decided_by"],
            name=op.f("fk_dispute_outcome_decision_id_decided_by"),
        ),
        sa.ForeignKeyConstraint(
            ["dispute_id", "refused_by"],
            ["dispute.id", "dispute.refused_by"],
            name=op.f("fk_dispute_outcome_dispute_id_refused_by"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_outcome")),
        sa.UniqueConstraint("dispute_id", name=op.f("a_dispute_decided_once")),
    )
    for table, (seen, written) in ROW_SECURITY.items():
        protect(table, seen=seen, written=written)
    for table, erased in ERASABLE.items():
        if erased:
            append_only_but_erasable(table, erased)
        else:
            append_only(table)


def downgrade() -> None:
    for table in ERASABLE:
        forget_append_only(table)
    for table in ROW_SECURITY:
        unprotect(table)
    op.drop_table("dispute_outcome")
    op.drop_index("ix_dispute_invoice_id", table_name="dispute")
    op.drop_table("dispute")
    op.drop_index("ix_credit_decision_invoice_id", table_name="credit_decision")
    op.drop_table("credit_decision")
    op.drop_table("line_credit")
    op.drop_index("ix_credit_note_provider_id", table_name="credit_note")
    op.drop_index("ix_credit_note_invoice_id", table_name="credit_note")
    op.drop_index("ix_credit_note_council_id", table_name="credit_note")
    op.drop_table("credit_note")
    op.drop_index("decision_with_its_decider", table_name="decision")
    _let_lines_be(STATES, STEPS)
