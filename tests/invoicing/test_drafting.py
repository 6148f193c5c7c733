from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from portal.frameworks.rules import Unit
from portal.invoicing.drafting import Draft, VatTreatment, assemble, sum_by_year
from portal.invoicing.mechanisms import Delivered, Terms
from portal.invoicing.vat import VatCategory, VatEvidence
from portal.kernel.money import Money
from portal.kernel.months import Month
from tests.invoicing.makers import APRIL, make_nights, make_terms, make_unit

NOT_REGISTERED = VatEvidence(date(2025, 1, 1))
EXEMPT = VatEvidence(date(2025, 1, 1), vat_number="GB123456789", charity_number="1234567")
TAXABLE = VatEvidence(date(2025, 1, 1), vat_number="GB123456789")


def draft_of(
    *agreements: tuple[Terms, list[Delivered]],
    evidence: VatEvidence | None = NOT_REGISTERED,
    month: Month = APRIL,
) -> Draft:
    return assemble(
        month,
        {terms.agreement_id: terms for terms, _ in agreements},
        {terms.agreement_id: units for terms, units in agreements},
        VatTreatment.of(evidence, month.last),
    )


def two_agreements(evidence: VatEvidence | None = NOT_REGISTERED) -> Draft:
    weekly = make_terms(
        Unit.NIGHT, (date(2026, 1, 1), "820.00"), reference="IA-2", agreement_id=UUID(int=2)
    )
    hourly = make_terms(reference="IA-1")
    return draft_of(
        (weekly, [make_nights(date(2026, 4, 1), date(2026, 4, 30))]),
        (hourly, [make_unit(date(2026, 4, 16), 330)]),
        evidence=evidence,
    )


def test_each_agreement_has_one_section_in_order_of_reference() -> None:
    draft = two_agreements()
    assert [section.terms.reference for section in draft.sections] == ["IA-1", "IA-2"]
    assert [str(section.net) for section in draft.sections] == ["£231.00", "£3,514.29"]
    assert [line.terms.reference for line in draft.lines] == ["IA-1", "IA-2"]
    assert str(draft.net) == "£3,745.29"


def test_a_price_change_inside_march_comes_to_14013_37() -> None:
    terms = make_terms(Unit.NIGHT, (date(2026, 1, 1), "3140.00"), (date(2026, 3, 16), "3187.10"))
    draft = draft_of((terms, [make_nights(date(2026, 3, 1), date(2026, 3, 31))]))
    assert [str(line.net) for line in draft.lines] == ["£6,728.57", "£7,284.80"]
    assert str(draft.total) == "£14,013.37"


def test_a_provider_that_is_not_registered_charges_no_vat() -> None:
    draft = two_agreements()
    assert draft.vat is not None and draft.vat.vat_number is None
    assert [each.category for each in draft.vat_sums] == [VatCategory.NOT_REGISTERED]
    assert draft.total == draft.net


def test_a_registered_charity_is_exempt_and_shows_its_number() -> None:
    draft = two_agreements(EXEMPT)
    assert draft.vat == VatTreatment(VatCategory.EXEMPT, Decimal(0), "GB123456789", Decimal(20))
    assert draft.total == draft.net


def test_a_taxable_provider_charges_vat_once_on_the_whole() -> None:
    draft = two_agreements(TAXABLE)
    assert str(draft.vat_total) == "£749.06"  # 20 % of £3,745.29 is £749.058
    assert str(draft.total) == "£4,494.35"
    assert len(draft.vat_sums) == 1


def test_without_vat_evidence_nothing_is_assumed() -> None:
    draft = two_agreements(None)
    assert draft.vat is None
    assert draft.vat_sums == ()
    assert draft.total == draft.net


def test_vat_evidence_that_starts_later_is_none_yet() -> None:
    assert VatTreatment.of(VatEvidence(date(2026, 5, 1)), APRIL.last) is None


def test_nothing_delivered_is_an_empty_draft() -> None:
    draft = draft_of()
    assert (draft.sections, draft.lines, draft.total) == ((), (), Money(0))


def test_units_without_a_price_stay_in_their_section() -> None:
    terms = make_terms(Unit.HOUR, (date(2026, 4, 16), "42.00"))
    draft = draft_of((terms, [make_unit(date(2026, 4, 14), 120), make_unit(date(2026, 4, 16))]))
    (section,) = draft.sections
    assert [each.first_day.day for each in section.unpriced] == [14]
    assert str(section.net) == "£42.00"


def test_what_a_contract_year_takes_goes_by_service_date() -> None:
    terms = make_terms(framework_starts_on=date(2025, 9, 1))
    draft = draft_of(
        (terms, [make_unit(date(2026, 8, 31)), make_unit(date(2026, 9, 1), 120)]),
        month=Month(2026, 9),
    )
    sums = sum_by_year((line.contract_year, line.net) for line in draft.lines)
    assert sums == {date(2025, 9, 1): Money.pounds("42"), date(2026, 9, 1): Money.pounds("84")}
