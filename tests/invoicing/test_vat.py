from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.invoicing.vat import (
    BadVatEvidence,
    MixedVat,
    NoVatEvidence,
    VatCategory,
    VatEvidence,
    vat_category,
    vat_rate,
    vat_sums,
)
from portal.kernel.money import Money

EXEMPT, UNREGISTERED, TAXABLE = (
    VatCategory.EXEMPT,
    VatCategory.NOT_REGISTERED,
    VatCategory.STANDARD,
)
TODAY = date(2026, 10, 1)
NUMBER = "GB123456789"


@dataclass(frozen=True)
class Taxed:
    net: Money
    vat_category: VatCategory
    vat_rate: Decimal


def taxed(category: VatCategory, *pounds: str) -> list[Taxed]:
    return [Taxed(Money.pounds(net), category, vat_rate(category, TODAY)) for net in pounds]


@pytest.mark.parametrize(
    ("evidence", "category"),
    [
        (VatEvidence(TODAY), UNREGISTERED),
        (VatEvidence(TODAY, charity_number="1234567"), UNREGISTERED),
        (VatEvidence(TODAY, NUMBER), TAXABLE),
        (VatEvidence(TODAY, NUMBER, charity_number="1234567"), EXEMPT),
        (VatEvidence(TODAY, NUMBER, ofsted_urn="SC012345"), EXEMPT),
        (VatEvidence(TODAY, NUMBER, public_body=True), EXEMPT),
    ],
)
def test_the_category_follows_from_the_evidence(
    evidence: VatEvidence, category: VatCategory
) -> None:
    assert vat_category(evidence, TODAY) is category


def test_nothing_is_assumed_before_the_evidence_starts() -> None:
    with pytest.raises(NoVatEvidence):
        vat_category(VatEvidence(TODAY, NUMBER), date(2026, 9, 30))


@pytest.mark.parametrize("number", ["123456789", "GB 123456789", "GB12345678", "FR123456789"])
def test_what_is_no_vat_number_is_refused(number: str) -> None:
    with pytest.raises(BadVatEvidence, match="like GB123456789"):
        VatEvidence(TODAY, number)


@pytest.mark.parametrize("number", [NUMBER, "GB123456789001", "GBGD001", "GBHA599", "XI123456789"])
def test_every_form_of_vat_number_is_taken(number: str) -> None:
    assert VatEvidence(TODAY, number).vat_registered


@pytest.mark.parametrize(
    ("day", "rate"),
    [
        (date(1991, 4, 1), "17.5"),
        (date(2008, 11, 30), "17.5"),
        (date(2008, 12, 1), "15"),
        (date(2009, 12, 31), "15"),
        (date(2010, 1, 1), "17.5"),
        (date(2011, 1, 3), "17.5"),
        (date(2011, 1, 4), "20"),
        (TODAY, "20"),
    ],
)
def test_the_standard_rate_is_that_of_the_day(day: date, rate: str) -> None:
    assert vat_rate(TAXABLE, day) == Decimal(rate)
    assert vat_rate(EXEMPT, day) == vat_rate(UNREGISTERED, day) == 0


def test_no_rate_is_guessed_before_the_table_begins() -> None:
    with pytest.raises(ValueError, match="no standard rate"):
        vat_rate(TAXABLE, date(1991, 3, 31))


def test_vat_is_worked_out_once_on_the_net_sum() -> None:
    (standard,) = vat_sums(taxed(TAXABLE, "33.33", "33.33", "33.34"))
    assert (str(standard.net), str(standard.vat)) == ("£100.00", "£20.00")


@pytest.mark.parametrize(("net", "vat"), [("0.02", "£0.00"), ("0.03", "£0.01")])
def test_a_fraction_of_a_penny_goes_to_the_nearest(net: str, vat: str) -> None:
    assert str(vat_sums(taxed(TAXABLE, net))[0].vat) == vat


def test_half_a_penny_goes_up() -> None:
    line = Taxed(Money.pounds("0.20"), TAXABLE, Decimal("17.5"))  # 3.5p
    assert vat_sums([line])[0].vat == Money(4)


def test_exempt_and_taxable_share_an_invoice() -> None:
    exempt, standard = vat_sums([*taxed(TAXABLE, "250.00"), *taxed(EXEMPT, "1428.00")])
    assert (exempt.category, str(exempt.vat)) == (EXEMPT, "£0.00")
    assert exempt.exemption_code and exempt.exemption_reason
    assert (standard.category, str(standard.vat)) == (TAXABLE, "£50.00")
    assert standard.exemption_code is None
    total = exempt.net + exempt.vat + standard.net + standard.vat
    assert str(total) == "£1,728.00"


@pytest.mark.parametrize("other", [EXEMPT, TAXABLE])
def test_an_unregistered_supplier_mixes_with_nothing(other: VatCategory) -> None:
    with pytest.raises(MixedVat) as refused:
        vat_sums([*taxed(UNREGISTERED, "1.00"), *taxed(other, "1.00")])
    assert "invoice of their own" in refused.value.sentence


@given(
    st.lists(
        st.tuples(
            st.sampled_from([EXEMPT, TAXABLE]),
            st.integers(min_value=-10_000_000, max_value=10_000_000),
        )
    )
)
def test_the_sums_hold_every_line_once(lines: list[tuple[VatCategory, int]]) -> None:
    taxed_lines = [
        Taxed(Money(pence), category, vat_rate(category, TODAY)) for category, pence in lines
    ]
    sums = vat_sums(taxed_lines)
    assert sum(each.net.pence for each in sums) == sum(pence for _, pence in lines)
    for each in sums:
        exact = Decimal(each.net.pence) * each.rate / 100
        assert abs(Decimal(each.vat.pence) - exact) <= Decimal("0.5")
