"""Who has which part in a case: named, declared free of conflict, gone again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.actions import Actor
from portal.complaints.handling.actions.case import Event, done, opened
from portal.complaints.handling.models import CasePerson
from portal.complaints.handling.queries import Whole
from portal.complaints.handling.rules import (
    MayNotActHere,
    NotYet,
    Part,
    WorksFor,
    person_key,
    refuse_part,
)
from portal.kernel.errors import NotFound
from portal.kernel.local_time import local_date
from portal.notices.actions import tell
from portal.notices.rules import NoticeKind


def add_person(
    session: Session,
    actor: Actor,
    complaint_id: UUID,
    *,
    part: Part,
    name: str,
    organisation: str,
    works_for: WorksFor,
    person_id: UUID | None,
    provider_name: str | None,
    version: int,
    at: datetime,
) -> Whole:
    """Give somebody a part in a case, or name whom it is about.

    With an account they are told, and see the case once they say that nothing stands between.
    Raises MayNotActHere.
    """
    whole = opened(session, actor, complaint_id, version)
    key = person_key(person_id, name, organisation)
    refuse_part(
        part,
        key=key,
        works_for=works_for,
        organisation=organisation,
        provider_name=provider_name,
        people=whole.standings,
    )
    if part is not Part.SUBJECT and any(
        stage.answered_by_person_id == person_id is not None for stage in whole.stages
    ):
        raise MayNotActHere("This person answered an earlier stage, so somebody else looks into it")
    added = CasePerson(
        complaint_id=complaint_id,
        council_id=whole.complaint.council_id,
        part=part,
        key=key,
        person_id=person_id,
        name=name,
        organisation=organisation,
        works_for=works_for,
        added_on=local_date(at),
    )
    session.add(added)
    session.flush()
    whole.people.append(added)
    if person_id is not None and part is not Part.SUBJECT:
        tell(
            session,
            NoticeKind.COMPLAINT,
            sentence=f"You are asked to look into complaint {whole.complaint.reference}.",
            endpoint="appointments.show",
            values={"appointment_id": str(added.id)},
            organisation_id=whole.complaint.council_id,
            person_id=person_id,
            at=at,
        )
    done(session, actor, whole, Event.PERSON_ADDED, at=at, part=part.value)
    return whole


def declare(
    session: Session,
    actor: Actor,
    complaint_id: UUID,
    *,
    case_person_id: UUID,
    conflict: str,
    version: int,
    at: datetime,
) -> Whole:
    """Note what somebody without an account said: free, or a conflict, which ends their part."""
    whole = opened(session, actor, complaint_id, version)
    one = _person(whole, case_person_id)
    if one.person_id is not None:
        raise MayNotActHere(f"{one.name} has an account, and says it themselves")
    note_declaration(one, conflict, at=at)
    done(session, actor, whole, Event.PERSON_DECLARED, at=at, conflict=bool(conflict))
    return whole


def leave(
    session: Session,
    actor: Actor,
    complaint_id: UUID,
    *,
    case_person_id: UUID,
    version: int,
    at: datetime,
) -> Whole:
    """End somebody's part. They stay named, so that they take no other part in the case."""
    whole = opened(session, actor, complaint_id, version)
    _person(whole, case_person_id).left_on = local_date(at)
    done(session, actor, whole, Event.PERSON_LEFT, at=at)
    return whole


def note_declaration(one: CasePerson, conflict: str, *, at: datetime) -> None:
    """Free to look into it; or a conflict, in words, which ends the part.

    Raises NotYet when it was said before.
    """
    if one.declared_on is not None or one.left_on is not None or one.part is Part.SUBJECT:
        raise NotYet("This was said before. Load the page again to see what stands")
    one.conflict = conflict
    if conflict:
        one.left_on = local_date(at)
    else:
        one.declared_on = local_date(at)


def _person(whole: Whole, case_person_id: UUID) -> CasePerson:
    one = next((one for one in whole.people if one.id == case_person_id), None)
    if one is None:
        raise NotFound
    return one
