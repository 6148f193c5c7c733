"""The chains of the record: every event linked, words erasable, and nothing else changed"""

from __future__ import annotations

from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op

from portal.audit.linking import link_rows
from portal.audit.rules import BEGINNING, chain_of
from portal.kernel.columns import Id, Instant
from portal.kernel.row_security import (
    append_only,
    append_only_but_erasable,
    forget_append_only,
    protect,
    unprotect,
)

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Who may read and who may write each table's rows, as the models said when this was
# written.
ROW_SECURITY = {
    "audit_chain": (
        "audit_chain.chain_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'record' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'jobs'",
        "coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'record'",
    ),
    "audit_link": (
        "audit_link.chain_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'record' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
        "coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'record' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
    ),
}
ERASED_EVENT = {
    "person_name": "'(erased)'",
    "subject_label": "'(erased)'",
    "details": "'{\"erased\": true}'",
}
ERASED_LINK = {
    "person_name_salt": "NULL",
    "subject_label_salt": "NULL",
    "details_salt": "NULL",
}
EVENT = sa.table(
    "audit_event",
    sa.column("id", Id()),
    sa.column("at", Instant()),
    sa.column("event", sa.String()),
    sa.column("person_id", Id()),
    sa.column("person_name", sa.String()),
    sa.column("organisation_id", Id()),
    sa.column("council_id", Id()),
    sa.column("provider_id", Id()),
    sa.column("subject_kind", sa.String()),
    sa.column("subject_id", Id()),
    sa.column("subject_label", sa.String()),
    sa.column("details", sa.JSON()),
)


def upgrade() -> None:
    chain = op.create_table(
        "audit_chain",
        sa.Column("chain_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("chain_id", name=op.f("pk_audit_chain")),
    )
    link = op.create_table(
        "audit_link",
        sa.Column("chain_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("person_name_seal", sa.LargeBinary(), nullable=False),
        sa.Column("subject_label_seal", sa.LargeBinary(), nullable=False),
        sa.Column("details_seal", sa.LargeBinary(), nullable=False),
        sa.Column("person_name_salt", sa.LargeBinary(), nullable=True),
        sa.Column("subject_label_salt", sa.LargeBinary(), nullable=True),
        sa.Column("details_salt", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("position > 0", name=op.f("link_position_from_one")),
        sa.PrimaryKeyConstraint("chain_id", "position", name=op.f("pk_audit_link")),
        sa.UniqueConstraint("event_id", name=op.f("one_link_an_event")),
    )
    for table, (seen, written) in ROW_SECURITY.items():
        protect(table, seen=seen, written=written)
    _link_what_was_recorded(chain, link)
    forget_append_only("audit_event")
    append_only_but_erasable("audit_event", ERASED_EVENT)
    append_only_but_erasable("audit_link", ERASED_LINK)


def _link_what_was_recorded(chain: sa.Table, link: sa.Table) -> None:
    """Link the events that are there already, chain by chain in the order in which they came."""
    connection = op.get_bind()
    _as_operator(connection, "operator")
    found = connection.execute(
        sa.select(EVENT).order_by(EVENT.c.organisation_id, EVENT.c.at, EVENT.c.id)
    ).mappings()
    for organisation_id, events in groupby(found, lambda event: event["organisation_id"]):
        chain_id = chain_of(organisation_id)
        rows: list[dict[str, Any]] = [dict(event) for event in events]
        links = list(link_rows(rows, chain_id, 0, BEGINNING))
        connection.execute(sa.insert(link), links)
        last = links[-1]
        head = {"chain_id": chain_id, "position": last["position"], "digest": last["digest"]}
        connection.execute(sa.insert(chain), [head])
    _as_operator(connection, "")


def _as_operator(connection: sa.Connection, task: str) -> None:
    """On PostgreSQL, see every row in spite of row-level security, as only the owner may."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.set_config("app.task", task, True)))


def downgrade() -> None:
    forget_append_only("audit_link")
    forget_append_only("audit_event")
    append_only("audit_event")
    for table in ROW_SECURITY:
        unprotect(table)
    op.drop_table("audit_link")
    op.drop_table("audit_chain")
