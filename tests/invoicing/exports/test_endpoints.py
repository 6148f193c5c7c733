from dataclasses import replace

import pytest

from portal.invoicing.exports.endpoints import SCHEMES, NoEndpoint, endpoint_of, endpoint_problem
from portal.invoicing.exports.ubl import invoice_xml
from portal.invoicing.vat import VatCategory
from tests.invoicing.exports.makers import (
    CUSTOMER,
    SUPPLIER,
    UNREGISTERED_SUPPLIER,
    make_invoice,
    worked_invoice,
    worked_lines,
)
from tests.invoicing.exports.validation import fatal_errors

GOOD = {
    "0060": "123456789",
    "0088": "5060000000009",
    "0199": "213800WSGIIZCXF1P572",
    "9932": "GB123456789",
}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_each_scheme_is_accepted_here_and_by_peppol(scheme: str) -> None:
    assert endpoint_problem(scheme, GOOD[scheme]) is None
    supplier = replace(
        UNREGISTERED_SUPPLIER,
        company_number="01234567",
        endpoint_scheme=scheme,
        endpoint_id=GOOD[scheme],
    )
    document = make_invoice(worked_lines(VatCategory.NOT_REGISTERED), supplier=supplier)
    assert fatal_errors(invoice_xml(document)) == []


@pytest.mark.parametrize("scheme", [scheme for scheme in SCHEMES if scheme != "9932"])
def test_a_sole_trader_is_identified_by_its_endpoint(scheme: str) -> None:
    """No VAT number and no company number: BR-CO-26 still wants an identifier."""
    supplier = replace(UNREGISTERED_SUPPLIER, endpoint_scheme=scheme, endpoint_id=GOOD[scheme])
    document = make_invoice(worked_lines(VatCategory.NOT_REGISTERED), supplier=supplier)
    assert fatal_errors(invoice_xml(document)) == []


@pytest.mark.parametrize(
    ("scheme", "identifier", "sentence"),
    [
        ("0088", "5060000000008", "Enter the GS1 location number as its 13 digits."),
        ("0088", "506000000000", "Enter the GS1 location number as its 13 digits."),
        ("0060", "12345678", "Enter the D-U-N-S number as 9 digits."),
        (
            "0199",
            "213800WSGIIZCXF1P573",
            "Enter the legal entity identifier as its 20 characters.",
        ),
        ("0199", "213800", "Enter the legal entity identifier as its 20 characters."),
        ("9932", "123456789", "Enter the VAT number as GB and its digits."),
        (
            "EM",
            "accounts@example.org",
            "Choose the kind of electronic address: 0060, 0088, 0199, 9932.",
        ),
    ],
)
def test_a_wrong_address_is_named(scheme: str, identifier: str, sentence: str) -> None:
    assert endpoint_problem(scheme, identifier) == sentence


def test_a_vat_number_is_an_address_when_there_is_no_other() -> None:
    supplier = replace(SUPPLIER, endpoint_scheme=None, endpoint_id=None)
    assert endpoint_of(supplier) == ("9932", "GB123456789")
    assert fatal_errors(invoice_xml(worked_invoice(supplier=supplier))) == []


def test_a_customer_may_be_addressed_by_its_vat_number_even_outside_vat() -> None:
    customer = replace(CUSTOMER, vat_number="GB987654321", endpoint_scheme=None, endpoint_id=None)
    lines = worked_lines(VatCategory.NOT_REGISTERED)
    assert fatal_errors(invoice_xml(make_invoice(lines, customer=customer))) == []


def test_without_any_address_there_is_no_e_invoice_and_a_sentence_says_why() -> None:
    customer = replace(CUSTOMER, endpoint_scheme=None, endpoint_id=None)
    with pytest.raises(NoEndpoint) as refused:
        invoice_xml(worked_invoice(customer=customer))
    assert refused.value.sentence.startswith("Example City Council has no electronic address.")
