"""An application as a task list: what is done, what is left, and where it is put right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import url_for

from portal.evidence.rules import EVIDENCE_NAMES
from portal.frameworks.applications import completeness, rules
from portal.frameworks.applications.draft import Draft
from portal.frameworks.applications.rules import Missing, Section
from portal.frameworks.lots.models import Demand
from portal.frameworks.lots.queries import CategoryAsk
from portal.frameworks.questions.queries import Asked
from portal.frameworks.questions.rules import is_answered
from portal.kernel.errors import NotFound
from portal.kernel.wording import say_count, say_list

FOR_EVERYBODY = "all"


@dataclass(frozen=True, slots=True)
class Task:
    """One line of a task list, as the kit shows it; no tone means that it is done."""

    title: str
    status: str
    tone: str | None = None
    href: str | None = None
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that stand together: for everybody, or for those who bid in one lot."""

    code: str
    title: str
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class ToDo:
    """One missing thing, with the page where it is put right."""

    sentence: str
    href: str


def groups(draft: Draft) -> list[Group]:
    """The questions that are asked after the answers so far, lot by lot."""
    lots = {ask.category.lot_id: ask.category.lot for ask in draft.asks}
    found: dict[str, Group] = {}
    for one in draft.applying:
        lot = lots[one.question.lot_id] if one.question.lot_id else None
        code = str(lot.number) if lot else FOR_EVERYBODY
        title = f"Lot {lot.number}: {lot.title}" if lot else "Questions for everybody"
        before = found[code].asked if code in found else ()
        found[code] = Group(code, title, (*before, one))
    return list(found.values())


def get_group(draft: Draft, code: str) -> Group:
    """One group of questions. Raises NotFound for a code that no group has."""
    for group in groups(draft):
        if group.code == code:
            return group
    raise NotFound


def group_of(draft: Draft, one: Asked) -> Group:
    """The group in which a question that is asked stands."""
    return next(group for group in groups(draft) if one in group.asked)


def following(draft: Draft, one: Asked) -> Asked | None:
    """The question after this one in its group."""
    asked = group_of(draft, one).asked
    return next(iter(asked[asked.index(one) + 1 :]), None)


def to_do(draft: Draft, missing: Sequence[Missing]) -> list[ToDo]:
    """Each missing thing with its page."""
    return [ToDo(one.sentence, _where(draft, one)) for one in missing]


def bidding_tasks(draft: Draft, missing: Sequence[Missing]) -> list[Task]:
    """What is bid for, and at what prices."""
    own = draft.application.id
    wrong = [one for one in missing if one.section is Section.CATEGORIES]
    chosen = say_list([ask.category.code for ask in draft.chosen])
    return [
        Task(
            "Categories you apply for",
            *_status(len(draft.chosen), len(wrong), _look_again(wrong, draft.chosen)),
            href=url_for("applications.answering.categories_form", application_id=own),
            hint=chosen and f"You apply for {chosen}",
        ),
        *(_price_task(draft, ask, missing) for ask in draft.priced),
    ]


def question_tasks(draft: Draft, missing: Sequence[Missing]) -> list[Task]:
    """One line for each group of questions."""
    wrong = {one.part for one in missing if one.section is Section.ANSWERS}
    return [_group_task(draft, group, wrong) for group in groups(draft)]


def evidence_task(draft: Draft, missing: Sequence[Missing]) -> Task | None:
    """The evidence that the framework demands; None where it demands none."""
    if not draft.demands:
        return None
    wrong = sum(one.section is Section.EVIDENCE for one in missing)
    good = len(draft.demands) - wrong
    return Task(
        "Evidence in your wallet",
        f"{good} of {len(draft.demands)} good" if wrong else "Completed",
        "waiting" if wrong else None,
        url_for("applications.answering.evidence", application_id=draft.application.id),
        "What you have shown once counts here too",
    )


def answer_tasks(draft: Draft, group: Group, today: date) -> list[Task]:
    """One line for each question of a group."""
    return [_answer_task(draft, one, today) for one in group.asked]


def evidence_tasks(draft: Draft) -> list[Task]:
    """One line for each kind of evidence that is demanded."""
    return [_demand_task(draft, demand) for demand in draft.demands]


