"""What happened to a provider's evidence of one kind, newest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from portal.evidence.models import Evidence, EvidenceJudgement
from portal.kernel.wording import say_date, say_datetime


@dataclass(frozen=True, slots=True)
class Happening:
    """One entry of the history, as the kit's timeline shows it."""

    at: datetime
    what: str
    who: str
    note: str = ""

    @property
    def when(self) -> str:
        """The moment in words, in London time."""
        return say_datetime(self.at)


def history(pieces: Iterable[Evidence], judgements: Iterable[EvidenceJudgement]) -> list[Happening]:
    """Every sending and every judgement."""
    named = {document.id: (document, piece) for piece in pieces for document in piece.documents}
    sent = [
        Happening(
            document.sent_at,
            f"Sent the one from {say_date(piece.valid_from)}",
            document.sent_by_name,
            document.file.name,
        )
        for document, piece in named.values()
    ]
    judged = [
        Happening(
            one.at,
            f"{'Verified' if one.accepted else 'Did not accept'} the one from "
            f"{say_date(named[one.document_id][1].valid_from)}",
            f"{one.by_name}, {one.council.name}",
            one.reason or "",
        )
        for one in judgements
    ]
    return sorted([*sent, *judged], key=lambda one: one.at, reverse=True)
