"""What a provider has written of an application, and what a round asks of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.frameworks.applications.drafts import purpose_of
from portal.frameworks.applications.models import Application, ApplicationFile, DraftPart
from portal.frameworks.questions.models import Question, QuestionVersion
from portal.frameworks.questions.rules import QuestionKind
from portal.frameworks.rounds.models import Round
from portal.identity.models import Organisation, Person
from portal.kernel.files import StoredFile
from portal.kernel.sealing import Sealing
from tests.makers.files import make_stored_file
from tests.makers.questions import make_question
from tests.makers.rounds import SECRET, make_application
from tests.makers.rows import add


@dataclass(frozen=True)
class Drafted:
    """An application that nobody but its provider may know of, with a file that answers."""

    application: Application
    asks: QuestionVersion
    file: StoredFile


def make_drafted(
    session: Session, *, round_: Round, provider: Organisation, bidder: Person, rival: Application
) -> Drafted:
    """A draft for 1a with its price and a file, and the same of a rival's application."""
    asks = make_question(session, round_=round_, code="policy", kind=QuestionKind.FILE)
    application = make_application(session, round_=round_, provider=provider, by=bidder)
    file = _written(session, application, asks, bidder)
    _written(session, rival, asks, session.get_one(Person, rival.started_by_id))
    return Drafted(application, asks, file)


def _written(
    session: Session, application: Application, asks: QuestionVersion, by: Person
) -> StoredFile:
    provider = session.get_one(Organisation, application.provider_id)
    file = make_stored_file(session, provider=provider, name="Policy.pdf")
    question = session.get_one(Question, asks.question_id)
    make_application_file(session, application=application, question=question, file=file)
    make_part(session, application=application, part="category:1a", value=True, by=by)
    make_part(session, application=application, part="price:1a:", value=4321, by=by)
    make_part(
        session, application=application, part="answer:policy", value=str(file.id), by=by,
        question_version_id=asks.id,
    )  # fmt: skip
    return file


def make_part(
    session: Session,
    *,
    application: Application,
    part: str,
    value: Any,
    by: Person,
    at: datetime | None = None,
    question_version_id: UUID | None = None,
) -> DraftPart:
    """One part of a draft, sealed as the tests' settings do; saved as the draft was started."""
    own = application.provider_id
    sealed = Sealing(SECRET, purpose_of(own)).seal(json.dumps(value), of=own)
    return add(
        session,
        DraftPart(
            application_id=application.id,
            round_id=application.round_id,
            framework_id=application.framework_id,
            lead_council_id=application.lead_council_id,
            provider_id=application.provider_id,
            part=part,
            sealed=sealed.encode(),
            question_version_id=question_version_id,
            by_id=by.id,
            by_name=by.name,
            at=at or application.started_at,
        ),
    )


def make_application_file(
    session: Session, *, application: Application, question: Question, file: StoredFile
) -> ApplicationFile:
    """A file that answers a question."""
    return add(
        session,
        ApplicationFile(
            application_id=application.id,
            round_id=application.round_id,
            framework_id=application.framework_id,
            lead_council_id=application.lead_council_id,
            provider_id=application.provider_id,
            file_id=file.id,
            question_id=question.id,
        ),
    )
