"""What is missing from an application, each thing in a sentence that says what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from portal.evidence.queries import Held
from portal.evidence.rules import COVERING, EVIDENCE_NAMES, Validity
from portal.frameworks.applications import rules
from portal.frameworks.applications.draft import Draft
from portal.frameworks.applications.rules import Missing, Section
from portal.frameworks.lots.models import Demand, FrameworkChange, PriceAsked
from portal.frameworks.lots.queries import CategoryAsk
from portal.frameworks.lots.rules import check_price
from portal.frameworks.questions.queries import Asked
from portal.frameworks.questions.rules import QuestionKind, check_answer, is_answered
from portal.kernel.errors import DomainError
from portal.kernel.files.models import FileState
from portal.kernel.local_time import local_date
from portal.kernel.wording import say_date, say_list

QUESTION_CHANGED = (
    "The council has changed this question since you answered it. "
    "Read it again, and save your answer to confirm it"
)
GOOD = frozenset({Validity.IN_DATE, Validity.LAPSING})


def missing(draft: Draft, today: date) -> list[Missing]:
    """Everything that keeps an application from being complete today, in the order of its tasks."""
    return [
        *_categories(draft),
        *_prices(draft),
        *_answers(draft, today),
        *_evidence(draft),
    ]


def wrong_answer(draft: Draft, one: Asked, today: date) -> str | None:
    """What is wrong with the answer to a question, or that there is none; None when it passes."""
    value = draft.answer(one.code)
    try:
        check_answer(one.version, value)
    except DomainError as unfit:
        return unfit.sentence
    if not is_answered(value):
        return None
    if one.version.kind is QuestionKind.FILE and (wrong := _wrong_file(draft, value)):
        return wrong
    if one.version.kind is QuestionKind.EVIDENCE and (wrong := _wrong_piece(draft, value, today)):
        return wrong
    if draft.failed(rules.answer_part(one.code)):
        return f"This did not pass in {_earlier(draft)}. Improve it, and save it again"
    return QUESTION_CHANGED if draft.answered_version(one.code) != one.version.id else None


def wrong_evidence(demand: Demand, held: Held) -> str | None:
    """Why what a provider holds does not meet a demand today; None when it does."""
    if held.standing.validity is Validity.MISSING:
        return "Not given yet"
    if held.standing.validity not in GOOD:
        return held.standing.words
    least = demand.least_cover if demand.kind in COVERING else None
    if least is not None and (held.cover is None or held.cover < least):
        covered = f"Covers {held.cover}" if held.cover is not None else "Its cover is not stated"
        return f"{covered}, and at least {least} is asked for"
    return None


def say_evidence(demand: Demand, held: Held) -> str:
    """How evidence stands to what is demanded of it, in words."""
    return wrong_evidence(demand, held) or held.standing.words


def lapses_within(held: Held, ends_on: date) -> bool:
    """Whether evidence that is good today ends before the framework's term does."""
    return held.valid_until is not None and held.valid_until < ends_on


def wrong_price(draft: Draft, ask: CategoryAsk, asked: PriceAsked) -> str | None:
    """What is wrong with a price, or that there is none; None when it is accepted."""
    code = ask.category.code
    price = draft.price(code, asked.band)
    if price is None:
        return "Enter a price"
    try:
        check_price(ask.terms, asked, price)
    except DomainError as unfit:
        return unfit.sentence
    part = rules.price_part(code, asked.band)
    if draft.failed(part):
        return (
            f"This price won no place in {_earlier(draft)}. Change it, or save it to bid it again"
        )
    changed = since(draft, part, draft.changes_of_terms(ask))
    return _changed(changed) if changed else None


def wrong_choice(draft: Draft, ask: CategoryAsk) -> str | None:
    """What has changed since a category was chosen; None when nothing has."""
    changes = draft.changes_of_lot(ask)
    if not ask.prices:
        changes = [*changes, *draft.changes_of_terms(ask)]
    changed = since(draft, rules.category_part(ask.category.code), changes)
    return _changed(changed) if changed else None


def since(draft: Draft, part: str, changes: Iterable[FrameworkChange]) -> list[FrameworkChange]:
    """Those of the changes that came after a part was saved."""
    saved = draft.parts.get(part)
    return [one for one in changes if saved is not None and one.at > saved.at]


def in_words(ask: CategoryAsk, asked: PriceAsked) -> str:
    """Which price is meant: "2a standard placements, 0-10"."""
    named = f"{ask.category.code} {ask.category.title}"
    return f"{named}, {asked.band}" if asked.band else named


def _categories(draft: Draft) -> Iterator[Missing]:
    if not draft.chosen:
        yield Missing(Section.CATEGORIES, "categories", "Choose at least one category to apply for")
    for ask in draft.chosen:
        if (wrong := wrong_choice(draft, ask)) is not None:
            named = f"{ask.category.code} {ask.category.title}"
            yield Missing(Section.CATEGORIES, "categories", f"{named}: {wrong}")


def _answers(draft: Draft, today: date) -> Iterator[Missing]:
    for one in draft.applying:
        if (wrong := wrong_answer(draft, one, today)) is not None:
            yield Missing(
                Section.ANSWERS, rules.answer_part(one.code), f"“{one.version.wording}” {wrong}"
            )


def _evidence(draft: Draft) -> Iterator[Missing]:
    for demand in draft.demands:
        if (wrong := wrong_evidence(demand, draft.held[demand.kind])) is not None:
            yield Missing(
                Section.EVIDENCE,
                f"evidence:{demand.kind.value}",
                f"{EVIDENCE_NAMES[demand.kind]}: {wrong}",
            )


def _prices(draft: Draft) -> Iterator[Missing]:
    for ask in draft.priced:
        for asked in ask.prices:
            if (wrong := wrong_price(draft, ask, asked)) is not None:
                part = rules.price_part(ask.category.code, asked.band)
                yield Missing(Section.PRICES, part, f"{in_words(ask, asked)}: {wrong}")


def _wrong_file(draft: Draft, file_id: str) -> str | None:
    kept = draft.files.get(file_id)
    if kept is None:
        return "Choose a file"
    if kept.file.state is FileState.REFUSED:
        return "Something harmful was found in this file. Choose another one"
    return None


def _wrong_piece(draft: Draft, evidence_id: str, today: date) -> str | None:
    pieces = (one for kind in draft.pieces.values() for one in kind if str(one.id) == evidence_id)
    piece = next(pieces, None)
    if piece is None or piece.refused_at is not None:
        return "This evidence is no longer accepted. Choose another from your wallet"
    if piece.valid_until is not None and piece.valid_until < today:
        return f"This evidence lapsed on {say_date(piece.valid_until)}. Choose newer evidence"
    return None


def _earlier(draft: Draft) -> str:
    assert draft.lent_by is not None
    return draft.lent_by.round.title


def _changed(changes: list[FrameworkChange]) -> str:
    said = [f"“{one.sentence}” ({say_date(local_date(one.at))})" for one in changes]
    return f"The council has changed what you relied on: {say_list(said)}. Save it again to confirm"
