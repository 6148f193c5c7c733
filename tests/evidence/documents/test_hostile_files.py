"""A hundred hostile files and requests, through the real pages (promise 6).

No server error, nothing given back inline, and each refused with a sentence or kept harmless.
How a file is read does not depend on the database, so they come to the portal on SQLite alone.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from portal.evidence.models import EvidenceDocument
from portal.identity.rules import Role
from portal.kernel.files import StoredFile
from portal.kernel.files.kinds import FileKind
from portal.kernel.tenancy import Scope, Task
from tests.evidence.documents.sending import from_day, send
from tests.kernel.files.hostile import HOSTILE, TAKEN
from tests.kernel.files.samples import PDF
from tests.makers import csrf_token
from tests.support.visits import Read, Visitor, Visits

pytestmark = pytest.mark.parametrize("visits", ["sqlite"], indirect=True, scope="module")
PAGE_OF_TABLES = "/delivery/upload"


def days() -> Iterator[dict[str, str]]:
    """A first day of its own for each insurance."""
    day = date(2020, 1, 1)
    while True:
        yield from_day(day.day, day.month, day.year)
        day += timedelta(days=1)


def token(visitor: Visitor, path: str) -> str:
    return csrf_token(visitor.client.get(path).get_data(as_text=True))


def test_a_hundred_hostile_files_are_refused_in_words_or_kept_harmless(visits: Visits) -> None:
    assert len(HOSTILE) >= 100
    world = visits.world
    sender = visits.by(world.larkspur, Role.BIDS)
    once = token(sender, "/evidence/send/public-liability")
    taken = set()
    for (what, (name, make)), said in zip(HOSTILE.items(), days(), strict=False):
        answer = send(sender, said=said, content=make(), name=name, token=once)
        assert answer.status in {303, 422}, what
        if answer.status == 303:
            taken.add(what)
        else:
            assert "There is a problem" in answer.words and "Error: This " in answer.words, what
            assert f'value="{said["cover"]}"' in answer.markup, what
            assert "<script>alert" not in answer.markup, what
    assert taken == TAKEN
    with visits.standing.owner.session(Scope.system(Task.OPERATOR)) as session:
        kept = session.execute(
            select(EvidenceDocument.id, StoredFile)
            .join(EvidenceDocument.file)
            .where(
                EvidenceDocument.provider_id == world.larkspur.id,
                EvidenceDocument.sent_by_name != "Sam Sender",  # who sent what the world holds
            )
        ).all()
    given = [
        (stored, sender.open(f"/evidence/documents/{document_id}").response)
        for document_id, stored in kept
    ]
    assert len(given) == len(TAKEN)
    for stored, response in given:
        assert response.status_code == 200
        said_as = response.headers["Content-Disposition"]
        assert said_as.startswith("attachment; filename=") and "\n" not in said_as
        assert response.content_type in {kind.media_type for kind in FileKind}
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in response.headers["Content-Security-Policy"]
        assert "no-store" in response.headers["Cache-Control"]
        assert b"<script" not in response.data and b"PK\x03\x04" not in response.data
        assert stored.name.count(".") == 1 and len(stored.name) <= 100


def test_the_same_files_harm_no_table_upload(visits: Visits) -> None:
    finance = visits.by(visits.world.larkspur, Role.FINANCE)
    once = token(finance, PAGE_OF_TABLES)
    for what, (name, make) in HOSTILE.items():
        answer = send_table(finance, make(), name, once)
        assert answer.status == 422, what
        assert "There is a problem" in answer.words, what


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # half a file
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "multipart/form-data; boundary=x"),
        (b"--x\r\n", "multipart/form-data; boundary=x"),
        (b"--x", "multipart/form-data"),
        (b"--x\r\nContent-Disposition: form-data; name=file; filename=a.pdf\r\n\r\n" + PDF,
         "multipart/form-data; boundary=x"),
        (b'--x\r\nContent-Disposition: form-data; name="csrf_token\r\n\r\n\xff\r\n--x--\r\n',
         "multipart/form-data; boundary=x"),
        (b"--x\r\n\r\n\r\n" * 50, "multipart/form-data; boundary=x"),
        (b"a=1&" * 1500, "application/x-www-form-urlencoded"),
        (b'{"file": 1}', "application/json"),
    ],
)  # fmt: skip
def test_a_form_in_pieces_is_an_error_of_whoever_sent_it(
    visits: Visits, body: bytes, kind: str
) -> None:
    sender = visits.by(visits.world.larkspur, Role.BIDS)
    answer = sender.client.post("/evidence/send/public-liability", data=body, content_type=kind)
    assert 400 <= answer.status_code < 500
    assert "<h1" in answer.text


@pytest.mark.parametrize("parts", [1001, 10_000])
def test_a_form_of_too_many_parts_is_not_read(visits: Visits, parts: int) -> None:
    sender = visits.by(visits.world.larkspur, Role.BIDS)
    part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n'
    answer = sender.client.post(
        "/evidence/send/public-liability",
        data=part * parts + b"--x--\r\n",
        content_type="multipart/form-data; boundary=x",
    )
    assert answer.status_code == 413
    assert "too large" in answer.text


def test_a_body_shorter_than_it_says_is_refused(visits: Visits) -> None:
    sender = visits.by(visits.world.larkspur, Role.BIDS)
    for said in ("100000", "10", "30000000"):
        answer = sender.client.post(
            "/evidence/send/public-liability",
            input_stream=io.BytesIO(b"--x\r\n" + PDF),
            content_type="multipart/form-data; boundary=x",
            headers={"Content-Length": said},
        )
        assert 400 <= answer.status_code < 500


def test_several_files_where_one_is_asked_for_are_refused(visits: Visits) -> None:
    sender = visits.by(visits.world.larkspur, Role.BIDS)
    path = "/evidence/send/public-liability"
    files = [FileStorage(io.BytesIO(PDF), f"{number}.pdf") for number in range(3)]
    boundary, body = encode_multipart({"csrf_token": token(sender, path), "file": files})
    answer = sender.client.post(
        path, data=body, content_type=f"multipart/form-data; boundary={boundary}"
    )
    assert answer.status_code == 422
    assert "Choose one file only" in answer.text


def send_table(visitor: Visitor, content: bytes, name: str, once: str) -> Read:
    boundary, body = encode_multipart(
        {"csrf_token": once, "file": FileStorage(io.BytesIO(content), name)}
    )
    answer = visitor.client.post(
        PAGE_OF_TABLES, data=body, content_type=f"multipart/form-data; boundary={boundary}"
    )
    return Read(answer, 0)
