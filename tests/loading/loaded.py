"""The import format's worked example, and loading as the command does it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select

from portal.kernel.database import Database
from portal.kernel.sealing import Sealing
from portal.kernel.tenancy import Base, Scope, Task
from portal.loading.actions import Loaded, load_files
from tests.makers.factors import SECRET_KEY

ROOT = Path(__file__).parents[2]
DEMONSTRATION = sorted((ROOT / "portal/demo").glob("*.yaml"))
AT = datetime(2026, 10, 2, 8, tzinfo=UTC)


def worked_example() -> str:
    """The example that docs/import-format.md shows, as it stands there."""
    page = (ROOT / "docs/import-format.md").read_text()
    _, _, after = page.partition("## A worked example\n\n```yaml\n")
    example, _, _ = after.partition("```")
    return example


def load(database: Database, paths: Sequence[Path], *, at: datetime = AT) -> Loaded:
    """Load these files in one transaction. Raises Refused."""
    with database.transaction(Scope.system(Task.OPERATOR)) as session:
        return load_files(session, paths, at=at, sealing=Sealing(SECRET_KEY, "authenticator"))


def rows_in(database: Database, *models: type[Base]) -> list[int]:
    """How many rows these tables have."""
    with database.session(Scope.system(Task.OPERATOR)) as session:
        return [session.scalar(select(func.count()).select_from(one)) or 0 for one in models]


def all_rows(database: Database) -> dict[str, int]:
    """How many rows every table has."""
    with database.session(Scope.system(Task.OPERATOR)) as session:
        return {
            table.name: session.connection()
            .execute(select(func.count()).select_from(table))
            .scalar_one()
            for table in Base.metadata.sorted_tables
        }
