"""Payment runs of a council: proposed, released by another person, taken out as files, remitted."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.identity.people.queries import same_person
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, can, viewer
from portal.invoicing.interest.presenting import interest_today
from portal.invoicing.runs import actions, files, queries
from portal.invoicing.runs.forms import RemittancesForm, ticked
from portal.invoicing.runs.rules import ENTRY_STATE_NAMES, EntryState, RunState, key_of, matched
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.errors import NotFound
from portal.kernel.fragments import render
from portal.kernel.money import ZERO, Money
from portal.kernel.session import db
from portal.kernel.wording import say_count

routes = Blueprint("runs", __name__, url_prefix="/payment-runs")

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}


@routes.get("")
@requires(Permission.RUN_READ)
def index() -> ResponseReturnValue:
    """The council's runs, the newest first, and what waits to be put in one."""
    council_id = viewer().organisation_id
    page = queries.runs_page(db(), council_id, request.args.get("page"))
    return render(
        "invoicing/runs/index.html",
        page=page,
        left=queries.left_of(db(), [run.id for run in page.rows]),
        may_propose=can(Permission.RUN_PROPOSE),
        may_record=can(Permission.PAYMENT_RECORD),
    )


@routes.get("/new")
@requires(Permission.RUN_PROPOSE)
def choose() -> ResponseReturnValue:
    """What can be paid today, ticked, and what cannot with the reason."""
    return _choose()


@routes.post("/new")
@requires(Permission.RUN_PROPOSE)
def propose() -> ResponseReturnValue:
    """Propose what is ticked, or show what is against it."""
    amounts = ticked(request.form.getlist("invoice"))
    try:
        run = actions.propose(db(), actor(), amounts, at=now())
    except (actions.NothingToRun, actions.ChangedMeanwhile) as refused:
        db().rollback()
        return _choose(refused.sentence, set(amounts)), refused.status
    flash(f"{run.reference} is proposed. Somebody else has to release it.", "success")
    return redirect(url_for(".show", run_id=run.id), 303)


@routes.get("/<uuid:run_id>")
@requires(Permission.RUN_READ)
def show(run_id: UUID) -> ResponseReturnValue:
    """What a run pays, to whom, and how far it has come."""
    run, today = queries.get_run(db(), run_id), local_date(now())
    entries = queries.entries_of(db(), run.id)
    waiting = [entry for entry in entries if entry.state is EntryState.WAITING]
    proposed = run.state is RunState.PROPOSED
    releases = proposed and bool(waiting) and can(Permission.RUN_RELEASE)
    own = releases and bool(same_person(db(), viewer().person_id, queries.hands_of(db(), run)))
    return render(
        "invoicing/runs/show.html",
        run=run,
        entries=entries,
        late={
            entry.id: late.total
            for entry in waiting
            if (late := interest_today(entry.invoice, entry.amount, today))
        },
        left=Money.total(entry.amount for entry in waiting),
        waiting=len(waiting),
        states=ENTRY_STATE_NAMES,
        may_release=releases and not own,
        own=own,
        may_cancel=proposed and can(Permission.RUN_PROPOSE),
        may_take_out=can(Permission.RUN_RELEASE),
        may_record=can(Permission.PAYMENT_RECORD),
    )


@routes.post("/<uuid:run_id>/release")
@requires(Permission.RUN_RELEASE)
def release(run_id: UUID) -> ResponseReturnValue:
    """The second person lets it be paid."""
    run = actions.release(db(), actor(), run_id, at=now())
    flash(f"{run.reference} is released. Take it out as a file for the bank.", "success")
    return redirect(url_for(".show", run_id=run_id), 303)


@routes.post("/<uuid:run_id>/cancel")
@requires(Permission.RUN_PROPOSE)
def cancel(run_id: UUID) -> ResponseReturnValue:
    """Give back everything that it holds."""
    run = actions.cancel(db(), actor(), run_id, at=now())
    flash(f"{run.reference} is cancelled. Its invoices can go in another run.", "success")
    return redirect(url_for(".show", run_id=run_id), 303)


