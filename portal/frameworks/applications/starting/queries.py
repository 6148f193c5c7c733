"""What a round asks before one begins, and what an earlier application could lend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.frameworks.applications.drafts import Part, all_opened
from portal.frameworks.applications.models import Application, ApplicationFile, DraftPart
from portal.frameworks.lots.queries import CategoryAsk, category_asks, demands_for
from portal.frameworks.models import Framework
from portal.frameworks.questions.models import Question, QuestionVersion
from portal.frameworks.questions.queries import Asked, asked
from portal.frameworks.rounds.models import Round, RoundCategory, RoundNotice
from portal.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Opening:
    """A round with all that it asks, of every lot that it takes applications for."""

    round: Round
    framework: Framework
    asks: tuple[CategoryAsk, ...]
    asked: tuple[Asked, ...]
    demands: int


def get_round(session: Session, round_id: UUID) -> Round:
    """An announced round with its framework. Raises NotFound."""
    found = session.scalars(
        select(Round)
        .where(Round.id == round_id, Round.announced_at.is_not(None))
        .options(joinedload(Round.framework))
    ).first()
    if found is None:
        raise NotFound
    return found


def opening(session: Session, round_: Round) -> Opening:
    """All that a round asks."""
    taken = set(
        session.scalars(
            select(RoundCategory.category_id).where(RoundCategory.round_id == round_.id)
        )
    )
    asks = tuple(
        ask for ask in category_asks(session, round_.framework_id) if ask.category.id in taken
    )
    lot_ids = {ask.category.lot_id for ask in asks}
    kinds = {demand.kind for demand in demands_for(session, round_.framework_id, lot_ids)}
    return Opening(
        round_, round_.framework, asks, tuple(asked(session, round_.id, lot_ids)), len(kinds)
    )


def earlier_application(session: Session, provider_id: UUID, round_: Round) -> Application | None:
    """The provider's last application to lend answers: of the same framework if there is one."""
    return session.scalars(
        select(Application)
        .where(Application.provider_id == provider_id, Application.round_id != round_.id)
        .options(joinedload(Application.round))
        .order_by(
            (Application.framework_id == round_.framework_id).desc(),
            Application.started_at.desc(),
            Application.id.desc(),
        )
        .limit(1)
    ).first()


def parts_of(session: Session, application: Application) -> Mapping[str, Part]:
    """The parts of an earlier application by their names."""
    return all_opened(
        session.scalars(
            select(DraftPart)
            .where(DraftPart.application_id == application.id)
            .order_by(DraftPart.part)
        )
    )


def files_of(session: Session, application: Application) -> dict[str, ApplicationFile]:
    """The files of an earlier application by their ids."""
    found = session.scalars(
        select(ApplicationFile)
        .where(ApplicationFile.application_id == application.id)
        .options(joinedload(ApplicationFile.file))
        .order_by(ApplicationFile.id)
    )
    return {str(one.file_id): one for one in found}


def versions_of(session: Session, round_id: UUID) -> dict[UUID, tuple[str, QuestionVersion]]:
    """Every version of a round's questions, with the question's code, by the version's id."""
    rows = session.execute(
        select(Question.code, QuestionVersion)
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .where(Question.round_id == round_id)
        .order_by(Question.code, QuestionVersion.number)
    )
    return {version.id: (code, version) for code, version in rows}


def notices_of(session: Session, round_id: UUID) -> list[RoundNotice]:
    """What everybody was told of a round, the newest first."""
    return list(
        session.scalars(
            select(RoundNotice)
            .where(RoundNotice.round_id == round_id)
            .order_by(RoundNotice.at.desc(), RoundNotice.id.desc())
        )
    )
