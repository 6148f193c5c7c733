"""What a remittance must say to match what a run pays."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from portal.invoicing.runs.files import (
    HEADINGS,
    Unread,
    UnreadableRemittances,
    read_remittances,
)
from portal.invoicing.runs.rules import EntryState, Payable, Remitted, key_of, matched
from portal.kernel.money import Money

TODAY = date(2026, 5, 6)
ENTRY, PAID = UUID(int=1), UUID(int=2)
PAYABLE = {
    key_of("PR-1", "2604-ABCDE"): Payable(
        ENTRY, UUID(int=9), Money.pounds("462"), EntryState.WAITING, date(2026, 5, 4)
    ),
    key_of("PR-1", "2604-FGHIJ"): Payable(
        PAID, UUID(int=9), Money.pounds("10"), EntryState.PAID, date(2026, 5, 4)
    ),
}


def row(
    run: str = "PR-1",
    invoice: str = "2604-ABCDE",
    amount: str = "462.00",
    paid_on: date = TODAY,
    line: int = 2,
) -> Remitted:
    return Remitted(line, run, invoice, Money.pounds(amount), paid_on, "BACS-1")


def test_it_matches_by_run_invoice_and_amount() -> None:
    sound, wrong = matched([row(run=" pr-1", invoice="2604-abcde ")], PAYABLE, TODAY)
    assert [found.entry_id for _row, found in sound] == [ENTRY]
    assert wrong == []


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        (row(run="PR-2"), "No released run of this reference"),
        (row(amount="462.01"), "The run pays £462.00 for it, not £462.01"),
        (row(invoice="2604-FGHIJ", amount="10"), "It is recorded as paid already"),
        (row(paid_on=date(2026, 5, 7)), "7 May 2026 is still to come"),
        (row(paid_on=date(2026, 5, 3)), "The invoice came in later, on 4 May 2026"),
    ],
)
def test_what_does_not_match_says_why(sent: Remitted, why: str) -> None:
    sound, ((refused, said),) = matched([sent], PAYABLE, TODAY)
    assert (sound, refused) == ([], sent)
    assert said.startswith(why)


def test_an_invoice_is_paid_once_by_a_file() -> None:
    sound, ((again, why),) = matched([row(), row(line=3)], PAYABLE, TODAY)
    assert (len(sound), again.line, why) == (1, 3, "An earlier row of this file pays it")


def test_the_runs_own_file_is_read_back_with_only_some_rows_filled_in() -> None:
    assert {"Run", "Invoice", "Amount", "Paid on", "Remittance"} <= set(HEADINGS)
    content = (
        "\ufeffremittance,Run,Payee,Invoice,Amount,Paid on\r\n"
        'BACS-1,PR-1,"Larkspur, Ltd",2604-ABCDE,"1,462.00",06/05/2026\r\n'
        ",PR-1,Larkspur,2604-FGHIJ,10.00,\r\n"
        "BACS-2,PR-1,Larkspur,2604-KLMNO,ten,2026-05-06\r\n"
        "BACS-3,PR-1,Larkspur,2604-KLMNO,10.00,31/02/2026\r\n"
    )
    sound, wrong = read_remittances(content)
    assert sound == [Remitted(2, "PR-1", "2604-ABCDE", Money.pounds("1462"), TODAY, "BACS-1")]
    assert wrong == [
        Unread(4, "“ten” is not an amount like 1008.00"),
        Unread(5, "“31/02/2026” is not a day like 2026-05-06 or 06/05/2026"),
    ]


def test_a_file_without_the_columns_is_refused_by_name() -> None:
    with pytest.raises(UnreadableRemittances, match="no column Run, Paid on, Remittance"):
        read_remittances("Invoice,Amount\n1,2\n")
