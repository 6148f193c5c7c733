"""The page of one agreement's month: what was recorded, and the form that adds to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from flask import Response, request

from portal.agreements.models import Agreement
from portal.delivery.corrections.queries import Corrected, corrected_sessions
from portal.delivery.models import DeliverySession, Stay
from portal.delivery.months import queries
from portal.delivery.months.rules import NightFigures, SessionFigures
from portal.delivery.nights.forms import NightsForm
from portal.delivery.rules import (
    CANCELLED_BY_NAMES,
    MODE_NAMES,
    SESSION_STATE_NAMES,
    Mode,
    Nights,
    SessionState,
)
from portal.delivery.sessions.forms import SessionForm
from portal.frameworks.rules import Unit
from portal.identity.permissions import Permission
from portal.identity.viewing import can
from portal.kernel.errors import DomainError
from portal.kernel.fragments import render
from portal.kernel.local_time import local_date, to_local
from portal.kernel.months import Month
from portal.kernel.session import db
from portal.kernel.wording import say_count, say_date, say_day, say_hours, say_period, say_time

TONES = {
    SessionState.SCHEDULED: "waiting",
    SessionState.DELIVERED: "good",
    SessionState.NOT_ATTENDED: "warn",
    SessionState.CANCELLED: "neutral",
}


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session in words, the session itself, and what a correction made of it."""

    it: DeliverySession
    corrected: Corrected | None = None

    @property
    def when(self) -> str:
        """As "Thu 16 Apr, 4:30pm"."""
        return f"{say_day(self.it.service_date)}, {say_time(to_local(self.it.starts_at).time())}"

    @property
    def length(self) -> str:
        """As "1.5 hours", "2 hours, corrected to 1.5 hours"."""
        said = say_hours(self.it.minutes)
        if self.corrected is None or self.corrected.minutes == self.it.minutes:
            return said
        return f"{said}, corrected to {say_hours(self.corrected.minutes)}"

    @property
    def stands_as(self) -> SessionState:
        """What became of it, after any correction."""
        return self.it.state if self.corrected is None else self.corrected.state

    @property
    def state(self) -> str:
        """What became of it."""
        if self.corrected is not None and self.corrected.moved:
            return "Recorded again"
        return SESSION_STATE_NAMES[self.stands_as]

    @property
    def what(self) -> str:
        """The same, and of a cancelled one by whom and why."""
        if self.it.cancelled_by is None:
            return self.state
        by = CANCELLED_BY_NAMES[self.it.cancelled_by]
        because = f": {self.it.cancelled_because}" if self.it.cancelled_because else ""
        return f"{self.state} by {by[0].lower()}{by[1:]}{because}"

    @property
    def tone(self) -> str:
        """The tone of its tag."""
        return TONES[self.stands_as]

    @property
    def mode(self) -> str:
        """How they met."""
        return MODE_NAMES[self.it.mode]


@dataclass(frozen=True, slots=True)
class StayRow:
    """Recorded nights in words, and the stay itself."""

    it: Stay

    @property
    def when(self) -> str:
        """As "1 to 30 April 2026"."""
        return say_period(self.it.first_night, self.it.last_night)

    @property
    def number(self) -> int:
        """How many nights."""
        return len(Nights(self.it.first_night, self.it.last_night))


def asked_month(at: datetime) -> Month:
    """The month in the address; this one when there is none or it cannot be read."""
    try:
        return Month.parse(request.args["month"])
    except (KeyError, DomainError):
        return Month.of(local_date(at))


def new_session_form(agreement: Agreement, month: Month, today: date) -> SessionForm:
    """The form for the next session: the month filled in, and whoever is assigned chosen."""
    form = SessionForm(
        formdata=None,
        state=SessionState.DELIVERED.value,
        mode=Mode.FACE_TO_FACE.value,
        interactions=1,
    )
    form.offer(agreement.assignments)
    form.day.typed = {"day": "", "month": str(month.month), "year": str(month.year)}
    day = min(month.last, today)
    for assignment in agreement.assignments:
        if assignment.starts_on <= day:
            form.mentor.data = str(assignment.mentor_id)
    return form


def new_nights_form(month: Month) -> NightsForm:
    """The form for further nights, its month filled in."""
    form = NightsForm(formdata=None, present="present")
    for field in (form.first_night, form.last_night):
        field.typed = {"day": "", "month": str(month.month), "year": str(month.year)}
    return form


def agreement_page(
    agreement: Agreement,
    month: Month,
    *,
    at: datetime,
    form: SessionForm | NightsForm | None = None,
) -> Response:
    """The page, or for htmx the part of it that changes; ``form`` holds what was typed wrong."""
    by_night = agreement.unit is Unit.NIGHT
    today = local_date(at)
    stays: Sequence[Stay] = []
    sessions: Sequence[DeliverySession] = []
    corrected: Mapping[UUID, Corrected] = {}
    figures: SessionFigures | NightFigures
    if by_night:
        stays = queries.stays_of_month(db(), agreement.id, month)
        figures = queries.night_figures(db(), [agreement], month, today=today)[agreement.id]
        form = form or new_nights_form(month)
    else:
        sessions = queries.sessions_of_month(db(), agreement.id, month)
        corrected = corrected_sessions(db(), month.first, month.last, agreement_ids=[agreement.id])
        figures = queries.session_figures(db(), [agreement], month, at=at)[agreement.id]
        form = form or new_session_form(agreement, month, today)
    return render(
        "delivery/agreement.html",
        fragment="entries",
        agreement=agreement,
        month=month,
        by_night=by_night,
        figures=figures,
        rows=[StayRow(stay) for stay in stays]
        or [SessionRow(one, corrected.get(one.id)) for one in sessions],
        form=form,
        saved=None if form.errors else _saved(sessions, stays),
        invoices=can(Permission.INVOICE_READ),
    )


def _saved(sessions: Sequence[DeliverySession], stays: Sequence[Stay]) -> str | None:
    """What the address says was saved just now, in words."""
    try:
        wanted = UUID(request.args.get("saved", ""))
    except ValueError:
        return "Removed." if "removed" in request.args else None
    for session in sessions:
        if session.id == wanted:
            return f"Saved: {say_hours(session.minutes)} on {say_date(session.service_date)}."
    for stay in stays:
        if stay.id == wanted:
            nights = len(Nights(stay.first_night, stay.last_night))
            days = say_period(stay.first_night, stay.last_night)
            return f"Saved: {say_count(nights, 'night')}, {days}."
    return None
