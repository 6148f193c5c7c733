"""An index of some rows: said once, and the same on both engines."""

from __future__ import annotations

from sqlalchemy import Column, Integer, MetaData, Table, make_url
from sqlalchemy.schema import CreateIndex

from portal.kernel.indexes import partial_index, say_for_postgresql


def test_a_migration_writes_its_condition_for_both_engines() -> None:
    index = partial_index("one_open", "owner_id", unique=True, where="ended_at IS NULL")
    metadata = MetaData()
    Table("thing", metadata, Column("owner_id", Integer), Column("ended_at", Integer), index)
    say_for_postgresql(metadata)
    for engine in ("sqlite", "postgresql+psycopg"):
        written = CreateIndex(index).compile(dialect=make_url(f"{engine}://").get_dialect()())
        assert str(written) == (
            "CREATE UNIQUE INDEX one_open ON thing (owner_id) WHERE ended_at IS NULL"
        )
