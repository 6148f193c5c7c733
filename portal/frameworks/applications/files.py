"""The files that answer questions."""

from __future__ import annotations

from uuid import UUID

from portal.frameworks.applications.models import Application, ApplicationFile
from portal.kernel.ids import new_id


def answering_file(application: Application, file_id: UUID, question_id: UUID) -> ApplicationFile:
    """The row by which a kept file answers a question, not yet added."""
    return ApplicationFile(
        id=new_id(),
        application_id=application.id,
        round_id=application.round_id,
        framework_id=application.framework_id,
        lead_council_id=application.lead_council_id,
        provider_id=application.provider_id,
        file_id=file_id,
        question_id=question_id,
    )
