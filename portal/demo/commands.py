"""The demonstration's own command."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from portal.demo import (
    caring,
    delivering,
    disputing,
    homes_round,
    mentoring_round,
    paying,
    referring,
)
from portal.demo.stage import Stage
from portal.kernel.clock import now_of, set_clock
from portal.kernel.operator import as_operator


@click.command("demonstrate-rounds")
@click.option("--phrase", required=True, help="Of the keys of those who open bids.")
@with_appcontext
def demonstrate_rounds(phrase: str) -> None:
    """Play two framework rounds with the people of portal/demo, each act at its own time."""
    if not current_app.config["DEMONSTRATION"]:
        raise click.ClickException("Rounds are played in demonstration and training mode only.")
    with as_operator() as session:
        before = now_of(session)
    stage = Stage(current_app.extensions["portal.database"], phrase)
    homes_round.play(stage)
    mentoring_round.play(stage)
    with as_operator() as session:
        set_clock(session, before)
    click.echo("Played two rounds: one is open for applications, one is being evaluated.")


@click.command("demonstrate-agreements")
@with_appcontext
def demonstrate_agreements() -> None:
    """Refer, order, deliver and converse with the people of portal/demo, each act at its time."""
    if not current_app.config["DEMONSTRATION"]:
        raise click.ClickException("Agreements are played in demonstration and training mode only.")
    with as_operator() as session:
        before = now_of(session)
    stage = Stage(current_app.extensions["portal.database"])
    referring.play(stage)
    delivering.play(stage)
    caring.play(stage)
    paying.play(stage)
    disputing.play(stage)
    with as_operator() as session:
        set_clock(session, before)
    click.echo("Played referrals, an order with its clocks, and what stands around agreements.")


COMMANDS = (demonstrate_rounds, demonstrate_agreements)
