"""The operator's command line: migrations, loading, copies, the demonstration's clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from portal.demo.commands import COMMANDS as DEMONSTRATION
from portal.frameworks.opening.escrow.commands import COMMANDS as ESCROW
from portal.identity.commands import COMMANDS as IDENTITY
from portal.identity.factors import apps
from portal.identity.queries import sign_in_names
from portal.identity.rules import ROLE_NAMES
from portal.kernel import migrate
from portal.kernel.backup import back_up
from portal.kernel.clock import now_of, set_clock, to_utc
from portal.kernel.entries.problems import Refused
from portal.kernel.errors import DomainError
from portal.kernel.files import storage
from portal.kernel.jobs.commands import jobs, work
from portal.kernel.operator import as_operator
from portal.kernel.sealing import sealing
from portal.kernel.wording import say_datetime
from portal.loading.actions import load_files
from portal.loading.plan import say_counts
from portal.reporting.record.verifying import verify_record
from portal.resealing import seal_anew


@click.command("migrate")
@with_appcontext
def upgrade() -> None:
    """Bring the database to the newest migration."""
    migrate.upgrade(current_app.config["OWNER_URL"])


@click.command("load")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@with_appcontext
def load(files: tuple[Path, ...]) -> None:
    """Bring arrangements in from FILES (docs/import-format.md): all of them, or nothing."""
    missing = [str(path) for path in files if not path.is_file()]
    if missing:
        raise click.ClickException(f"There is no file {missing[0]}.")
    with as_operator() as session:
        at = now_of(session)
        try:
            loaded = load_files(session, files, at=at, sealing=sealing(apps.PURPOSE), bar=_bar)
        except Refused as refused:
            said = "\n".join(refused.sentences)
            raise click.ClickException(f"Nothing was loaded.\n{said}") from refused
    click.echo(f"Loaded {say_counts(loaded.added)}.")
    if loaded.there:
        click.echo(f"There already, and left as it is: {say_counts(loaded.there)}.")


@contextmanager
def _bar(label: str, length: int) -> Iterator[Callable[[int], object]]:
    with click.progressbar(
        length=max(length, 1), label=f"{label:<9}", update_min_steps=max(length // 200, 1)
    ) as bar:
        yield bar.update


@click.command("clock")
@click.argument("moment")
@with_appcontext
def clock(moment: str) -> None:
    """Let the demonstration's clock go on from MOMENT, such as 2026-04-02T09:00 (London)."""
    if not current_app.config["DEMONSTRATION"]:
        raise click.ClickException("The clock can be set in demonstration and training mode only.")
    try:
        at = to_utc(datetime.fromisoformat(moment))
    except (ValueError, DomainError) as error:
        raise click.ClickException(
            f"{moment} is not a moment like 2026-04-02T09:00. {error}"
        ) from error
    with as_operator() as session:
        set_clock(session, at)
    click.echo(f"The clock now shows {say_datetime(at)}.")


@click.command("back-up")
@click.argument("target", type=click.Path(path_type=Path))
@with_appcontext
def copy(target: Path) -> None:
    """Copy the SQLite database to the file TARGET, and what people sent to the folder TARGET.files.

    The portal may be in use meanwhile.
    """
    try:
        files = back_up(current_app.config["OWNER_URL"], storage(), target)
    except DomainError as error:
        raise click.ClickException(error.sentence) from error
    click.echo(f"Copied to {target} and {files}." if files else f"Copied to {target}.")


@click.command("sign-in-names")
@with_appcontext
def names() -> None:
    """Print who can sign in, with their organisation and roles."""
    with as_operator() as session:
        for email, organisation, roles in sign_in_names(session):
            click.echo(
                f"{email:<48} {organisation:<36} {', '.join(ROLE_NAMES[role] for role in roles)}"
            )


COMMANDS = (
    upgrade,
    load,
    clock,
    copy,
    names,
    work,
    jobs,
    verify_record,
    seal_anew,
    *IDENTITY,
    *ESCROW,
    *DEMONSTRATION,
)