def _demand_task(draft: Draft, demand: Demand) -> Task:
    held = draft.held[demand.kind]
    name, kind = EVIDENCE_NAMES[demand.kind], demand.kind.value
    send = url_for("evidence.documents.send_form", evidence_kind=kind)
    if (wrong := completeness.wrong_evidence(demand, held)) is not None:
        return Task(name, "Send it", "waiting", send, wrong)
    said = [held.standing.words]
    if held.verified_by:
        said.append(f"verified by {held.verified_by}")
    if completeness.lapses_within(held, draft.framework.ends_on):
        said.append("lapses during the framework's term, and you are reminded before")
    own = draft.application.provider_id
    there = url_for("evidence.documents.show", provider_id=own, evidence_kind=kind)
    return Task(name, "Good", None, there, "; ".join(said))


def _price_task(draft: Draft, ask: CategoryAsk, missing: Sequence[Missing]) -> Task:
    code = ask.category.code
    parts = {rules.price_part(code, asked.band) for asked in ask.prices}
    wrong = sum(one.part in parts for one in missing)
    given = sum(draft.price(code, asked.band) is not None for asked in ask.prices)
    return Task(
        f"Prices for {code} {ask.category.title}",
        *_status(given, wrong, wrong > len(parts) - given, of=len(parts)),
        href=url_for(
            "applications.pricing.show",
            application_id=draft.application.id,
            category_code=code,
        ),
        hint=f"A price {ask.category.unit.price_name}",
    )


def _group_task(draft: Draft, group: Group, wrong: set[str]) -> Task:
    parts = [rules.answer_part(one.code) for one in group.asked]
    given = sum(is_answered(draft.answer(one.code)) for one in group.asked)
    left = sum(part in wrong for part in parts)
    unanswered = sum(
        part in wrong and not is_answered(draft.answer(one.code))
        for part, one in zip(parts, group.asked, strict=True)
    )
    return Task(
        group.title,
        *_status(given, left, left > unanswered, of=len(parts)),
        href=url_for(
            "applications.answering.group",
            application_id=draft.application.id,
            group_code=group.code,
        ),
        hint=say_count(len(parts), "question"),
    )


def _answer_task(draft: Draft, one: Asked, today: date) -> Task:
    wrong = completeness.wrong_answer(draft, one, today)
    answered = is_answered(draft.answer(one.code))
    part = rules.answer_part(one.code)
    href = url_for(
        "applications.answering.question",
        application_id=draft.application.id,
        asked_id=one.question.id,
    )
    if wrong is None and not answered:
        return Task(one.version.wording, "Optional", "neutral", href)
    if wrong is None:
        lent = draft.as_lent(part)
        return Task(one.version.wording, "Completed", None, href, _lent(draft) if lent else None)
    if not answered:
        return Task(one.version.wording, "Not answered", "waiting", href)
    return Task(one.version.wording, "Look again", "warn", href, wrong)


def _lent(draft: Draft) -> str:
    assert draft.lent_by is not None
    return f"As you answered in {draft.lent_by.round.title}"


def _look_again(wrong: Sequence[Missing], chosen: Sequence[CategoryAsk]) -> bool:
    return bool(wrong and chosen)


def _status(given: int, wrong: int, look_again: bool, of: int = 1) -> tuple[str, str | None]:
    """A task's words and their tone."""
    if not wrong:
        return "Completed", None
    if look_again:
        return "Look again", "warn"
    if not given:
        return "Not started", "waiting"
    return f"{given} of {of} done", "info"


def _where(draft: Draft, one: Missing) -> str:
    own = draft.application.id
    kind, _, rest = one.part.partition(":")
    if kind == "answer":
        question = next(asked.question for asked in draft.asked if asked.code == rest)
        return url_for("applications.answering.question", application_id=own, asked_id=question.id)
    if kind == "price":
        return url_for(
            "applications.pricing.show",
            application_id=own,
            category_code=rest.partition(":")[0],
        )
    if kind == "evidence":
        return url_for("applications.answering.evidence", application_id=own)
    return url_for("applications.answering.categories_form", application_id=own)
