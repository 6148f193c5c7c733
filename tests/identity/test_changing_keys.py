"""The secret key is changed and nobody notices: what the earlier one signed and sealed still opens,
and is sealed anew; once that key is dropped it opens nothing more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import inspect, select

from portal.audit.models import AuditEvent
from portal.config import Config
from portal.delivery.upload.rows import Kind
from portal.delivery.upload.sealing import SealBroken, seal, unseal
from portal.frameworks.applications.drafts import purpose_of
from portal.frameworks.applications.models import DraftPart
from portal.frameworks.opening.actions import PURPOSE as GIVEN
from portal.frameworks.rounds.models import RoundOpener
from portal.identity.factors.models import Authenticator
from portal.identity.models import Organisation, Person
from portal.kernel.database import Database
from portal.kernel.ids import new_id
from portal.kernel.sealing import Sealing
from tests.identity.coming_in import OPERATOR, come_in, half_in, is_in, later
from tests.makers import csrf_token, make_framework, make_provider
from tests.makers.applications import make_part
from tests.makers.factors import SECRET, SECRET_KEY
from tests.makers.rounds import make_application, make_opener, make_round
from tests.support.applications import application

NEW = "the key that came after"
NEWER = "the key that came after that"
Portal = Callable[..., Flask]


@pytest.fixture
def portal(config: Config) -> Iterator[Portal]:
    """Gives the portal over the same database, with another key and those before it."""
    with ExitStack() as opened:

        def started(secret_key: str, *earlier: str) -> Flask:
            now = replace(config, secret_key=secret_key, earlier_secret_keys=earlier)
            return opened.enter_context(application(now))

        yield started


def test_whoever_is_signed_in_stays_so_and_an_open_form_still_counts(
    portal: Portal, person: Person, owner_database: Database
) -> None:
    before = portal(SECRET_KEY).test_client()
    come_in(before, person, owner_database)
    token = csrf_token(before.get("/account").text)
    kept = before.get_cookie("portal")
    assert kept is not None
    for keys, stays in (((NEWER, NEW), False), ((NEW, SECRET_KEY), True)):
        after = portal(*keys).test_client()
        after.set_cookie("portal", kept.value)
        assert is_in(after) is stays
        after.set_cookie("portal", kept.value)
        answered = after.post("/sign-out", data={"csrf_token": token})
        assert (answered.status_code == 303) is stays


def test_codes_stay_right_and_are_sealed_anew(
    portal: Portal, person: Person, owner_database: Database
) -> None:
    changed = portal(NEW, SECRET_KEY)
    half_in(changed.test_client(), person)
    assert come_in(changed.test_client(), person, owner_database).location == "/"
    done = changed.test_cli_runner().invoke(args=["seal-anew"])
    assert (done.exit_code, done.output) == (0, "Sealed 1 secret with the present key.\n")
    with owner_database.session(OPERATOR) as session:
        sealed = session.get_one(Authenticator, person.id).sealed_secret
        happened = select(AuditEvent).where(AuditEvent.event == "identity:secrets:sealed-anew")
        assert session.scalars(happened).one().details == {"sealed": 1, "not_opened": 0}
    assert Sealing(NEW, "authenticator").open(sealed, of=person.id) == SECRET
    later(owner_database, timedelta(minutes=1))
    assert come_in(portal(NEW).test_client(), person, owner_database).location == "/"


def test_so_are_drafts_of_bids_and_shares_that_wait_for_the_second_opener(
    portal: Portal, council: Organisation, person: Person, owner_database: Database
) -> None:
    with owner_database.transaction(OPERATOR) as session:
        provider = make_provider(session)
        round_ = make_round(session, framework=make_framework(session, lead=council))
        application = make_application(session, round_=round_, provider=provider)
        part = make_part(session, application=application, part="price", value="3", by=person)
        opener = make_opener(session, round_=round_, person=person, council=council)
        opener.given = Sealing(SECRET_KEY, GIVEN).seal("a share", of=round_.id)
    portal(NEW, SECRET_KEY).test_cli_runner().invoke(args=["seal-anew"], catch_exceptions=False)
    with owner_database.session(OPERATOR) as session:
        draft = session.get_one(DraftPart, inspect(part).identity).sealed.decode()
        given = session.get_one(RoundOpener, inspect(opener).identity).given
    assert Sealing(NEW, purpose_of(provider.id)).open(draft, of=provider.id) == '"3"'
    assert given is not None
    assert Sealing(NEW, GIVEN).open(given, of=round_.id) == "a share"


def test_what_no_key_opens_is_counted_and_left_as_it_is(
    portal: Portal, person: Person, owner_database: Database
) -> None:
    with owner_database.session(OPERATOR) as session:
        before = session.get_one(Authenticator, person.id).sealed_secret
    done = portal(NEWER, NEW).test_cli_runner().invoke(args=["seal-anew"])
    assert done.exit_code == 1
    assert "No known key opens 1 other" in done.output
    with owner_database.session(OPERATOR) as session:
        assert session.get_one(Authenticator, person.id).sealed_secret == before


def test_a_preview_made_before_the_change_can_be_confirmed() -> None:
    whose = {"person_id": new_id(), "organisation_id": new_id()}
    sealed = seal([], Kind.NIGHTS, keys=[SECRET_KEY], **whose)
    assert unseal(sealed, keys=[SECRET_KEY, NEW], **whose) == (Kind.NIGHTS, [])
    with pytest.raises(SealBroken):
        unseal(sealed, keys=[NEW, NEWER], **whose)
