"""A browser for somebody of the tests' council, or for a stranger."""

from __future__ import annotations

import re

from flask import Flask
from werkzeug.test import TestResponse

from portal.identity.models import Membership
from tests.identity.people.conftest import OPERATOR, Council
from tests.support.background import Post
from tests.visiting import Visitor, visit


def browser(app: Flask, council: Council, membership: Membership) -> Visitor:
    """The browser of somebody who is signed in as a member."""
    with council.owner.transaction(OPERATOR) as session:
        return visit(app, session, membership)


def link_in(letter: Post, page: str) -> str:
    """The path of the link to a page that a letter holds."""
    found = re.search(rf"https?://[^/\s]+(/{page}/\S+)", letter.body)
    assert found is not None, letter.body
    return found[1]


def words_of(answer: TestResponse) -> str:
    """What the main part of a page says, in one line."""
    main = answer.text[answer.text.index("<main") : answer.text.index("</main>")]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))
