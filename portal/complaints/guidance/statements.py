"""What the portal says of itself: how accessible it is, what it keeps, which cookies it sets."""

from __future__ import annotations

from datetime import date
from typing import Final

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.kernel.access import public_page
from portal.kernel.fragments import render

routes = Blueprint("statements", __name__)

PREPARED_ON: Final = date(2026, 11, 21)
REVIEWED_BY: Final = date(2027, 11, 21)


@routes.get("/accessibility")
@public_page("everybody may read how accessible the portal is")
def accessibility() -> ResponseReturnValue:
    """The accessibility statement (rules.md D2)."""
    return render(
        "complaints/guidance/accessibility.html",
        prepared_on=PREPARED_ON,
        reviewed_by=REVIEWED_BY,
    )


@routes.get("/privacy/young-people")
@public_page("young people may read what is kept about them")
def privacy_for_children() -> ResponseReturnValue:
    """The privacy notice in the words of the young people's pages."""
    return render("complaints/guidance/privacy_for_children.html")


@routes.get("/privacy")
@public_page("everybody may read what is kept about them")
def privacy() -> ResponseReturnValue:
    """The privacy notice for adults."""
    return render("complaints/guidance/privacy.html")


@routes.get("/cookies")
@public_page("everybody may read which cookies are set")
def cookies() -> ResponseReturnValue:
    """The cookies: one, and only where a form or a sign-in needs it."""
    return render("complaints/guidance/cookies.html")
