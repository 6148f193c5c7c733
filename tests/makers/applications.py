"""What a provider has written of an application, and what a round asks of it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.frameworks.applications.drafts import purpose_of
from portal.frameworks.applications.models import Application, ApplicationFile, DraftPart
from portal.frameworks.questions.models import Question
from portal.identity.models import Person
from portal.kernel.files import StoredFile
from portal.kernel.sealing import Sealing
from tests.makers.rounds import SECRET
from tests.makers.rows import add


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
