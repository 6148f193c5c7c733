"""Taking invoices out of the portal, asked as a browser asks."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import etree
from pypdf import PdfReader
from sqlalchemy import inspect, select
from werkzeug.test import TestResponse

from portal.audit.models import AuditEvent
from portal.frameworks.rules import Regime
from portal.identity.models import Organisation, Person
from portal.identity.rules import Role
from portal.invoicing.actions.deciding import refuse
from portal.invoicing.models import Invoice, InvoiceSection
from portal.invoicing.rules import RefusalReason, number_key
from portal.kernel.database import Database
from portal.kernel.ids import new_id
from portal.kernel.tenancy import Scope, Task
from tests.invoicing.exports.validation import fatal_errors
from tests.invoicing.filed import SUBMITTED, Filed, file_invoice
from tests.makers import csrf_token, make_person, sign_in

OPERATOR = Scope.system(Task.OPERATOR)
KINDS = {
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "application/xml",
}
PROVIDERS: dict[str, dict[str, Any]] = {
    "O": {},
    "E": {"vat_number": "GB123456789", "charity_number": "1234567"},
    "S": {"vat_number": "GB123456789"},
}
UBL = {"cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"}

File = Callable[..., Filed]


@pytest.fixture
def file(owner_database: Database, database: Database) -> File:
    """Submit April's invoice, hours and nights, with electronic addresses unless told not to."""

    def filed(*, addresses: bool = True, **changes: Any) -> Filed:
        made = file_invoice(owner_database, database, **{"sections": 2, "nights": True, **changes})
        if addresses:
            with owner_database.transaction(OPERATOR) as session:
                for organisation, number in (
                    (made.council, "5060000000009"),
                    (made.provider, "5060000000016"),
                ):
                    row = session.get_one(Organisation, organisation.id)
                    row.endpoint_scheme, row.endpoint_id = "0088", number
        return made

    return filed


def post(app: Flask, person: Person, address: str, **data: str) -> TestResponse:
    client = signed_in(app, person)
    token = csrf_token(client.get("/").get_data(as_text=True))
    return client.post(address, data={"csrf_token": token, **data})


def signed_in(app: Flask, person: Person) -> FlaskClient:
    client = app.test_client()
    sign_in(client, person)
    return client


def download(app: Flask, person: Person, filed: Filed, kind: str) -> TestResponse:
    return post(app, person, f"/invoices/{filed.invoice_id}/download", kind=kind)


def exports(owner: Database) -> list[AuditEvent]:
    with owner.session(OPERATOR) as session:
        return list(
            session.scalars(
                select(AuditEvent)
                .where(AuditEvent.event == "invoicing:invoice:exported")
                .order_by(AuditEvent.at, AuditEvent.id)
            )
        )


def test_each_side_downloads_an_invoice_and_is_recorded(
    app: Flask, owner_database: Database, file: File
) -> None:
    filed = file()
    reference = filed.invoice().reference
    expected = []
    for kind, person in product(KINDS, (filed.finance, filed.approver)):
        answer = download(app, person, filed, kind)
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == KINDS[kind]
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Disposition"] == (
            f'attachment; filename="invoice-{reference}.{kind}"'
        )
        expected.append((person.id, {"kind": kind}))
    assert [(each.person_id, each.details) for each in exports(owner_database)] == expected


@pytest.mark.parametrize("category", PROVIDERS)
def test_a_real_invoice_is_valid_ubl(app: Flask, file: File, category: str) -> None:
    filed = file(**PROVIDERS[category])
    xml = download(app, filed.approver, filed, "xml").data
    assert fatal_errors(xml) == []
    found = etree.fromstring(xml)
    categories = found.findall(".//{*}ClassifiedTaxCategory/cbc:ID", UBL)
    assert {each.text for each in categories} == {category}
    assert found.findtext("{*}LegalMonetaryTotal/cbc:PayableAmount", None, UBL) == (
        filed.invoice().total.plain
    )


