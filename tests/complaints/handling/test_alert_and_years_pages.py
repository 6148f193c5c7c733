"""Taking a safeguarding alert, and setting how long complaints are kept, over HTTP."""

from __future__ import annotations

from portal.identity.rules import Role
from tests.complaints.handling.test_pages import manager, new_complaint
from tests.support.visits import Visits


def test_an_alert_is_taken_once_and_recorded(visits: Visits) -> None:
    address = new_complaint(visits, urgent=True).replace("/complaints/", "/alerts/")
    lead = manager(visits)
    assert lead.open(address).status == 200
    assert lead.send(address, {}).status == 422
    assert lead.send(address, {"doing": "I am calling now."}).status == 303
    assert lead.send(address, {"doing": "I am calling too."}).status == 409
    auditor = visits.by(visits.world.aldermoor, Role.AUDITOR)
    assert len(auditor.open("/audit?event=complaints:alert:taken").rows) == 1


def test_the_years_are_set_and_recorded(visits: Visits) -> None:
    years = {"children": "75", "other": "6", "data_protection": "6"}
    assert manager(visits).send("/complaints/kept", {**years, "other": "0"}).status == 422
    assert manager(visits).send("/complaints/kept", years).status == 303
    page = manager(visits).open("/complaints/kept")
    assert page.values("children") == ["75"]
    auditor = visits.by(visits.world.aldermoor, Role.AUDITOR)
    (row,) = auditor.open("/audit?group=complaints&about=kept-years").rows
    assert "Children 75" in row
