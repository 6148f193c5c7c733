"""The demonstration's own command."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from portal.demo import homes_round, mentoring_round
from portal.demo.stage import Stage


@click.command("demonstrate-rounds")
@click.option("--phrase", required=True, help="Of the keys of those who open bids.")
@with_appcontext
def demonstrate_rounds(phrase: str) -> None:
    """Play two framework rounds with the people of portal/demo; the clock stands where they end."""
    if not current_app.config["DEMONSTRATION"]:
        raise click.ClickException("Rounds are played in demonstration and training mode only.")
    stage = Stage(current_app.extensions["portal.database"], phrase)
    homes_round.play(stage)
    mentoring_round.play(stage)
    click.echo("Played two rounds: one is open for applications, one is being evaluated.")


COMMANDS = (demonstrate_rounds,)
