"""A mentor's own day: the sessions of all their agreements, said in one tap."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.delivery.models import DeliverySession
from portal.delivery.months.page import SessionRow
from portal.delivery.rules import Refused, SessionState
from portal.delivery.sessions.actions import change_session
from portal.delivery.sessions.queries import entry_of
from portal.delivery.today import queries
from portal.delivery.today.forms import CancelForm, DetailsForm
from portal.identity.permissions import Permission
from portal.identity.viewing import actor, viewer
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.errors import Stale
from portal.kernel.fragments import render
from portal.kernel.local_time import to_local
from portal.kernel.session import db
from portal.kernel.wording import say_time

routes = Blueprint("today", __name__, url_prefix="/today")
Page = Callable[..., Response]
ONE_TAP = {state.value: state for state in (SessionState.DELIVERED, SessionState.NOT_ATTENDED)}


@dataclass(frozen=True, slots=True)
class Visit(SessionRow):
    """A session as the day shows it; ``begun`` and ``over`` are of its time."""

    begun: bool = False
    over: bool = False

    @property
    def hours(self) -> str:
        """As "4pm to 5:30pm"."""
        starts = to_local(self.it.starts_at)
        ends = to_local(self.it.starts_at + timedelta(minutes=self.it.minutes))
        return f"{say_time(starts.time())} to {say_time(ends.time())}"

    @property
    def open(self) -> bool:
        """Whether nobody has said yet what happened."""
        return self.it.state is SessionState.SCHEDULED

    @property
    def told(self) -> bool:
        """Whether it can be told more of: it took place or was missed, and is on no invoice."""
        return self.it.state in ONE_TAP.values() and self.it.locked_at is None


@routes.get("")
@requires(Permission.DAY_KEEP)
def show() -> ResponseReturnValue:
    """The sessions of a day, today's unless another is asked for."""
    return _day_page(now())


@routes.post("/<uuid:session_id>/happened")
@requires(Permission.DAY_KEEP)
def happened(session_id: UUID) -> ResponseReturnValue:
    """Say in one tap that a session was delivered, or that nobody came."""
    at = now()
    delivered = queries.get_own(db(), viewer().person_id, session_id)
    state = ONE_TAP.get(request.form.get("state", ""))
    if state is None:
        return _day_page(at, wrong="Choose what happened.", of=delivered), 422
    entry = replace(entry_of(delivered), state=state)
    try:
        change_session(db(), actor(), delivered, entry, version=_version(), at=at)
    except Refused as refused:
        return _day_page(at, wrong=refused.sentence, of=delivered), 422
    return _to_day(delivered)


@routes.get("/<uuid:session_id>")
@requires(Permission.DAY_KEEP)
def details(session_id: UUID) -> ResponseReturnValue:
    """A session's length, interactions, mode and summary."""
    delivered = queries.get_own(db(), viewer().person_id, session_id)
    form = DetailsForm(
        formdata=None,
        minutes=delivered.minutes,
        interactions=delivered.interactions,
        mode=delivered.mode.value,
        summary=delivered.summary,
    )
    return _details_page(delivered, form)


@routes.post("/<uuid:session_id>")
@requires(Permission.DAY_KEEP)
def save_details(session_id: UUID) -> ResponseReturnValue:
    """Keep what was done in a session."""
    delivered = queries.get_own(db(), viewer().person_id, session_id)
    return _save(delivered, DetailsForm(), _details_page)


@routes.get("/<uuid:session_id>/cancel")
@requires(Permission.DAY_KEEP)
def cancelling(session_id: UUID) -> ResponseReturnValue:
    """Ask who called a session off, and why."""
    delivered = queries.get_own(db(), viewer().person_id, session_id)
    return _cancel_page(delivered, CancelForm(formdata=None))


@routes.post("/<uuid:session_id>/cancel")
@requires(Permission.DAY_KEEP)
def cancel(session_id: UUID) -> ResponseReturnValue:
    """Keep that a session was called off, by whom and why."""
    delivered = queries.get_own(db(), viewer().person_id, session_id)
    return _save(delivered, CancelForm(), _cancel_page)


def _save(
    delivered: DeliverySession, form: DetailsForm | CancelForm, page: Page
) -> ResponseReturnValue:
    if not form.validate_on_submit():
        return page(delivered, form), 422
    try:
        entry = form.of(entry_of(delivered))
        change_session(db(), actor(), delivered, entry, version=_version(), at=now())
    except Refused as refused:
        form.refuse(refused.refusals)
        return page(delivered, form), 422
    except Stale:
        return page(delivered, form, stale=True), 409
    return _to_day(delivered)


def _day_page(at: datetime, *, wrong: str = "", of: DeliverySession | None = None) -> Response:
    today, person_id = local_date(at), viewer().person_id
    day = of.service_date if of is not None else _asked_day(today)
    visits = [_visit(one, at) for one in queries.own_day(db(), person_id, day)]
    return render(
        "delivery/today.html",
        fragment="day",
        day=day,
        today=today,
        yesterday=day - timedelta(days=1),
        tomorrow=day + timedelta(days=1),
        visits=visits,
        unsaid=[_visit(one, at) for one in queries.unsaid(db(), person_id, today)]
        if day == today
        else [],
        next_day=queries.next_day(db(), person_id, day) if not visits else None,
        agreements=queries.own_agreements(db(), person_id, day),
        wrong=wrong,
        page_error=bool(wrong),
        of=of,
        said=None if wrong else _said(visits),
    )


def _visit(one: DeliverySession, at: datetime) -> Visit:
    return Visit(one, begun=one.starts_at <= at, over=queries.ended(one, at))


def _said(visits: list[Visit]) -> Visit | None:
    """The session that the address says was just told of."""
    return next((one for one in visits if str(one.it.id) == request.args.get("said")), None)


def _asked_day(today: date) -> date:
    try:
        return date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return today


def _details_page(
    delivered: DeliverySession, form: DetailsForm | CancelForm, *, stale: bool = False
) -> Response:
    return render(
        "delivery/today_details.html", visit=_visit(delivered, now()), form=form, stale=stale
    )


def _cancel_page(
    delivered: DeliverySession, form: DetailsForm | CancelForm, *, stale: bool = False
) -> Response:
    return render(
        "delivery/today_cancel.html", visit=_visit(delivered, now()), form=form, stale=stale
    )


def _version() -> int:
    return request.form.get("version", default=0, type=int)


def _to_day(delivered: DeliverySession) -> ResponseReturnValue:
    day = delivered.service_date.isoformat()
    return redirect(url_for(".show", day=day, said=delivered.id), 303)
