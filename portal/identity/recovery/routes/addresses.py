"""Where the two letters about a new address lead."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.identity.people.queries import SIGN_IN
from portal.identity.recovery.actions import details
from portal.identity.recovery.routes.blueprint import routes
from portal.kernel.access import public_page
from portal.kernel.clock import now
from portal.kernel.database import working_as
from portal.kernel.fragments import render
from portal.kernel.session import db


@routes.get("/new-address/<secret>")
@public_page("the letter may be read where nobody is signed in")
def address_change(secret: str) -> ResponseReturnValue:
    """Ask the new address to confirm; let the old one confirm or stop."""
    with working_as(db(), SIGN_IN):
        change, by_old = details.change_for(db(), secret, at=now())
    return render(
        "identity/recovery/address_change.html", change=change, by_old=by_old, secret=secret
    )


@routes.post("/new-address/<secret>/confirm")
@public_page("the letter may be read where nobody is signed in")
def confirm_address(secret: str) -> ResponseReturnValue:
    """One of the two addresses says yes."""
    with working_as(db(), SIGN_IN):
        change = details.confirm(db(), secret, at=now())
        made = change.person.email == change.new_email
    if made:
        flash(f"Your email address is now {change.new_email}. Sign in with it.", "success")
        return redirect(url_for("home.show"), 303)
    return redirect(url_for(".address_confirmed"), 303)


@routes.post("/new-address/<secret>/stop")
@public_page("the letter may be read where nobody is signed in")
def stop_address(secret: str) -> ResponseReturnValue:
    """The old address says no; whoever asked is signed out."""
    with working_as(db(), SIGN_IN):
        person = details.stop(db(), secret, at=now())
    flash(
        f"The change was stopped. You still sign in with {person.email}. Everybody who was signed "
        "in as you was signed out.",
        "success",
    )
    return redirect(url_for(".forgotten"), 303)


@routes.get("/new-address-confirmed")
@public_page("the letter may be read where nobody is signed in")
def address_confirmed() -> ResponseReturnValue:
    """What happens next."""
    return render("identity/recovery/address_confirmed.html")
