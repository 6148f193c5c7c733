"""The operator's commands about organisations and people. There is no other way in for support."""

from __future__ import annotations

from typing import Any

import click
from flask.cli import with_appcontext

from portal.identity.organisations import actions, queries
from portal.identity.rules import OrganisationKind
from portal.kernel.clock import now_of
from portal.kernel.errors import DomainError
from portal.kernel.operator import as_operator
from portal.kernel.wording import say_count

REASON = click.option("--reason", required=True, help="Why; it is kept in the record.")


@click.command("create-organisation")
@click.argument("kind", type=click.Choice([kind.value for kind in OrganisationKind]))
@click.argument("name")
@click.option("--legal-name", default="", help="Where it differs from NAME.")
@click.option("--street", required=True)
@click.option("--city", required=True)
@click.option("--postcode", required=True)
@click.option("--administrator", required=True, help="The first administrator's name.")
@click.option("--email", required=True, help="The address that the invitation is sent to.")
@REASON
@with_appcontext
def create_organisation(kind: str, name: str, legal_name: str, **given: Any) -> None:
    """Create the council or provider NAME, and invite its first administrator."""
    try:
        with as_operator() as session:
            made = actions.create_organisation(
                session,
                kind=OrganisationKind(kind),
                name=name,
                legal_name=legal_name or name,
                at=now_of(session),
                **given,
            )
    except DomainError as refused:
        raise click.ClickException(refused.sentence) from refused
    click.echo(f"Created {made.name}. An invitation waits in the outbox for {given['email']}.")


@click.command("unlock")
@click.argument("email")
@REASON
@with_appcontext
def unlock(email: str, reason: str) -> None:
    """Let whoever signs in with EMAIL try their password again."""
    try:
        with as_operator() as session:
            person = actions.unlock(session, email, reason=reason, at=now_of(session))
    except DomainError as refused:
        raise click.ClickException(refused.sentence) from refused
    click.echo(f"{person.name} can try again.")


@click.command("end-sign-ins")
@click.argument("email")
@REASON
@with_appcontext
def end_sign_ins(email: str, reason: str) -> None:
    """Sign whoever signs in with EMAIL out everywhere."""
    try:
        with as_operator() as session:
            count = actions.end_all_sign_ins(session, email, reason=reason, at=now_of(session))
    except DomainError as refused:
        raise click.ClickException(refused.sentence) from refused
    click.echo(f"Ended {say_count(count, 'sign-in')}.")


@click.command("organisations")
@with_appcontext
def organisations() -> None:
    """Print every council and provider, with how many people work for it."""
    with as_operator() as session:
        for kind, name, count in queries.organisations(session):
            click.echo(f"{kind.value:<9} {name:<48} {say_count(count, 'person', 'people')}")


COMMANDS = (create_organisation, unlock, end_sign_ins, organisations)
