"""A provider changes where it is paid; a council calls back, and holds the payments meanwhile."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from portal.evidence.queries import Account
from portal.evidence.rules import masked
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, can, viewer
from portal.invoicing.banking import actions, queries
from portal.invoicing.banking.forms import AccountForm, CallBackForm, EndForm, HoldForm
from portal.invoicing.banking.history import history_of
from portal.invoicing.banking.rules import (
    CHANGE_STATE_NAMES,
    KNOWN_FROM_NAMES,
    ChangeState,
    is_held,
)
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.fragments import render
from portal.kernel.session import db
from portal.kernel.wording import say_date

routes = Blueprint("banking", __name__, url_prefix="/bank-accounts")


@routes.get("")
@requires(Permission.BANK_READ)
def index() -> ResponseReturnValue:
    """Every change: a provider's own with its account now, or those of a council's providers."""
    person, today = viewer(), local_date(now())
    own = None if person.is_council else person.organisation_id
    account, change = None, None
    if own is not None:
        account = queries.accounts_on(db(), [own], today).get(own)
        change = queries.going_on(db(), own, today)
    return render(
        "invoicing/banking/index.html",
        council=person.is_council,
        account=account
        and Account(
            account.account_name,
            masked(account.account_number),
            masked(account.sort_code),
            account.starts_on,
        ),
        going_on=change,
        page=queries.changes_page(db(), provider_id=own, cursor=request.args.get("page")),
        states=CHANGE_STATE_NAMES,
        today=today,
        hold=queries.hold_of(db(), person.organisation_id) if person.is_council else None,
        may_change=can(Permission.BANK_CHANGE),
        may_set=can(Permission.BANK_HOLD_SET),
        from_runs=can(Permission.RUN_READ),
    )


@routes.get("/change")
@requires(Permission.BANK_CHANGE)
def ask() -> ResponseReturnValue:
    """Ask for the account."""
    return render("invoicing/banking/ask.html", form=AccountForm())


@routes.post("/change")
@requires(Permission.BANK_CHANGE)
def propose() -> ResponseReturnValue:
    """Ask a second person to confirm it, or show what to change."""
    form = AccountForm()
    if not form.validate_on_submit():
        return render("invoicing/banking/ask.html", form=form), 422
    try:
        change = actions.propose(
            db(),
            actor(),
            account_name=form.account_name.data or "",
            account_number=form.account_number.data or "",
            sort_code=form.sort_code.data or "",
            because=form.because.data or "",
            phone=form.phone.data or "",
            at=now(),
        )
    except actions.SameAccount as refused:
        form.account_number.errors = [refused.sentence]
        return render("invoicing/banking/ask.html", form=form), refused.status
    flash("Asked for. Somebody else of your organisation has to confirm it now.", "success")
    return redirect(url_for(".show", change_id=change.id), 303)


@routes.get("/<uuid:change_id>")
@requires(Permission.BANK_READ)
def show(change_id: UUID) -> ResponseReturnValue:
    """A change: the account, how it stands, what happens next and who did what."""
    return _page(change_id)


@routes.post("/<uuid:change_id>/confirm")
@requires(Permission.BANK_CHANGE)
def confirm(change_id: UUID) -> ResponseReturnValue:
    """The second person confirms it."""
    actions.confirm(db(), actor(), change_id, at=now())
    flash("Confirmed. A council calls you back before it is used.", "success")
    return redirect(url_for(".show", change_id=change_id), 303)


@routes.post("/<uuid:change_id>/stop")
@requires(Permission.BANK_CHANGE)
def stop(change_id: UUID) -> ResponseReturnValue:
    """Stop it: the old account stays."""
    form = EndForm()
    if not form.validate_on_submit():
        return _page(change_id, end=form, status=422)
    actions.stop(db(), actor(), change_id, because=form.because.data or "", at=now())
    flash("Stopped. You are paid to the same account as before.", "success")
    return redirect(url_for(".show", change_id=change_id), 303)


@routes.post("/<uuid:change_id>/verify")
@requires(Permission.BANK_VERIFY)
def verify(change_id: UUID) -> ResponseReturnValue:
    """The council has called back, or shows what is missing from that."""
    form = CallBackForm()
    if not form.validate_on_submit():
        return _page(change_id, call=form, status=422)
    try:
        change = actions.verify(
            db(),
            actor(),
            change_id,
            spoke_to=form.spoke_to.data or "",
            called_number=form.called_number.data or "",
            known_from=form.source,
            note=form.note.data or "",
            at=now(),
        )
    except actions.NumberFromTheRequest as refused:
        form.called_number.errors = [refused.sentence]
        return _page(change_id, call=form, status=refused.status)
    assert change.hold_until is not None
    flash(f"Verified. Nothing is paid until {say_date(change.hold_until)} is over.", "success")
    return redirect(url_for(".show", change_id=change_id), 303)


@routes.post("/<uuid:change_id>/refuse")
@requires(Permission.BANK_VERIFY)
def refuse(change_id: UUID) -> ResponseReturnValue:
    """The council does not verify it: the old account stays."""
    form = EndForm()
    if not form.validate_on_submit():
        return _page(change_id, end=form, status=422)
    actions.refuse(db(), actor(), change_id, because=form.because.data or "", at=now())
    flash("Not verified. The provider is told, and the account from before stays.", "success")
    return redirect(url_for(".show", change_id=change_id), 303)


@routes.get("/hold")
@requires(Permission.BANK_HOLD_SET)
def hold_form() -> ResponseReturnValue:
    """Ask for how long a changed account is held."""
    form = HoldForm(data={"days": queries.hold_of(db(), viewer().organisation_id)})
    return render("invoicing/banking/hold.html", form=form)


@routes.post("/hold")
@requires(Permission.BANK_HOLD_SET)
def set_hold() -> ResponseReturnValue:
    """Set it, or show what to change."""
    form = HoldForm()
    if not form.validate_on_submit() or (days := form.days.data) is None:
        return render("invoicing/banking/hold.html", form=form), 422
    actions.set_hold(db(), actor(), days, at=now())
    flash("Saved. It holds for accounts that are verified from now on.", "success")
    return redirect(url_for(".index"), 303)


def _page(
    change_id: UUID,
    *,
    call: CallBackForm | None = None,
    end: EndForm | None = None,
    status: int = 200,
) -> Response:
    change, today = queries.get_change(db(), change_id), local_date(now())
    open_still = change.state in {ChangeState.PROPOSED, ChangeState.CONFIRMED} or is_held(
        change.state, change.hold_until, today
    )
    own = change.provider_id == viewer().organisation_id
    whole = can(Permission.BANK_CHANGE) or can(Permission.BANK_VERIFY)
    wrong = next((form for form in (call, end) if form is not None and form.errors), None)
    response = render(
        "invoicing/banking/show.html",
        change=change,
        state=CHANGE_STATE_NAMES[change.state],
        held=is_held(change.state, change.hold_until, today),
        known_from=KNOWN_FROM_NAMES,
        own=own,
        number=change.account_number if whole else masked(change.account_number),
        sort_code=_spaced(change.sort_code) if whole else masked(change.sort_code),
        may_confirm=own
        and can(Permission.BANK_CHANGE)
        and change.state is ChangeState.PROPOSED
        and change.proposed_by != viewer().person_id,
        asked=change.proposed_by == viewer().person_id,
        may_verify=can(Permission.BANK_VERIFY) and change.state is ChangeState.CONFIRMED,
        may_end=open_still
        and (
            can(Permission.BANK_CHANGE)
            if own
            else can(Permission.BANK_VERIFY) and change.state is not ChangeState.PROPOSED
        ),
        call=call or CallBackForm(formdata=None),
        end=end or EndForm(formdata=None),
        wrong=wrong,
        history=history_of(change),
        page_error=wrong is not None,
    )
    response.status_code = status
    return response


def _spaced(digits: str) -> str:
    return "-".join(digits[place : place + 2] for place in range(0, len(digits), 2))
