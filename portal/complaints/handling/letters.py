"""A message to whoever complained as a letter: tagged PDF, in large plain type."""

from __future__ import annotations

from pathlib import Path

from portal.complaints.models import Complaint, Message
from portal.kernel.documents.typesetting import typeset
from portal.kernel.local_time import local_date
from portal.kernel.wording import say_date

_TEMPLATE = Path(__file__).parent / "letter.typ"


def letter_pdf(council: str, complaint: Complaint, message: Message) -> bytes:
    """The letter; the same message gives the same bytes."""
    written_on = local_date(message.at)
    data = {
        "council": council,
        "reference": complaint.reference,
        "date": say_date(written_on),
        "name": complaint.name,
        "from": message.person_name,
        "paragraphs": [part.strip() for part in message.text.split("\n\n") if part.strip()],
    }
    return typeset(_TEMPLATE, data, dated=written_on)
