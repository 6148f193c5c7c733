"""The month end where no JavaScript runs: every step is a link or a form."""

import pytest

from tests.journeys.month_end import BEGINNINGS, UBL, download, month_end
from tests.support.pages import NewContext

pytestmark = pytest.mark.usefixtures("served")


def test_from_delivered_sessions_to_a_paid_invoice(open_context: NewContext) -> None:
    finance, _ = month_end(
        open_context(java_script_enabled=False), open_context(java_script_enabled=False)
    )
    for button in (*BEGINNINGS, UBL):
        download(finance, button)
