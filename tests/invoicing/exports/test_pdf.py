import io
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from portal.invoicing.exports.document import IssuedInvoice
from portal.invoicing.exports.pdf import invoice_pdf
from portal.invoicing.vat import VatCategory
from tests.invoicing.exports.makers import (
    make_invoice,
    make_line,
    worked_invoice,
    worked_lines,
)


def read(document: IssuedInvoice) -> PdfReader:
    return PdfReader(io.BytesIO(invoice_pdf(document)))


def text(document: IssuedInvoice) -> str:
    pages = (page.extract_text() for page in read(document).pages)
    return " ".join(" ".join(pages).split())


def tags(node: Any) -> list[str]:
    """The structure types in reading order, depth first."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return [tag for child in node for tag in tags(child)]
    if not isinstance(node, DictionaryObject):
        return []
    own = [str(node["/S"])] if "/S" in node else []
    return own + (tags(node["/K"]) if "/K" in node else [])


def test_it_is_tagged_titled_and_in_english() -> None:
    reader = read(worked_invoice())
    catalog: Any = reader.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"] == "en-GB"
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Invoice BM-2026-009, Bright Mentors Ltd, September 2026"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in catalog["/Metadata"].get_data()


def test_each_agreement_has_one_heading_and_one_table() -> None:
    reader = read(worked_invoice())
    catalog: Any = reader.trailer["/Root"]
    found = tags(catalog["/StructTreeRoot"])
    assert found.count("/H1") == 1
    assert found.count("/H2") == 5  # three agreements, VAT and total, payment
    assert found.count("/Table") == 4  # three agreements, VAT
    assert found.count("/TH") == 3 * 5 + 4
    titles = [str(each.title) for each in outline(reader)]
    assert titles == [
        "Invoice BM-2026-009",
        "IA-2026-0007: Mentoring, one to one, Lot 1",
        "IA-2026-0011: Foster placement, standard, Lot 2a",
        "IA-2026-0012: Residential placement, standard, Lot 1a",
        "VAT and total",
        "Payment",
    ]


def outline(reader: PdfReader) -> list[Any]:
    def flat(entries: list[Any]) -> list[Any]:
        return [
            each
            for entry in entries
            for each in (flat(entry) if isinstance(entry, list) else [entry])
        ]

    return flat(reader.outline)


def test_it_says_what_a_vat_invoice_must() -> None:
    said = text(worked_invoice())
    for words in (
        "Bright Mentors Ltd",
        "trading as Bright Mentors",
        "VAT number GB123456789",
        "Company number 01234567",
        "Example City Council",
        "Invoice date 1 October 2026",
        "1 to 30 September 2026",
        "PO-4500123456",
        "INV-000417",
        "12.5 hours",
        "£32.00 an hour",
        "30 nights",
        "£820.00 a week",
        "Subtotal for IA-2026-0011 £3,514.29",
        "Exempt: VATA 1994 Schedule 9 Group 7 item 9 (welfare services)",
        "Total to pay £7,951.43",
        "31 October 2026",
        "Sort code 20-00-00",
        "Procurement Act 2023 s.68",
        "Paid monthly in arrears.",
        "Page 1 of 2",
    ):
        assert words in said
    assert "0%" not in said and "0 %" not in said


def test_taxable_lines_show_rate_and_tax() -> None:
    said = text(
        make_invoice(
            [
                make_line(1, parts=1020, pounds="84.00"),
                make_line(2, parts=300, pounds="50.00", vat_category=VatCategory.STANDARD),
            ]
        )
    )
    assert "20% Standard rate £250.00 £50.00" in said
    assert "Exempt" in said
    assert "VAT £50.00 Total to pay £1,728.00" in said


def test_an_unregistered_supplier_shows_no_vat() -> None:
    said = text(make_invoice(worked_lines(VatCategory.NOT_REGISTERED)))
    assert "No VAT: the supplier is not registered for VAT" in said
    assert "VAT number" not in said


def test_a_late_line_is_headed_with_its_own_month() -> None:
    august: dict[str, Any] = {"first_day": date(2026, 8, 28), "last_day": date(2026, 8, 28)}
    said = text(make_invoice([make_line(1), make_line(2, parts=60, **august)]))
    assert "Late entry for August 2026 28 August 2026: 6 sessions" in said
    assert said.count("Late entry") == 1


HOSTILE = '#import "x"; *bold* _it_ $x$ <script> `raw` @ref // = \\ #panic("no") [a]'


def test_what_a_person_typed_is_never_markup() -> None:
    document = make_invoice(
        [make_line(description=HOSTILE, item_name=HOSTILE, cost_code="#1")],
        note=HOSTILE,
        payment_terms=HOSTILE,
        number="#BM*1*",
    )
    assert text(document).count(HOSTILE) == 5  # section title, item, its details, terms, note


@pytest.mark.parametrize("typed", ["日本 😀 ال", "\x00\x07\ud800\ufffe", "Zoe\u0308 Łódź ½"])
def test_any_character_still_gives_a_document(typed: str) -> None:
    assert invoice_pdf(worked_invoice(note=typed))


def test_the_same_document_gives_the_same_bytes() -> None:
    assert invoice_pdf(worked_invoice()) == invoice_pdf(worked_invoice())


def test_400_agreements_keep_one_section_each() -> None:
    lines = [make_line(number, f"IA-2026-{number:04}") for number in range(1, 401)]
    titles = [str(each.title) for each in outline(read(make_invoice(lines)))]
    assert sum(title.startswith("IA-2026-") for title in titles) == 400
    assert len(set(titles)) == len(titles)
