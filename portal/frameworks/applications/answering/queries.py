"""How a question was worded when it was answered."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.frameworks.applications.draft import Draft
from portal.frameworks.questions.models import QuestionVersion
from portal.frameworks.questions.queries import Asked


def wording_before(session: Session, draft: Draft, one: Asked) -> str | None:
    """The wording that an answer was given to, where it is another than today's."""
    answered = draft.answered_version(one.code)
    if answered is None or answered == one.version.id:
        return None
    return session.scalars(
        select(QuestionVersion.wording).where(QuestionVersion.id == answered)
    ).first()
