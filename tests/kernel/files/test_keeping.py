"""A file kept, given back, and kept from everybody else."""

from __future__ import annotations

from io import BytesIO
from uuid import UUID

from flask import Flask
from werkzeug.datastructures import FileStorage

from portal.kernel.database import Database
from portal.kernel.files import answer_with, keep
from portal.kernel.tenancy import Scope, Task
from tests.makers import RECORDED_AT, make_council, make_provider

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\nstartxref\n9\n%%EOF\n"


def upload(content: bytes = PDF, name: str = "Certificate.pdf") -> FileStorage:
    return FileStorage(BytesIO(content), name)


def parties(owner: Database) -> tuple[UUID, UUID]:
    with owner.transaction(Scope.system(Task.OPERATOR)) as session:
        return make_council(session).id, make_provider(session).id


def test_a_kept_file_comes_back_as_it_was_and_only_as_a_download(
    app: Flask, database: Database, owner_database: Database
) -> None:
    _, provider_id = parties(owner_database)
    with app.test_request_context(), database.transaction(Scope(provider_id)) as session:
        stored = keep(
            session, upload(name="Our £5m cover é.pdf"), provider_id=provider_id, at=RECORDED_AT
        )
        answer = app.process_response(answer_with(stored))
        answer.direct_passthrough = False
        assert answer.get_data() == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert answer.content_type == "application/pdf"
    assert answer.content_length == len(PDF)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
