"""The month end on a desktop with JavaScript, and the files that both sides take away."""

import pytest

from tests.invoicing.exports.validation import fatal_errors
from tests.journeys.month_end import BEGINNINGS, NUMBER, UBL, download, month_end
from tests.support.pages import CheckPage, NewContext

pytestmark = pytest.mark.usefixtures("served")


def test_from_delivered_sessions_to_a_paid_invoice(
    open_context: NewContext, axe: CheckPage
) -> None:
    finance, approver = month_end(open_context(), open_context())
    axe(finance)
    axe(approver)
    for page in (finance, approver):
        for button in BEGINNINGS:
            download(page, button)
        xml = download(page, UBL)
        assert fatal_errors(xml) == []
        assert NUMBER.encode() in xml
