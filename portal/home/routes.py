"""What needs doing and by when; whether the portal is up; how accessible it is."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from portal.kernel.access import public_page, signed_in
from portal.kernel.clock import ClockSetting
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("home", __name__)


@routes.get("/")
@signed_in("everybody has a home page; it shows only what their roles open")
def show() -> ResponseReturnValue:
    """What needs this person, and by when."""
    return render("home/show.html")


@routes.get("/health")
@public_page("a load balancer asks without an account")
def health() -> ResponseReturnValue:
    """Whether this process can answer and reach its database."""
    db().execute(select(ClockSetting.id).limit(1))
    return {"status": "ok"}


@routes.get("/accessibility")
@public_page("everybody may read how accessible the portal is")
def accessibility() -> ResponseReturnValue:
    """The accessibility statement."""
    return render("home/accessibility.html")
