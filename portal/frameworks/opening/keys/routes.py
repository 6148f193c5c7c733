"""A person's key for opening bids: making it, changing its pass phrase, replacing it."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.frameworks.opening.keys import actions, queries
from portal.frameworks.opening.keys.forms import ChangeForm, PhraseForm
from portal.frameworks.opening.queries import key_of
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, viewer
from portal.kernel.access import requires
from portal.kernel.clock import now
from portal.kernel.fragments import render
from portal.kernel.session import db

routes = Blueprint("opening_keys", __name__, url_prefix="/opening-key")


@routes.get("")
@requires(Permission.ROUND_OPEN)
def show() -> ResponseReturnValue:
    """The key and the rounds that wait for it, or what making one means."""
    key = key_of(db(), viewer().person_id, viewer().organisation_id)
    return render("frameworks/opening/keys/show.html", key=key, rounds=_rounds())


@routes.get("/make")
@requires(Permission.ROUND_OPEN)
def make_form() -> ResponseReturnValue:
    """Ask for a pass phrase."""
    return _ask_to_make(PhraseForm())


@routes.post("/make")
@requires(Permission.ROUND_OPEN)
def make() -> ResponseReturnValue:
    """Make the key."""
    form = PhraseForm()
    if not form.validate_on_submit():
        return _ask_to_make(form), 422
    actions.make_key(db(), actor(), phrase=form.phrase.data or "", at=now())
    flash("Your key is made. You can be named to open bids.", "success")
    return redirect(url_for(".show"), 303)


@routes.get("/phrase")
@requires(Permission.ROUND_OPEN)
def phrase_form() -> ResponseReturnValue:
    """Ask for the pass phrase until now and a new one."""
    return _ask_to_change(ChangeForm()) if _has_key() else redirect(url_for(".show"), 303)


@routes.post("/phrase")
@requires(Permission.ROUND_OPEN)
def change_phrase() -> ResponseReturnValue:
    """Keep the key under the new pass phrase."""
    form = ChangeForm()
    if not form.validate_on_submit():
        return _ask_to_change(form), 422
    try:
        actions.change_phrase(
            db(),
            actor(),
            present=form.present.data or "",
            phrase=form.phrase.data or "",
            at=now(),
        )
    except actions.WrongPhrase as refused:
        form.present.errors = [refused.sentence]
        return _ask_to_change(form), 422
    flash("Your key opens with the new pass phrase.", "success")
    return redirect(url_for(".show"), 303)


@routes.get("/replace")
@requires(Permission.ROUND_OPEN)
def replace_form() -> ResponseReturnValue:
    """Say what is lost with the key, and ask for a pass phrase."""
    return _ask_to_replace(PhraseForm()) if _has_key() else redirect(url_for(".show"), 303)


@routes.post("/replace")
@requires(Permission.ROUND_OPEN)
def replace() -> ResponseReturnValue:
    """Make another key in its place."""
    form = PhraseForm()
    if not form.validate_on_submit():
        return _ask_to_replace(form), 422
    actions.replace_key(db(), actor(), phrase=form.phrase.data or "", at=now())
    flash("Your key is replaced.", "success")
    return redirect(url_for(".show"), 303)


def _has_key() -> bool:
    return key_of(db(), viewer().person_id, viewer().organisation_id) is not None


def _rounds() -> list[tuple[str, str]]:
    found = queries.rounds_waiting_for(db(), viewer().person_id, viewer().organisation_id)
    return [(one.title, url_for("opening.show", round_id=one.id)) for one in found]


def _ask_to_make(form: PhraseForm) -> Response:
    return render("frameworks/opening/keys/make.html", form=form)


def _ask_to_change(form: ChangeForm) -> Response:
    return render("frameworks/opening/keys/phrase.html", form=form)


def _ask_to_replace(form: PhraseForm) -> Response:
    return render("frameworks/opening/keys/replace.html", form=form, rounds=_rounds())
