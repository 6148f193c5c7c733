"""An outcome letter as tagged PDF."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from flask import Response

from portal.frameworks.evaluation.letters.rules import Letter
from portal.kernel.documents.typesetting import typeset
from portal.kernel.local_time import local_date

_TEMPLATE = Path(__file__).parent / "letter.typ"


def letter_pdf(letter: Letter, at: datetime) -> bytes:
    """The letter; the same letter gives the same bytes."""
    return typeset(_TEMPLATE, letter, dated=local_date(at))


def letter_attached(letter: Letter, at: datetime) -> Response:
    """The same, to keep."""
    answer = Response(letter_pdf(letter, at), mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "attachment", filename="outcome.pdf")
    return answer
