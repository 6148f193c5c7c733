"""Somebody who follows a complaint without an account reaches that and nothing else; and nobody at
the provider that it is about learns from any page that there is one (promise 1, issue 6)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from portal.complaints.browser import FOLLOWED_FOR
from portal.identity import looking
from portal.identity.rules import OrganisationKind, Role
from portal.kernel.files import StoredFile
from portal.kernel.tenancy import Scope
from tests.access.expectations import FOR_EVERYBODY, OF_A_ROUND, models, rows
from tests.complaints.somebody import Somebody, somebody_at
from tests.makers.complaints import PASSPHRASE
from tests.support.size import ONE_ENGINE
from tests.support.visits import Visits
from tests.world import roles_of

OF_ONES_OWN = {
    "complaint": "id",
    "complaint_message": "complaint_id",
    "complaint_attachment": "complaint_id",
    "complaint_stage": "complaint_id",
    "complaint_pause": "complaint_id",
    "stored_file": "following_id",
}
CHANGES = re.compile(
    r'name="(?:csrf_token|_nonce)" value="[^"]*"|\b\d{1,2}(?::\d\d){0,2}[ap]m\b|cursor=[\w-]+'
)
NOT_OPENED = ("/static/", "/young-people", "/cy/", "/ar/", "/large-print/", "/account/")
ALIKE = 4  # pages of one kind


def test_the_rows_of_a_follower_are_their_own_complaints(visits: Visits) -> None:
    """And what anybody may read: of rounds what is announced."""
    world = visits.world
    announced = {one.round.id for one in (world.advertised, world.applied, world.elsewhere)}
    for dealings in visits.world.dealings:
        own = dealings.complaint.id
        with visits.standing.application.session(Scope.follower(own)) as session:
            for model in models():
                name = model.__tablename__
                if name in FOR_EVERYBODY:
                    continue
                found = rows(session, model)
                if name in OF_A_ROUND:
                    of = "id" if name == "round" else "round_id"
                    assert {getattr(row, of) for row in found} <= announced, name
                    continue
                assert not found or name in OF_ONES_OWN, f"a follower sees {name}"
                assert {getattr(row, OF_ONES_OWN[name]) for row in found} <= {own}, name
            assert rows(session, StoredFile), "that they see their own is what makes this tell"


def test_a_follower_is_nobody_on_every_other_page(visits: Visits) -> None:
    own, other = (visits.world.dealings[place].complaint for place in (0, 1))
    follower = _follow(visits, own.reference)
    assert own.what_happened in follower.get("/follow/read").text
    for rule in visits.app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.arguments:
            continue
        answered = follower.client.get(rule.rule)
        assert answered.status_code in {200, 303, 404}, rule.rule
        assert other.what_happened not in answered.text
        assert own.what_happened not in answered.text
    with visits.app.test_request_context():
        inside = visits.app.url_for("complaints.show", complaint_id=own.id)
    assert follower.client.get(inside).location.startswith("/sign-in")
    assert FOLLOWED_FOR.total_seconds() == 30 * 60


@pytest.mark.parametrize("visits", ONE_ENGINE, indirect=True, scope="module")
@pytest.mark.parametrize(
    "role",
    [
        Role.DELIVERY,
        *(
            pytest.param(role, marks=pytest.mark.slow)
            for role in roles_of(OrganisationKind.PROVIDER)
            if role is not Role.DELIVERY
        ),
    ],
)
def test_the_providers_whole_site_is_the_same_after_a_complaint_about_it(
    visits: Visits, role: Role, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing about who, no count, no clue: every page that its people can reach is unchanged."""
    monkeypatch.setattr(looking, "record_look", lambda *_said, **_more: None)  # by the crawl itself
    larkspur = visits.world.larkspur
    visitor = visits.by(larkspur, role)
    before = dict(_crawl(visits.app, visitor.client))
    assert len(before) > 5
    told = "They shouted at me and I do not feel well there."
    about = {"about": "provider", "provider": str(larkspur.id)}
    somebody_at(visits.app).send_all(happened={"happened": told}, about=about)
    after = dict(_crawl(visits.app, visitor.client))
    assert after.keys() == before.keys()
    assert [url for url in before if before[url] != after[url]] == []
    assert not any(told in text for text in after.values())


def _follow(visits: Visits, reference: str) -> Somebody:
    somebody = somebody_at(visits.app)
    assert somebody.open(reference, PASSPHRASE).status_code == 303
    return somebody


def _crawl(app: Flask, client: FlaskClient) -> Iterator[tuple[str, str]]:
    """Every page that can be reached by links from the first, without what differs each time.

    Of pages that differ by a day or an id alone, the first few; not one's own account, whose
    codes are new each time, nor the public pages.
    """
    waiting, seen, opened = ["/"], {"/"}, Counter[str]()
    addresses = app.url_map.bind("")
    while waiting:
        url = waiting.pop(0)
        answered = client.get(url)
        text = answered.get_data(as_text=True) if answered.mimetype == "text/html" else ""
        yield url, f"{answered.status} {answered.location}{CHANGES.sub('', text)}"
        links = html.fromstring(text).xpath("//a/@href") if text else []
        for link in [*links, answered.location or ""]:
            parts = urlsplit(link)
            if parts.netloc or not parts.path.startswith("/") or parts.path.startswith(NOT_OPENED):
                continue
            endpoint = str(addresses.match(parts.path.removesuffix(".txt"))[0])
            if link not in seen and opened[endpoint] < ALIKE:
                seen.add(link)
                opened[endpoint] += 1
                waiting.append(link)