@routes.post("/<uuid:run_id>/entries/<uuid:entry_id>/take-out")
@requires(Permission.RUN_RELEASE)
def take_out(run_id: UUID, entry_id: UUID) -> ResponseReturnValue:
    """Leave an invoice out; it can go in another run."""
    entry = actions.take_out(db(), actor(), run_id, entry_id, at=now())
    flash(f"{entry.invoice.reference} is out of this run and can go in another.", "success")
    return redirect(url_for(".show", run_id=run_id), 303)


@routes.post("/<uuid:run_id>/download")
@requires(Permission.RUN_READ)
def download(run_id: UUID) -> ResponseReturnValue:
    """A released run as the file that the form's ``kind`` names; each is recorded.

    Raises NotFound for another kind, NotReleased, NoEndpoint.
    """
    kind, run = request.form.get("kind", ""), queries.get_run(db(), run_id)
    if kind not in TYPES:
        raise NotFound
    if run.state is not RunState.RELEASED:
        raise actions.NotReleased
    entries = [
        entry
        for entry in queries.entries_of(db(), run.id)
        if entry.state is not EntryState.TAKEN_OUT
    ]
    match kind:
        case "csv":
            content = files.run_csv(run, entries)
        case "xlsx":
            content = files.run_xlsx(run, entries)
        case _:
            content = files.run_ubl(db(), entries)
    actions.exported(db(), actor(), run, kind, at=now())
    return Response(
        content,
        content_type=TYPES[kind],
        headers={"Content-Disposition": f'attachment; filename="{run.reference}.{kind}"'},
    )


@routes.get("/remittances")
@requires(Permission.PAYMENT_RECORD)
def remittances() -> ResponseReturnValue:
    """Ask for the file that says what was paid."""
    return _remittances(RemittancesForm())


@routes.post("/remittances")
@requires(Permission.PAYMENT_RECORD)
def preview() -> ResponseReturnValue:
    """Show which rows pay what, and which match nothing. Nothing is saved."""
    form = RemittancesForm()
    if not form.validate_on_submit():
        return _remittances(form), 422
    try:
        return _preview(files.decoded(form.file.data.stream.read(files.LARGEST + 1)))
    except files.UnreadableRemittances as refusal:
        form.file.errors = [refusal.sentence]
        return _remittances(form), refusal.status


@routes.post("/remittances/confirm")
@requires(Permission.PAYMENT_RECORD)
def confirm() -> ResponseReturnValue:
    """Record the rows that match, read and matched again as everything stands now."""
    rows, _unread = files.read_remittances(request.form.get("rows", ""))
    sound, _wrong = actions.remit(db(), actor(), rows, at=now())
    paid = Money.total(found.amount for _row, found in sound)
    flash(
        f"{say_count(len(sound), 'payment')} recorded, {paid}. The providers see them with "
        "their remittance references."
        if sound
        else "No row matched any more. Nothing was recorded.",
        "success" if sound else "info",
    )
    return redirect(url_for(".index"), 303)


def _choose(problem: str = "", chosen: Collection[UUID] | None = None) -> Response:
    today = local_date(now())
    found = queries.candidates(db(), viewer().organisation_id, today)
    can_be = [each for each in found if not each.why_not]
    return render(
        "invoicing/runs/new.html",
        payable=can_be,
        held=[each for each in found if each.why_not],
        total=Money.total(each.amount for each in can_be) if can_be else ZERO,
        chosen=chosen,
        late={
            each.invoice.id: late.total
            for each in can_be
            if (late := interest_today(each.invoice, each.amount, today))
        },
        problem=problem,
        page_error=bool(problem),
    )


def _remittances(form: RemittancesForm) -> Response:
    return render(
        "invoicing/runs/remittances.html", form=form, columns=files.READ, most=files.MOST_ROWS
    )


def _preview(content: str) -> Response:
    rows, unread = files.read_remittances(content)
    keys = [key_of(row.run, row.invoice) for row in rows]
    payable = queries.payable(db(), viewer().organisation_id, keys)
    sound, wrong = matched(rows, payable, local_date(now()))
    return render(
        "invoicing/runs/preview.html",
        sound=[row for row, _found in sound],
        total=Money.total(row.amount for row, _found in sound),
        wrong=sorted(
            [(row.line, f"{row.run} {row.invoice}", why) for row, why in wrong]
            + [(one.line, "", one.why) for one in unread]
        ),
        content=content,
    )
