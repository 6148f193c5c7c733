"""The operator's commands for the escrow key. Its pass phrase is asked for, never an argument."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from portal.audit.actions import Happening, record_history, take_refusals
from portal.frameworks.opening.escrow import actions, files
from portal.frameworks.opening.keys.rules import problem_with
from portal.frameworks.sealing.boxes import DoesNotOpen, KeyPair
from portal.kernel.clock import now_of
from portal.kernel.errors import DomainError
from portal.kernel.operator import as_operator
from portal.kernel.wording import say_count

T = TypeVar("T")
FILE = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
REASON = click.option("--reason", required=True, help="Why; it is kept in the record.")
PHRASE = click.option("--phrase", prompt="Pass phrase", hide_input=True, help="Asked for.")


@click.command("escrow-make")
@FILE
@REASON
@click.option("--phrase", prompt="Pass phrase", hide_input=True, confirmation_prompt=True)
@with_appcontext
def make(file: Path, reason: str, phrase: str) -> None:
    """Make an escrow key, keep it in FILE under a pass phrase, and seal new rounds to it.

    Keep copies of FILE away from the portal and its back-ups, and the pass phrase apart from it.
    """
    if (problem := problem_with(phrase)) is not None:
        raise click.ClickException(problem)
    pair = KeyPair.new()
    try:
        files.write(file, pair, phrase)
    except DomainError as refused:
        raise click.ClickException(refused.sentence) from refused
    _work(lambda session: actions.keep_key(session, pair, reason=reason, at=now_of(session)))
    click.echo(f"The escrow key is in {file}. New rounds are sealed to it.")


@click.command("escrow-drill")
@FILE
@REASON
@PHRASE
@with_appcontext
def drill(file: Path, reason: str, phrase: str) -> None:
    """Show that the key in FILE opens every share that waits for it. No bid is opened."""
    pair = _unlocked(file, phrase)
    count = _work(lambda session: actions.drill(session, pair, reason=reason, at=now_of(session)))
    click.echo(f"The key opens {say_count(count, 'share')} of rounds that wait.")


@click.command("escrow-open")
@click.argument("round_id", type=click.UUID)
@FILE
@REASON
@PHRASE
@with_appcontext
def open_round(round_id: UUID, file: Path, reason: str, phrase: str) -> None:
    """Open the bids of ROUND_ID with the key in FILE, once one of its openers gave their share."""
    pair = _unlocked(file, phrase)
    round_ = _work(lambda session: actions.open_with_escrow(session, round_id, pair, reason=reason))
    click.echo(f"The bids of {round_.title} are open.")


def _unlocked(file: Path, phrase: str) -> KeyPair:
    try:
        return files.read(file).unlock(phrase)
    except DomainError as refused:
        raise click.ClickException(refused.sentence) from refused
    except DoesNotOpen as error:
        raise click.ClickException(f"This is not the pass phrase of {file}.") from error


def _work(what: Callable[[Session], T]) -> T:
    """Do one thing as the operator; a refusal leaves nothing but its event in the record."""
    happened: list[Happening] = []
    try:
        with as_operator() as session:
            try:
                return what(session)
            finally:
                happened += take_refusals(session)
    except DomainError as refused:
        with as_operator() as session:
            record_history(session, happened)
        raise click.ClickException(refused.sentence) from refused


COMMANDS = (make, drill, open_round)
