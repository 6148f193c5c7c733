"""A provider's application as it stands: its parts, and everything that they are held against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from portal.evidence.models import Evidence
from portal.evidence.queries import Held
from portal.evidence.rules import EvidenceKind
from portal.frameworks.applications import rules
from portal.frameworks.applications.drafts import Part
from portal.frameworks.applications.models import Application, ApplicationFile, Submission
from portal.frameworks.lots.models import Demand, FrameworkChange
from portal.frameworks.lots.queries import CategoryAsk
from portal.frameworks.models import Framework
from portal.frameworks.questions.queries import Asked
from portal.frameworks.questions.rules import is_answered
from portal.frameworks.rounds.models import Round
from portal.kernel.money import Money


@dataclass(frozen=True)
class Draft:
    """Everything about one application that its pages and its completeness follow from.

    ``asks`` are the round's categories, ``asked`` the questions for the lots that are bid for,
    ``changes`` what the lead council has changed since it published, ``late_until`` when this
    provider's own late door shuts. ``passed`` are the parts that need not be sent again, where
    ``lent_by`` was decided; None where it was not.
    """

    application: Application
    round: Round
    framework: Framework
    parts: Mapping[str, Part]
    asks: Sequence[CategoryAsk]
    asked: Sequence[Asked]
    demands: Sequence[Demand]
    held: Mapping[EvidenceKind, Held]
    pieces: Mapping[EvidenceKind, Sequence[Evidence]]
    files: Mapping[str, ApplicationFile]
    changes: Sequence[FrameworkChange]
    submitted: Submission | None
    late_until: datetime | None
    lent_by: Application | None
    passed: frozenset[str] | None

    @property
    def chosen(self) -> list[CategoryAsk]:
        """The categories that are bid for."""
        return [ask for ask in self.asks if self.bids_for(ask)]

    @property
    def priced(self) -> list[CategoryAsk]:
        """Those of them that ask for a price."""
        return [ask for ask in self.chosen if ask.prices]

    @property
    def answers(self) -> dict[str, Any]:
        """Every answer that is there, by its question's code."""
        given = {one.code: self.answer(one.code) for one in self.asked}
        return {code: value for code, value in given.items() if is_answered(value)}

    @property
    def applying(self) -> list[Asked]:
        """The questions that are asked after these answers, in order."""
        answers = self.answers
        return [one for one in self.asked if one.applies(answers)]

    @property
    def changed_at(self) -> datetime | None:
        """When a part was last changed."""
        return max((part.at for part in self.parts.values()), default=None)

    @property
    def changed_since_submitted(self) -> bool:
        """Whether a part was changed after the last submission."""
        changed, submitted = self.changed_at, self.submitted
        return changed is not None and submitted is not None and changed > submitted.received_at

    @property
    def state(self) -> str:
        """A code that differs once any part has been changed."""
        changed = self.changed_at
        return f"{len(self.parts)} {changed.isoformat() if changed else ''}"

    def bids_for(self, ask: CategoryAsk) -> bool:
        """Whether a category is bid for."""
        part = self.parts.get(rules.category_part(ask.category.code))
        return part is not None and part.value is True

    def answer(self, code: str) -> Any:
        """The answer to a question, None for none."""
        part = self.parts.get(rules.answer_part(code))
        return None if part is None else part.value

    def answered_version(self, code: str) -> UUID | None:
        """The wording that the answer was given to."""
        part = self.parts.get(rules.answer_part(code))
        return None if part is None else part.question_version_id

    def price(self, code: str, band: str) -> Money | None:
        """The price of a category's band, None for none."""
        part = self.parts.get(rules.price_part(code, band))
        return None if part is None or part.value is None else Money(part.value)

    def as_lent(self, part: str) -> bool:
        """Whether a part is still as an earlier application lent it."""
        there = self.parts.get(part)
        return (
            self.lent_by is not None
            and there is not None
            and there.at == self.application.started_at
        )

    def failed(self, part: str) -> bool:
        """Whether a part is as it was when it did not pass."""
        return self.passed is not None and self.as_lent(part) and part not in self.passed

    def changes_of_terms(self, ask: CategoryAsk) -> list[FrameworkChange]:
        """What was changed of a category's own terms."""
        return [one for one in self.changes if one.category_id == ask.category.id]

    def changes_of_lot(self, ask: CategoryAsk) -> list[FrameworkChange]:
        """What was changed for everybody, or for everybody who bids in a category's lot."""
        return [
            one
            for one in self.changes
            if one.category_id is None and one.lot_id in (None, ask.category.lot_id)
        ]

    @property
    def until(self) -> datetime:
        """Until when it may be written and submitted."""
        return rules.writable_until(self.round, self.late_until)

    def is_open(self, at: datetime) -> bool:
        """Whether it may be written at this time."""
        return rules.is_open(self.round, self.late_until, at)

    def is_writable(self, at: datetime) -> bool:
        """The same, unless it is withdrawn."""
        return self.is_open(at) and self.application.withdrawn_at is None

    def standing(self, at: datetime) -> rules.Standing:
        """How it stands with its round at this time."""
        return rules.standing(
            submitted_at=None if self.submitted is None else self.submitted.received_at,
            changed_at=self.changed_at,
            withdrawn=self.application.withdrawn_at is not None,
            cancelled=self.round.cancelled_at is not None,
            open_=self.is_open(at),
        )

    def content(self) -> dict[str, Any]:
        """What is sealed when it is submitted: codes, answers by version, prices in pence."""
        answers = self.answers
        return {
            "categories": [ask.category.code for ask in self.chosen],
            "answers": {
                str(one.version.id): answers[one.code]
                for one in self.applying
                if one.code in answers
            },
            "prices": {
                ask.category.code: {
                    asked.band: price.pence
                    for asked in ask.prices
                    if (price := self.price(ask.category.code, asked.band)) is not None
                }
                for ask in self.priced
            },
        }
