"""From the first question to the receipt."""

from __future__ import annotations

from sqlalchemy.orm import Session

from portal.complaints.models import Complaint
from tests.complaints.making.conftest import WORDS, Somebody


def test_a_complaint_is_sent(somebody: Somebody, kept: Session) -> None:
    assert somebody.say_all().location.endswith("/tell-us/check")
    assert WORDS in somebody.get("/tell-us/check").text
    assert somebody.send().location.endswith("/tell-us/sent")
    reference, words = somebody.code()
    complaint = kept.query(Complaint).one()
    assert (complaint.reference, len(words.split())) == (reference, 4)
    assert complaint.what_happened == WORDS
    assert somebody.open(reference, words).location.endswith("/follow/read")
    assert WORDS in somebody.get("/follow/read").text
