"""Letters to somebody who has an account, by their name."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.identity.models import Person
from portal.kernel.post import write


def write_to(
    session: Session,
    person: Person,
    subject: str,
    template: str,
    *,
    at: datetime,
    **context: object,
) -> None:
    """Write to a person at the address that they sign in with; ``template`` is under identity/."""
    write(
        session,
        to=person.email,
        subject=subject,
        template=f"identity/{template}",
        at=at,
        person_id=person.id,
        name=person.name,
        **context,
    )
