"""The month end with both people on a phone: nothing is out of reach."""

import pytest

from tests.journeys.month_end import month_end
from tests.support.pages import PHONE, NewContext

pytestmark = pytest.mark.usefixtures("served")


def test_from_delivered_sessions_to_a_paid_invoice(open_context: NewContext) -> None:
    month_end(
        open_context(viewport=PHONE, has_touch=True), open_context(viewport=PHONE, has_touch=True)
    )
