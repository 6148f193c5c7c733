"""A council's complaints in a year, as figures and as a file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from portal.complaints.keeping.queries import counted, first_year
from portal.complaints.keeping.rules import year_of
from portal.identity.permissions import Permission
from portal.identity.viewing import viewer
from portal.kernel.access import requires
from portal.kernel.clock import local_date, now
from portal.kernel.documents.tables import csv_chunks
from portal.kernel.errors import NotFound
from portal.kernel.fragments import render
from portal.kernel.session import db
from portal.kernel.years import Year
from portal.reporting.complaints.forms import YearFilters
from portal.reporting.complaints.rules import Figures, figures

routes = Blueprint("complaint_figures", __name__, url_prefix="/complaint-figures")
HEADINGS = ("Table", "Row", "Number")


@routes.get("")
@requires(Permission.COMPLAINT_FIGURES)
def index() -> ResponseReturnValue:
    """The figures of a year; counts under 5 and what would reveal them are hidden."""
    form, year = _chosen()
    return render(
        "reporting/complaints/index.html",
        fragment="results",
        filters=form,
        year=year,
        figures=_figures(viewer().organisation_id, year),
    )


@routes.get("/<year_code>.csv")
@requires(Permission.COMPLAINT_FIGURES)
def file(year_code: str) -> ResponseReturnValue:
    """The same as CSV: nothing is in the file that the page hides."""
    year = next((one for one in _years() if one.code == year_code), None)
    if year is None:
        raise NotFound
    found = _figures(viewer().organisation_id, year)
    answer = Response(b"".join(csv_chunks(HEADINGS, _rows(found))), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename=f"complaints-{year.code}.csv")
    return answer


def _years() -> list[Year]:
    """This year, then those before, to the first that anything is known of."""
    today = local_date(now())
    this = year_of(today)
    first = year_of(first_year(db(), viewer().organisation_id) or today)
    return [year_of(date(n, 4, 1)) for n in range(this.first.year, first.first.year - 1, -1)]


def _chosen() -> tuple[YearFilters, Year]:
    years = _years()
    form = YearFilters(request.args)
    form.year.offer([(year.code, _say(year)) for year in years])
    return form, next((year for year in years if year.code == form.year.chosen), years[0])


def _say(year: Year) -> str:
    return f"April {year.first.year} to March {year.last.year}"


def _figures(council_id: UUID, year: Year) -> Figures:
    return figures(counted(db(), council_id, year))


def _rows(found: Figures) -> Iterator[tuple[str, str, str]]:
    yield "All", "All", "Under 5" if found.total is None else str(found.total)
    for table in found.breakdowns:
        for label, said in table.said:
            yield table.title, label, said
    for label, said in found.limits:
        yield "Time limits met", label, said
