"""An answer as a person reads it."""

from __future__ import annotations

from typing import Any

from portal.frameworks.applications.draft import Draft
from portal.frameworks.lots.queries import CategoryAsk
from portal.frameworks.questions.queries import Asked
from portal.frameworks.questions.rules import QuestionKind, say_answer
from portal.kernel.wording import say_date, say_period, say_size


def say_category(ask: CategoryAsk) -> str:
    """What a category is within its lot, and what it asks a price for."""
    lot = f"Lot {ask.category.lot.number}, {ask.category.lot.title}"
    if not ask.prices:
        return f"{lot}. No price is asked for"
    several = f", for each {ask.terms.varies_by}" if ask.terms.varies_by else ""
    return f"{lot}. A price {ask.category.unit.price_name}{several}"


def say_kept(draft: Draft, one: Asked, value: Any) -> str:
    """An answer in words; a file by its name and size, evidence by the days it covers."""
    if value is None:
        return ""
    if one.version.kind is QuestionKind.FILE:
        kept = draft.files.get(str(value))
        return f"{kept.file.name} ({say_size(kept.file.size)})" if kept else "Another file"
    if one.version.kind is QuestionKind.EVIDENCE:
        return _say_piece(draft, str(value))
    return say_answer(one.version, value)


def _say_piece(draft: Draft, evidence_id: str) -> str:
    for pieces in draft.pieces.values():
        for piece in pieces:
            if str(piece.id) == evidence_id:
                if piece.valid_until is None:
                    return f"The one from {say_date(piece.valid_from)}, with no end"
                return f"The one for {say_period(piece.valid_from, piece.valid_until)}"
    return "Evidence that is no longer in the wallet"
