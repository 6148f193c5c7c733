"""The council that leads a framework: it alone changes it, and runs its rounds."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.actions import Actor
from portal.frameworks.models import Framework
from portal.frameworks.queries import get_framework
from portal.kernel.errors import DomainError


class NotTheLead(DomainError):
    """Only the lead council changes a framework."""

    sentence = (
        "Only the framework's lead council can change it. Ask the commissioner there, and say "
        "what should be different."
    )


def led(session: Session, actor: Actor, framework_id: UUID) -> Framework:
    """A framework that the actor's council leads. Raises NotFound, or NotTheLead."""
    framework = get_framework(session, framework_id)
    if framework.lead_council_id != actor.organisation_id:
        raise NotTheLead
    return framework
