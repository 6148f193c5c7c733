"""The command that verifies the record, for an operator or an auditor with a copy of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.rules import PORTAL_CHAIN
from portal.audit.statements import (
    Statement,
    Unreadable,
    kept,
    public_words,
    read_public_key,
    signing_key,
)
from portal.audit.verifying import Finding, Verified, verify
from portal.identity.models import Organisation
from portal.kernel.database import Database
from portal.kernel.sealing import signing_keys
from portal.kernel.tenancy import Scope, Task
from portal.kernel.wording import say_count


@dataclass(slots=True)
class _Reading:
    """Statements as they are read, with the lines that are none put aside."""

    folder: Path | None
    keys: list[str]
    unreadable: list[Unreadable] = field(default_factory=list)

    def __iter__(self) -> Iterator[Statement]:
        if self.folder is None:
            return
        for one in kept(self.folder, [read_public_key(key) for key in self.keys]):
            if isinstance(one, Unreadable):
                self.unreadable.append(one)
            else:
                yield one


@click.command("verify-record")
@click.option(
    "--statements",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder of statements; default: the one that this portal writes to.",
)
@click.option(
    "--key",
    "keys",
    multiple=True,
    help="A public key that statements may be signed with; default: this portal's own keys.",
)
@with_appcontext
def verify_record(statements: Path | None, keys: tuple[str, ...]) -> None:
    """Verify every chain of the record, and that it still holds what was stated of it."""
    own = Path(current_app.config["STATEMENTS"])
    folder = statements or (own if own.is_dir() else None)
    secrets = [current_app.config["STATEMENT_KEY"], *signing_keys()]
    known = list(keys) or [public_words(signing_key(secret)) for secret in secrets]
    try:
        for key in known:
            read_public_key(key)
    except ValueError as error:
        raise click.ClickException("A key is 64 hexadecimal digits.") from error
    database = Database(current_app.config["OWNER_URL"])
    try:
        with database.session(Scope.system(Task.OPERATOR)) as session:
            wrong = _verify(session, _Reading(folder, known))
    finally:
        database.close()
    if wrong:
        raise click.ClickException(f"{say_count(wrong, 'thing')} wrong with the record.")


def _verify(session: Session, reading: _Reading) -> int:
    """Print what is found; how many things are wrong."""
    organisations = session.execute(select(Organisation.id, Organisation.name))
    names = {one.id: one.name for one in organisations} | {PORTAL_CHAIN: "the portal itself"}
    done, wrong = Verified(), 0
    for finding in verify(session, reading, done):
        wrong += 1
        click.echo(_said(finding, names))
    for line in reading.unreadable:
        wrong += 1
        click.echo(f"{line.file}, line {line.line}: {line.why}.")
    click.echo(
        f"Verified {say_count(done.events, 'event')} in {say_count(done.chains, 'chain')} "
        f"and {say_count(done.statements, 'statement')}."
    )
    if not done.statements:
        click.echo("No statement was found: events taken from the end of a chain would not show.")
    return wrong


def _said(finding: Finding, names: dict[UUID, str]) -> str:
    whose = names.get(finding.chain_id, f"unknown organisation {finding.chain_id}")
    where = "" if finding.position is None else f", record {finding.position:,}"
    return f"{whose}{where}: {finding.sentence}"