def test_a_pcr_invoice_says_how_its_due_date_was_counted(app: Flask, file: File) -> None:
    filed = file(regime=Regime.PCR_2015)
    xml = download(app, filed.approver, filed, "xml").data
    assert fatal_errors(xml) == []
    terms = etree.fromstring(xml).findtext("{*}PaymentTerms/cbc:Note", None, UBL)
    assert terms == (
        "30 days from the day an invoice is verified (Public Contracts Regulations 2015, "
        "regulation 113). Not verified yet: the due date is counted as if on receipt."
    )


def contents(kind: str, data: bytes) -> str:
    """Everything that a file says, also what is compressed in it."""
    match kind:
        case "pdf":
            read = PdfReader(io.BytesIO(data))
            return "\n".join([*(page.extract_text() for page in read.pages), str(read.metadata)])
        case "xlsx":
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                return "\n".join(archive.read(name).decode() for name in archive.namelist())
        case _:
            return data.decode()


def test_no_file_names_a_young_person_or_a_mentor(app: Flask, file: File) -> None:
    filed = file()
    secrets = ("YP-", "Morgan", "We read together", "quietly", "Sam Mentor")
    for kind in KINDS:
        said = contents(kind, download(app, filed.approver, filed, kind).data)
        assert "IA-000" in said and "IA-NIGHTS" in said
        assert [secret for secret in secrets if secret in said] == []


def test_a_refused_line_stays_part_of_what_was_issued(
    app: Flask, database: Database, file: File
) -> None:
    filed = file()
    line = filed.line(1)
    with database.transaction(filed.scope(filed.approver)) as session:
        refuse(
            session,
            filed.actor(filed.approver),
            filed.invoice_id,
            line.id,
            version=line.version,
            reason=RefusalReason.WRONG_PRICE,
            words="",
            at=SUBMITTED + timedelta(days=1),
        )
    found = rows_of(download(app, filed.approver, filed, "csv"))
    assert [row["Decision"] for row in found] == ["Refused", "To decide", "To decide"]
    xml = download(app, filed.approver, filed, "xml").data
    assert fatal_errors(xml) == []
    assert b"IA-000" in xml


def test_an_e_invoice_needs_an_electronic_address_and_says_so(
    app: Flask, owner_database: Database, file: File
) -> None:
    filed = file(addresses=False)
    answer = download(app, filed.approver, filed, "xml")
    assert answer.status_code == 409
    assert "has no electronic address" in answer.get_data(as_text=True)
    assert exports(owner_database) == []
    assert download(app, filed.approver, filed, "pdf").status_code == 200


def test_there_is_no_file_of_another_kind(app: Flask, file: File) -> None:
    filed = file()
    for kind in ("", "exe", "../pdf", "PDF"):
        assert download(app, filed.approver, filed, kind).status_code == 404


def test_others_find_nothing_and_a_role_without_the_permission_is_refused(
    app: Flask, owner_database: Database, file: File
) -> None:
    filed = file()
    for person, status in (
        (filed.outsider, 404),
        (filed.stranger, 404),
        (filed.budget_holder, 403),
        (filed.mentor, 403),
    ):
        assert download(app, person, filed, "pdf").status_code == status
    assert post(app, filed.mentor, "/invoices/export", kind="csv").status_code == 403
    assert exports(owner_database) == []


def test_a_page_that_reads_gives_no_file(app: Flask, file: File) -> None:
    filed = file()
    client = signed_in(app, filed.approver)
    assert client.get(f"/invoices/{filed.invoice_id}/download?kind=pdf").status_code == 405
    answer = client.post(f"/invoices/{filed.invoice_id}/download", data={"kind": "pdf"})
    assert answer.status_code == 400, "a post without its token against forgery"


# A list


