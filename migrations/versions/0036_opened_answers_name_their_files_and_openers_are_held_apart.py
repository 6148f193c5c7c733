"""Opened answers name their files, and openers are held apart

Since 0025a an opened answer that is a file names it, and the councils see the files that are
named. Bids that were opened earlier are given the same, so that they are read and kept alike.

A round's two openers are also held apart by their mailboxes. Those named before keep none: nobody
is named again once a round is announced, and whoever gives a share is asked for another person.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0031"
branch_labels = None
depends_on = None

ANSWER = sa.table(
    "opened_answer",
    sa.column("id", sa.Uuid()),
    sa.column("application_id", sa.Uuid()),
    sa.column("answer", sa.JSON()),
    sa.column("file_id", sa.Uuid()),
)
FILE = sa.table(
    "application_file", sa.column("application_id", sa.Uuid()), sa.column("file_id", sa.Uuid())
)


def upgrade() -> None:
    op.add_column("round_opener", sa.Column("mailbox", sa.String(64), nullable=True))
    op.create_index(
        "one_account_of_an_opener", "round_opener", ["round_id", "mailbox"], unique=True
    )
    name_files(op.get_bind())


def name_files(connection: sa.Connection) -> None:
    """Let each opened answer that is a file of its application name it."""
    _as_operator(connection, "operator")
    of_application = ANSWER.join(FILE, FILE.c.application_id == ANSWER.c.application_id)
    unnamed = connection.execute(
        sa.select(ANSWER.c.id, ANSWER.c.answer, FILE.c.file_id)
        .select_from(of_application)
        .where(ANSWER.c.file_id.is_(None))
    ).all()
    for answer_id, answer, file_id in unnamed:
        if answer == str(file_id):
            named = sa.update(ANSWER).where(ANSWER.c.id == answer_id).values(file_id=file_id)
            connection.execute(named)
    _as_operator(connection, "")


def _as_operator(connection: sa.Connection, task: str) -> None:
    """On PostgreSQL, see every row in spite of row-level security, as only the owner may."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.set_config("app.task", task, True)))


def downgrade() -> None:
    op.drop_index("one_account_of_an_opener", table_name="round_opener")
    op.drop_column("round_opener", "mailbox")
