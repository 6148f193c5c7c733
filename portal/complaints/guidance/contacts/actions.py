"""Publishing whom young people can ask, and saying that it is still right."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Subject, record
from portal.complaints.guidance.models import Contact, ExitAddress
from portal.complaints.guidance.queries import contact_rows, contacts
from portal.complaints.guidance.rules import ContactDetails
from portal.kernel.errors import NotFound, Stale
from portal.kernel.local_time import local_date


class Event(StrEnum):
    """What happens to what a council publishes."""

    CONTACT_PUBLISHED = "guidance:contact:published"
    CONTACT_CONFIRMED = "guidance:contact:confirmed"
    EXIT_ADDRESS_SET = "guidance:exit-address:set"


def publish_contact(
    session: Session,
    actor: Actor,
    council_id: UUID,
    details: ContactDetails,
    *,
    seen: str,
    at: datetime,
) -> Contact:
    """Publish details from their day on; those before stay in the history.

    ``seen`` is the id of the last row of this code that the person had before them, empty for
    none. Raises Stale when there is another by now.
    """
    if seen != last_recorded(session, council_id, details.code):
        raise Stale
    return _add(session, actor, council_id, details, Event.CONTACT_PUBLISHED, at)


def confirm_contact(
    session: Session, actor: Actor, council_id: UUID, code: str, *, at: datetime
) -> None:
    """Say that a contact is still right. Raises NotFound for a code that is not shown.

    A national contact becomes the council's own with its first check.
    """
    today = local_date(at)
    found = {one.code: one for one in contacts(session, council_id, today) if one.shown}
    if code not in found:
        raise NotFound
    own = [row for row in contact_rows(session, council_id, code) if row.starts_on <= today]
    if not own:
        details = found[code].checked(today)
        _add(session, actor, council_id, details, Event.CONTACT_CONFIRMED, at)
        return
    own[-1].checked_on = today
    record(
        session,
        actor,
        Event.CONTACT_CONFIRMED,
        Subject("contact", own[-1].id, own[-1].name, council_id),
        at=at,
    )


def set_exit_address(
    session: Session, actor: Actor, council_id: UUID, address: str, *, at: datetime
) -> None:
    """Set where "Exit this page" leads on the council's pages."""
    session.merge(ExitAddress(council_id=council_id, address=address))
    subject = Subject("exit-address", council_id, address, council_id)
    record(session, actor, Event.EXIT_ADDRESS_SET, subject, at=at)


def last_recorded(session: Session, council_id: UUID, code: str) -> str:
    """The id of the last row of a code, empty for none: what a form was opened on."""
    rows = contact_rows(session, council_id, code)
    return rows[-1].id.hex if rows else ""


def _add(
    session: Session,
    actor: Actor,
    council_id: UUID,
    details: ContactDetails,
    event: Event,
    at: datetime,
) -> Contact:
    row = Contact(
        council_id=council_id,
        code=details.code,
        kind=details.kind,
        name=details.name,
        phone=details.phone,
        text_number=details.text_number,
        web=details.web,
        hours=details.hours,
        shown=details.shown,
        starts_on=details.starts_on,
        checked_on=details.checked_on,
        recorded_at=at,
        recorded_by_name=actor.name,
    )
    session.add(row)
    session.flush()
    record(session, actor, event, Subject("contact", row.id, row.name, council_id), at=at)
    return row
