"""Adding, changing, moving and withdrawing questions, one by one or as a whole set.

Until its round is announced a question is edited in place. From then on each change is a version
of its own and a dated notice to everybody who applies, until the round closes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.actions import Actor, record
from portal.frameworks.questions.events import Event
from portal.frameworks.questions.models import Question, QuestionVersion
from portal.frameworks.questions.queries import (
    asked,
    get_asked,
    lots_of,
    question_of_code,
    says_of,
)
from portal.frameworks.questions.wordings import Drafted, Fault, Wording, faults
from portal.frameworks.rounds.events import about
from portal.frameworks.rounds.models import Round
from portal.frameworks.rounds.queries import locked_round
from portal.frameworks.rounds.rules import Step, require
from portal.frameworks.rounds.telling import give_notice
from portal.kernel.errors import DomainError, Stale
from portal.kernel.wording import say_count


class Faulty(DomainError):
    """The round's questions would not be right; ``faults`` says what is wrong with each."""

    status = 422

    def __init__(self, found: Sequence[Fault]) -> None:
        super().__init__(found[0].sentence)
        self.faults = tuple(found)


class Followed(DomainError):
    """A question cannot go, or go behind, while another follows it."""


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """What came of a set: how many questions are new, say something else, or were so already."""

    added: int
    changed: int
    unchanged: int


def add_question(
    session: Session, actor: Actor, round_id: UUID, new: Drafted, *, at: datetime
) -> Question:
    """Ask one more question, after the others of its lot.

    Raises NotFound, IllegalStep once the round has closed, Faulty.
    """
    round_ = _round_to_reword(session, actor, round_id, at)
    before = asked(session, round_.id, None)
    if new.code in {one.code for one in before}:
        raise Faulty([Fault(new.code, "code", "Another question of this round has this code")])
    _check([*(one.drafted for one in before), new])
    question = _add(session, round_, new, at=at)
    _number(session, [*(one.question for one in before), question])
    record(session, actor, Event.ADDED, about(round_), at=at, code=new.code)
    _tell(session, actor, round_, f"A question was added: “{new.says.wording}”", at=at)
    return question


def change_question(
    session: Session,
    actor: Actor,
    round_id: UUID,
    question_id: UUID,
    says: Wording,
    *,
    seen: str,
    at: datetime,
) -> None:
    """Have a question say something else; ``seen`` is the stamp of what the form was opened on.

    Raises NotFound, IllegalStep once the round has closed, Stale, Faulty.
    """
    round_ = _round_to_reword(session, actor, round_id, at)
    one = get_asked(session, round_.id, question_id)
    if stamp(one.version) != seen:
        raise Stale
    if says_of(one.version) == says:
        return
    new = Drafted(one.code, one.lot, says)
    everything = [other.drafted for other in asked(session, round_.id, None)]
    _check([new if other.code == one.code else other for other in everything])
    _change(session, round_, one.version, says, at=at)
    record(session, actor, Event.CHANGED, about(round_), at=at, code=one.code)
    _tell(session, actor, round_, f"A question was changed: “{says.wording}”", at=at)


def withdraw_question(
    session: Session, actor: Actor, round_id: UUID, question_id: UUID, *, at: datetime
) -> None:
    """Ask a question no longer; what was answered stays with the version that was answered.

    Raises NotFound, IllegalStep once the round has closed, Followed.
    """
    round_ = _round_to_reword(session, actor, round_id, at)
    one = get_asked(session, round_.id, question_id)
    followers = [
        other.code
        for other in asked(session, round_.id, None)
        if other.version.asked_if_code == one.code
    ]
    if followers:
        raise Followed(f"Withdraw the question that follows it first: {followers[0]}.")
    if round_.announced_at is None:
        session.delete(one.version)
        session.flush()
        session.delete(one.question)
    else:
        number = one.version.number + 1
        _add_version(session, one.question, number, says_of(one.version), at=at, withdrawn=True)
    session.flush()
    record(session, actor, Event.WITHDRAWN, about(round_), at=at, code=one.code)
    said = f"A question is no longer asked: “{one.version.wording}”"
    _tell(session, actor, round_, said, at=at)


def move_question(
    session: Session, actor: Actor, round_id: UUID, question_id: UUID, *, up: bool, at: datetime
) -> None:
    """Ask a question one place earlier or later among those of its lot, if there is a place.

    Raises NotFound, IllegalStep once the round has closed, Followed where a follow-up would
    stand before its question.
    """
    round_ = _round_to_reword(session, actor, round_id, at)
    one = get_asked(session, round_.id, question_id)
    beside = [other for other in asked(session, round_.id, None) if other.lot == one.lot]
    places = [other.code for other in beside]
    here = places.index(one.code)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(beside):
        return
    beside[here], beside[there] = beside[there], beside[here]
    first, second = beside[min(here, there)], beside[max(here, there)]
    if first.version.asked_if_code == second.code:
        raise Followed(f"“{first.code}” is asked after an answer to “{second.code}”.")
    _number(session, [other.question for other in beside])
    record(session, actor, Event.MOVED, about(round_), at=at, code=one.code)


