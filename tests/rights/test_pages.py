"""Periods that may be lengthened and never shortened; holds placed and lifted; the preview."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import select

from portal.audit.actions import Actor
from portal.identity.rules import Role
from portal.kernel.database import Database
from portal.rights.actions import HoldOver, TooShort, keep_for, lift_hold, place_hold
from portal.rights.due import preview, scope_for
from portal.rights.models import KeptFor, LegalHold
from portal.rights.rules import SCHEDULE, Category
from tests.makers import make_council, make_notice, make_person, sign_in
from tests.makers.signing_in import csrf_token
from tests.rights.conftest import OPERATOR

AT = datetime(2026, 10, 2, 9, tzinfo=UTC)


def test_an_administrator_lengthens_holds_lifts_and_sees_what_comes(
    client: FlaskClient, owner_database: Database, database: Database
) -> None:
    with owner_database.transaction(OPERATOR) as session:
        council = make_council(session, name="Aldermoor Council")
        person = make_person(
            session, organisation=council, roles=[Role.COUNCIL_ADMINISTRATOR], name="Ada Birch"
        )
        for day in (1, 2):
            make_notice(
                session, person=person, organisation=council, at=AT.replace(year=2025, day=day)
            )
    own, by = council.id, Actor(person.id, person.name, council.id)
    with database.transaction(scope_for(own)) as session:
        assert preview(session, own, AT)[Category.NOTICES] == 1  # the second is of 365 days ago
        with pytest.raises(TooShort, match="6 to 150 financial years"):
            keep_for(session, by, {Category.NOTICES: 500, Category.FINANCE: 5}, at=AT)
        with pytest.raises(TooShort):
            keep_for(session, by, {Category.SIGN_INS: 1000}, at=AT)
        assert session.scalars(select(KeptFor)).all() == []
        keep_for(session, by, {Category.NOTICES: 366}, at=AT)
        assert preview(session, own, AT)[Category.NOTICES] == 0
        keep_for(session, by, {Category.NOTICES: 365}, at=AT)
        with pytest.raises(HoldOver):
            place_hold(session, by, None, reason="Late", until=date(2026, 10, 1), at=AT)
        hold = place_hold(session, by, None, reason="A court", until=date(2026, 10, 2), at=AT)
        assert preview(session, own, AT)[Category.NOTICES] == 0
        assert preview(session, own, AT.replace(day=3))[Category.NOTICES] == 2
        lift_hold(session, by, hold.id, because="It is over", at=AT)
        assert preview(session, own, AT)[Category.NOTICES] == 1
        with pytest.raises(HoldOver):
            lift_hold(session, by, hold.id, because="Again", at=AT)
    sign_in(client, person)
    page = client.get("/retention").text
    for kept in SCHEDULE.values():
        assert escape(kept.title) in page
    token = csrf_token(client.get("/retention/change").text)
    typed = {"invitations": "30", "notices": "365", "accounts": "6", "finance": "5", "care": "75"}
    refused = client.post("/retention/change", data={**typed, "csrf_token": token})
    assert refused.status_code == 422
    assert "6 to 150 financial years" in refused.text
    saved = client.post("/retention/change", data={**typed, "finance": "8", "csrf_token": token})
    assert saved.status_code == 303
    placed = client.post(
        "/retention/holds/place",
        data={"about": str(person.id), "reason": "An inquiry", "csrf_token": token},
    )
    assert placed.status_code == 303
    listed = client.get("/retention/holds").text
    assert "An inquiry" in listed
    with owner_database.session(OPERATOR) as session:
        hold_id = session.scalars(
            select(LegalHold.id).where(LegalHold.person_id == person.id)
        ).one()
    lifted = client.post(
        f"/retention/holds/{hold_id}/lift", data={"because": "Done", "csrf_token": token}
    )
    assert lifted.status_code == 303
    assert "Ada Birch: Done" in client.get("/retention/holds").text
