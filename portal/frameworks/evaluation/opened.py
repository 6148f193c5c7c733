"""What was opened in a round: who applied, their bids, answers and files. Read only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from portal.frameworks.applications.models import Application, ApplicationFile
from portal.frameworks.applications.opened import Bid, OpenedAnswer
from portal.frameworks.applications.rules import answer_part
from portal.frameworks.models import Category, FrameworkCouncil, Lot
from portal.frameworks.questions.models import Question, QuestionVersion
from portal.frameworks.questions.rules import QuestionKind, say_answer
from portal.frameworks.rounds.models import Round
from portal.identity.models import Organisation
from portal.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Applicant:
    """An opened application with its provider and its bids, by category."""

    application: Application
    name: str
    bids: tuple[Bid, ...]

    @property
    def id(self) -> UUID:
        """The application's."""
        return self.application.id

    @property
    def provider_id(self) -> UUID:
        """Whose it is."""
        return self.application.provider_id

    @property
    def lot_ids(self) -> frozenset[UUID]:
        """The lots that it bids for."""
        return frozenset(bid.category.lot_id for bid in self.bids)

    @property
    def codes(self) -> str:
        """The categories that it bids for, as "1a, 2a"."""
        return ", ".join(bid.category.code for bid in self.bids)


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer with the version of the question that it answers."""

    application_id: UUID
    question: Question
    version: QuestionVersion
    answer: Any

    @property
    def part(self) -> str:
        """Its name among the parts of an application."""
        return answer_part(self.question.code)

    @property
    def shown(self) -> str:
        """The answer as a person reads it; "" where it is a file or evidence."""
        if self.version.kind in (QuestionKind.FILE, QuestionKind.EVIDENCE):
            return ""
        return say_answer(self.version, self.answer)

    def concerns(self, lot_id: UUID) -> bool:
        """Whether the question was for those who bid for this lot."""
        return self.question.lot_id in (None, lot_id)


def opened_round(session: Session, round_id: UUID, council_id: UUID) -> Round:
    """A round that was opened, for a council of its framework. Raises NotFound."""
    found = session.scalars(
        select(Round)
        .join(FrameworkCouncil, FrameworkCouncil.framework_id == Round.framework_id)
        .where(
            Round.id == round_id,
            FrameworkCouncil.council_id == council_id,
            Round.opened_at.is_not(None),
        )
        .options(joinedload(Round.framework))
    ).first()
    if found is None:
        raise NotFound
    return found


def applicants(
    session: Session, round_id: UUID, application_id: UUID | None = None
) -> list[Applicant]:
    """Everybody whose bids were opened, or one of them, by name, with bids by lot and category."""
    bids: defaultdict[UUID, list[Bid]] = defaultdict(list)
    for bid in session.scalars(
        select(Bid)
        .join(Bid.category)
        .join(Category.lot)
        .where(Bid.round_id == round_id, _of(Bid.application_id, application_id))
        .options(
            contains_eager(Bid.category).contains_eager(Category.lot), selectinload(Bid.prices)
        )
        .order_by(Lot.number, Category.code, Bid.id)
    ):
        bids[bid.application_id].append(bid)
    found = session.execute(
        select(Application, Organisation.name)
        .join(Organisation, Organisation.id == Application.provider_id)
        .where(Application.id.in_(bids))
        .order_by(Organisation.name, Application.id)
    )
    return [Applicant(one, name, tuple(bids[one.id])) for one, name in found]


def answers(
    session: Session, round_id: UUID, application_id: UUID | None = None
) -> Mapping[UUID, Sequence[Answered]]:
    """Every opened answer of a round, or of one application, by application in their order."""
    found: defaultdict[UUID, list[Answered]] = defaultdict(list)
    for given, version, question in session.execute(
        select(OpenedAnswer, QuestionVersion, Question)
        .join(QuestionVersion, QuestionVersion.id == OpenedAnswer.question_version_id)
        .join(Question, Question.id == QuestionVersion.question_id)
        .outerjoin(Lot, Lot.id == Question.lot_id)
        .where(OpenedAnswer.round_id == round_id, _of(OpenedAnswer.application_id, application_id))
        .order_by(func.coalesce(Lot.number, 0), Question.position, Question.id)
    ):
        found[given.application_id].append(
            Answered(given.application_id, question, version, given.answer)
        )
    return found


def _of(column: Any, application_id: UUID | None) -> ColumnElement[bool]:
    """Of this application, or of any."""
    return true() if application_id is None else column == application_id


def scored(answered: Sequence[Answered]) -> list[Answered]:
    """The answers that evaluators score."""
    return [one for one in answered if one.version.points]


def files_of(session: Session, round_id: UUID) -> Mapping[tuple[UUID, UUID], ApplicationFile]:
    """The files that answer questions, by application and question."""
    return {
        (one.application_id, one.question_id): one
        for one in session.scalars(
            select(ApplicationFile)
            .where(ApplicationFile.round_id == round_id)
            .options(joinedload(ApplicationFile.file))
            .order_by(ApplicationFile.id)
        )
    }


def get_file(session: Session, round_id: UUID, file_id: UUID) -> ApplicationFile:
    """One such file. Raises NotFound."""
    found = session.scalars(
        select(ApplicationFile)
        .where(ApplicationFile.round_id == round_id, ApplicationFile.id == file_id)
        .options(joinedload(ApplicationFile.file))
    ).first()
    if found is None:
        raise NotFound
    return found