def copies(owner: Database, filed: Filed, number: int) -> None:
    """The same invoice again in earlier months, with its first line, so that a list is long."""
    line = filed.line(1)
    with owner.transaction(OPERATOR) as session:
        invoice = session.get_one(Invoice, filed.invoice_id)
        section = session.get_one(InvoiceSection, line.section_id)
        month = invoice.month
        for each in range(number):
            month = month.previous
            own = new_id()
            part = new_id()
            copied = _copy(
                invoice,
                id=own,
                month=month,
                reference=f"C-{each:04}",
                provider_number=f"C-{each:04}",
                provider_number_key=number_key(f"C-{each:04}"),
                submitted_at=invoice.submitted_at - timedelta(days=each + 1),
                net=line.net,
            )
            session.add(copied)
            session.flush()
            session.add(_copy(section, id=part, invoice_id=own))
            session.flush()
            session.add(_copy(line, id=new_id(), invoice_id=own, section_id=part))
            session.flush()


def _copy(row: Any, **changes: Any) -> Any:
    names = [attribute.key for attribute in inspect(row).mapper.column_attrs]
    return type(row)(**{name: getattr(row, name) for name in names} | changes)


def rows_of(answer: TestResponse) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def test_a_lists_lines_come_whole_over_many_batches(
    app: Flask, owner_database: Database, file: File
) -> None:
    filed = file()
    copies(owner_database, filed, 120)
    answer = post(app, filed.approver, "/invoices/export", kind="csv")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == KINDS["csv"]
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="invoices-2026-')
    found = rows_of(answer)
    assert len(found) == 123
    references = list(dict.fromkeys(row["Portal reference"] for row in found))
    assert references == [filed.invoice().reference, *(f"C-{each:04}" for each in range(120))]
    (event,) = exports(owner_database)
    assert event.details == {"kind": "csv", "invoices": 121, "lines": 123}
    assert event.organisation_id == filed.council.id
    assert event.provider_id is None


def test_a_list_is_narrowed_as_the_page_shows_it(
    app: Flask, owner_database: Database, file: File
) -> None:
    filed = file()
    copies(owner_database, filed, 3)
    for narrowing, expected in (
        ({"month": "2026-03"}, {"C-0000"}),
        ({"state": "paid"}, set()),
        ({"words": "C-0002"}, set()),
        ({"other_party": str(filed.provider.id), "month": "2026-02"}, {"C-0001"}),
        ({"other_party": str(filed.council.id)}, set()),
    ):
        answer = post(app, filed.approver, "/invoices/export", kind="csv", **narrowing)
        assert {row["Portal reference"] for row in rows_of(answer)} == expected, narrowing


def test_a_list_is_a_workbook_too(app: Flask, owner_database: Database, file: File) -> None:
    filed = file()
    answer = post(app, filed.finance, "/invoices/export", kind="xlsx")
    assert answer.headers["Content-Type"] == KINDS["xlsx"]
    said = contents("xlsx", answer.data)
    assert "IA-NIGHTS" in said and "YP-" not in said
    assert exports(owner_database)[0].details == {"kind": "xlsx", "invoices": 1, "lines": 3}


def test_another_provider_exports_nothing_of_this_one(app: Flask, file: File) -> None:
    filed = file()
    for person in (filed.outsider, filed.stranger):
        assert rows_of(post(app, person, "/invoices/export", kind="csv")) == []


def test_a_list_that_cannot_be_read_is_not_widened(app: Flask, file: File) -> None:
    filed = file()
    for wrong in ({"kind": "pdf"}, {"month": "soon"}, {"state": "lost"}, {"other_party": "me"}):
        answer = post(app, filed.approver, "/invoices/export", **{"kind": "csv", **wrong})
        assert answer.status_code == 404, wrong


def test_an_auditor_may_export(app: Flask, owner_database: Database, file: File) -> None:
    filed = file()
    with owner_database.transaction(OPERATOR) as session:
        auditor = make_person(session, organisation=filed.council, roles=[Role.AUDITOR])
    assert download(app, auditor, filed, "pdf").status_code == 200
