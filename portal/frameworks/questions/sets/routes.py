"""Bringing a set of questions into a round, and taking the round's own out as a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.frameworks.questions import actions, queries
from portal.frameworks.questions.presenting import conditions, say_kind
from portal.frameworks.questions.rewording import round_to_reword
from portal.frameworks.questions.sets.files import QuestionSet, read_set, write_set
from portal.frameworks.questions.sets.forms import FileForm, TakeForm
from portal.frameworks.questions.sets.ready_made import ready_made
from portal.frameworks.rounds.models import Round
from portal.frameworks.rounds.queries import get_round
from portal.identity.permissions import Permission
from portal.identity.viewing import actor
from portal.kernel.access import requires
from portal.kernel.clock import now
from portal.kernel.entries.problems import Refused
from portal.kernel.fragments import render
from portal.kernel.session import db
from portal.kernel.wording import say_count

routes = Blueprint("sets", __name__, url_prefix="/sets")

LARGEST = 400 * 1024


@routes.get("")
@requires(Permission.ROUND_RUN)
def index(round_id: UUID) -> ResponseReturnValue:
    """The ready-made sets, and a place for one's own file."""
    return _ask_for_file(FileForm(), round_to_reword(round_id))


@routes.post("")
@requires(Permission.ROUND_RUN)
def bring_in(round_id: UUID) -> ResponseReturnValue:
    """Take all the questions of a file, or say at each place what is wrong."""
    round_ = round_to_reword(round_id)
    form = FileForm()
    if not form.validate_on_submit():
        return _ask_for_file(form, round_), 422
    content = form.file.data.stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        form.file.errors = ["Choose a file of at most 400 KB"]
        return _ask_for_file(form, round_), 422
    try:
        read = read_set(content, form.file.data.filename[:100])
    except Refused as refused:
        return _ask_for_file(form, round_, refused.sentences), 422
    try:
        done = actions.bring_in(db(), actor(), round_id, read.drafted, at=now())
    except actions.Faulty as faulty:
        return _ask_for_file(form, round_, read.refused(faulty.faults).sentences), 422
    return _brought_in(round_id, done)


@routes.get("/<set_name>")
@requires(Permission.ROUND_RUN)
def show(round_id: UUID, set_name: str) -> ResponseReturnValue:
    """What a ready-made set asks, before it is taken."""
    return _ask_to_take(TakeForm(), round_to_reword(round_id), set_name, _ready_made(set_name))


@routes.post("/<set_name>")
@requires(Permission.ROUND_RUN)
def take(round_id: UUID, set_name: str) -> ResponseReturnValue:
    """Ask its questions of everybody, or of one lot's bidders."""
    round_, found = round_to_reword(round_id), _ready_made(set_name)
    form = TakeForm()
    form.offer(queries.lots_of(db(), round_id))
    if not form.validate_on_submit():
        return _ask_to_take(form, round_, set_name, found), 422
    lot = int(form.lot.data) if form.lot.data else None
    wanted = [replace(one, lot=lot) for one in found.drafted]
    try:
        done = actions.bring_in(db(), actor(), round_id, wanted, at=now())
    except actions.Faulty as faulty:
        form.lot.errors = [f"“{fault.code}”: {fault.sentence}" for fault in faulty.faults[:5]]
        return _ask_to_take(form, round_, set_name, found), 422
    return _brought_in(round_id, done)


@routes.get("/questions.yaml")
@requires(Permission.ROUND_READ)
def take_out(round_id: UUID) -> ResponseReturnValue:
    """Everything that the round asks, as a file that can be changed and brought in again."""
    round_ = get_round(db(), round_id)
    drafted = [one.drafted for one in queries.asked(db(), round_id, None)]
    return Response(
        write_set(round_.title, drafted),
        mimetype="application/yaml",
        headers={"Content-Disposition": "attachment; filename=questions.yaml"},
    )


def _brought_in(round_id: UUID, done: actions.BroughtIn) -> ResponseReturnValue:
    flash(
        f"{say_count(done.added, 'question')} added, {done.changed} changed, "
        f"{done.unchanged} as before.",
        "success",
    )
    return redirect(url_for("questions.index", round_id=round_id), 303)


def _ready_made(name: str) -> QuestionSet:
    return ready_made().get(name) or abort(404)


def _ask_for_file(form: FileForm, round_: Round, problems: Sequence[str] = ()) -> Response:
    return render(
        "frameworks/questions/sets/index.html",
        form=form,
        round=round_,
        problems=problems,
        page_error=bool(problems),
        sets=[
            (name, found, sum(one.says.points for one in found.drafted))
            for name, found in ready_made().items()
        ],
    )


def _ask_to_take(form: TakeForm, round_: Round, name: str, found: QuestionSet) -> Response:
    form.offer(queries.lots_of(db(), round_.id))
    return render(
        "frameworks/questions/sets/show.html",
        form=form,
        round=round_,
        name=name,
        found=found,
        say_kind=say_kind,
        conditions=conditions({one.code: one.says for one in found.drafted}),
    )