def bring_in(
    session: Session, actor: Actor, round_id: UUID, wanted: Sequence[Drafted], *, at: datetime
) -> BroughtIn:
    """Take a set of questions, each with a code of its own, into a round: all of it or nothing.

    A code that the round asks already takes the set's words; the round's other questions stay,
    before the set's, which keep their own order. Raises NotFound, IllegalStep once the round has
    closed, Faulty.
    """
    round_ = _round_to_reword(session, actor, round_id, at)
    known = {one.code: one for one in asked(session, round_.id, None)}
    codes = {new.code for new in wanted}
    others = [one for code, one in known.items() if code not in codes]
    _check([*(one.drafted for one in others), *wanted])
    ordered = [one.question for one in others]
    added = changed = 0
    for new in wanted:
        one = known.get(new.code)
        if one is None:
            ordered.append(_add(session, round_, new, at=at))
            added += 1
            continue
        if one.lot != new.lot:
            raise _elsewhere(new)
        ordered.append(one.question)
        if says_of(one.version) != new.says:
            _change(session, round_, one.version, new.says, at=at)
            changed += 1
    _number(session, ordered)
    record(session, actor, Event.BROUGHT_IN, about(round_), at=at, added=added, changed=changed)
    if added or changed:
        said = f"What is asked has changed: {say_count(added, 'question')} added, {changed} changed"
        _tell(session, actor, round_, said, at=at)
    return BroughtIn(added, changed, len(wanted) - added - changed)


def stamp(version: QuestionVersion) -> str:
    """What tells one state of a question from another, for the form that changes it."""
    return f"{version.number}.{version.edits}"


def _round_to_reword(session: Session, actor: Actor, round_id: UUID, at: datetime) -> Round:
    round_ = locked_round(session, round_id, actor.organisation_id)
    require(round_, Step.REWORD, at)
    return round_


def _check(wanted: Sequence[Drafted]) -> None:
    if found := faults(sorted(wanted, key=lambda one: one.lot or 0)):
        raise Faulty(found)


def _elsewhere(new: Drafted) -> Faulty:
    sentence = "This round asked it of other bidders already. Use another code"
    return Faulty([Fault(new.code, "lot", sentence)])


def _add(session: Session, round_: Round, new: Drafted, *, at: datetime) -> Question:
    """A question that is not asked now; one that was withdrawn comes back as a new version."""
    lots = {lot.number: lot.id for lot in lots_of(session, round_.id)}
    if new.lot is not None and new.lot not in lots:
        raise Faulty([Fault(new.code, "lot", f"This round takes no bids for lot {new.lot}")])
    lot_id = None if new.lot is None else lots[new.lot]
    question = question_of_code(session, round_.id, new.code)
    if question is not None:
        if question.lot_id != lot_id:
            raise _elsewhere(new)
        _add_version(session, question, len(question.versions) + 1, new.says, at=at)
        return question
    question = Question(
        round_id=round_.id,
        framework_id=round_.framework_id,
        lead_council_id=round_.lead_council_id,
        lot_id=lot_id,
        code=new.code,
        position=0,
    )
    session.add(question)
    session.flush()
    _add_version(session, question, 1, new.says, at=at)
    return question


def _change(
    session: Session, round_: Round, version: QuestionVersion, says: Wording, *, at: datetime
) -> None:
    if round_.announced_at is not None:
        _add_version(session, version.question, version.number + 1, says, at=at)
        return
    for name, value in _columns(says).items():
        setattr(version, name, value)
    version.made_at = at
    session.flush()


def _add_version(
    session: Session,
    question: Question,
    number: int,
    says: Wording,
    *,
    at: datetime,
    withdrawn: bool = False,
) -> None:
    session.add(
        QuestionVersion(
            question_id=question.id,
            round_id=question.round_id,
            framework_id=question.framework_id,
            lead_council_id=question.lead_council_id,
            number=number,
            withdrawn=withdrawn,
            made_at=at,
            **_columns(says),
        )
    )
    session.flush()


def _columns(says: Wording) -> dict[str, Any]:
    return {**asdict(says), "options": list(says.options)}


def _number(session: Session, ordered: Sequence[Question]) -> None:
    for position, question in enumerate(ordered):
        question.position = position
    session.flush()


def _tell(session: Session, actor: Actor, round_: Round, sentence: str, *, at: datetime) -> None:
    """Say it on the round's page and to everybody who applies, once the round is announced."""
    if round_.announced_at is not None:
        give_notice(session, actor, round_, f"{sentence}.", at=at)
