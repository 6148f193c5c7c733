"""What the portal keeps about a person, in words, with everybody else masked (rules.md C3).

Which tables that is stands in ``parts``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.agreements.mentors.models import Absence, Training
from portal.agreements.models import Agreement, Assignment, Clearance, Mentor
from portal.audit.models import AuditEvent
from portal.complaints.keeping.copies import masked
from portal.identity.models import (
    Membership,
    MembershipRole,
    Organisation,
    Person,
)
from portal.identity.people.invitations.models import Invitation, JoinRequest
from portal.identity.queries import colleagues
from portal.identity.rules import ROLE_NAMES, Role
from portal.kernel.database import enter
from portal.kernel.jobs.models import Job
from portal.kernel.jobs.registry import title_of
from portal.kernel.post.models import Letter
from portal.kernel.tenancy import Scope, Task
from portal.kernel.wording import say_date, say_datetime
from portal.reporting.record.sentences import say_event
from portal.rights.copies.parts import ACCOUNT, TOLD, WORK, Part
from portal.rights.rules import FORMER

SIGN_IN = Scope.system(Task.SIGN_IN)
RETENTION = Scope.system(Task.RETENTION)
SOMEBODY = "[somebody else]"
DONE = "What you did, and what was done about you"
LETTERS = "E-mails sent to you"
WRITTEN = {"Notices": "What", LETTERS: "About", "Legal holds": "Why", DONE: "About"}
"""By title the column that may name others; all else is the person's own, or the portal's words."""
_ADDRESS = re.compile(r"[\w.+'-]+@[\w.-]+\w")
Row = dict[str, str]
Sections = dict[str, list[Row]]


def contents_of(session: Session, person_id: UUID, only: UUID | None) -> Sections:
    """Everything, by title; with ``only``, what that one organisation keeps.

    A session of the retention task that reads; it goes through the scopes that see each part.
    """
    person = session.get_one(Person, person_id)
    belongs = _memberships(session, person_id, only)
    found: Sections = {"You": [{"Name": person.name, "E-mail address": person.email}]}
    names = [name for own in belongs for key, name in colleagues(session, own.organisation_id)
             if key != str(person_id) and name not in (person.name, FORMER)]  # fmt: skip
    found["Organisations and roles"] = [_membership(session, own) for own in belongs]
    if only is None:
        enter(session, SIGN_IN)
        for part in ACCOUNT:
            found[part.title] = _rows(session, part, person_id)
        enter(session, RETENTION)
        found[LETTERS] = _letters(session, person)
    for part in TOLD:
        enter(session, RETENTION)
        found[part.title] = _rows(session, part, person_id, only)
    found["Invitations and requests to join"] = _asked(session, person, only)
    for own in belongs:
        scope = Scope(organisation_id=own.organisation_id, person_id=person_id)
        enter(session, scope)
        for part in WORK:
            rows = _rows(session, part, person_id)
            found.setdefault(part.title, []).extend(_with(own, rows))
        found.setdefault("Checks as a mentor", []).extend(_with(own, _checks(session, person_id)))
        found.setdefault("Training as a mentor", []).extend(
            _with(own, _training(session, person_id))
        )
        found.setdefault("Not available as a mentor", []).extend(
            _with(own, _absences(session, person_id))
        )
        found.setdefault("Agreements as a mentor", []).extend(
            _with(own, _assigned(session, person_id))
        )
    enter(session, RETENTION)
    found[DONE] = _events(session, person_id, only)
    return _without_others(found, names, person)


def _memberships(session: Session, person_id: UUID, only: UUID | None) -> Sequence[Membership]:
    found = session.scalars(
        select(Membership)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.person_id == person_id)
        .order_by(Organisation.name, Membership.id)
    ).all()
    return [own for own in found if only in (None, own.organisation_id)]


def _membership(session: Session, own: Membership) -> Row:
    held = session.scalars(
        select(MembershipRole.role)
        .where(MembershipRole.membership_id == own.id)
        .order_by(MembershipRole.role)
    )
    roles = ", ".join(ROLE_NAMES[role] for role in held)
    return _row({
        "Organisation": own.organisation.name, "Since": own.since, "Ended": own.ended_at,
        "Roles": roles or "None",
    })  # fmt: skip


def _rows(session: Session, part: Part, person_id: UUID, only: UUID | None = None) -> list[Row]:
    model = part.model
    wanted = select(model).where(or_(*(getattr(model, name) == person_id for name in part.own)))
    if only is not None:
        wanted = wanted.where(model.organisation_id == only)
    if part.through is not None:
        other, key, reference = part.through
        wanted = wanted.add_columns(getattr(other, reference))
        wanted = wanted.join(other, other.id == getattr(model, key))
    keys = [getattr(model, column) for column in part.told]
    rows = []
    for found in session.execute(wanted.order_by(*keys)).all():
        said: dict[str, Any] = {"About": found[1]} if part.through else {}
        said |= {label: getattr(found[0], column) for column, label in part.told.items()}
        if model is Job:
            said["What"] = title_of(found[0].name)
        rows.append(_row(said))
    return rows


def _letters(session: Session, person: Person) -> list[Row]:
    theirs = or_(Letter.person_id == person.id, Letter.address == person.email)
    found = session.scalars(select(Letter).where(theirs).order_by(Letter.written_at, Letter.id))
    return [
        _row({"Written": one.written_at, "To": one.address, "About": one.subject}) for one in found
    ]


def _asked(session: Session, person: Person, only: UUID | None) -> list[Row]:
    enter(session, SIGN_IN)
    rows = []
    for model, when in ((Invitation, Invitation.invited_at), (JoinRequest, JoinRequest.asked_at)):
        wanted = select(model.organisation_id, model.name, model.email, when)
        wanted = wanted.where(model.email == person.email)
        if only is not None:
            wanted = wanted.where(model.organisation_id == only)
        for organisation_id, name, email, at in session.execute(wanted.order_by(when)).all():
            where = session.get_one(Organisation, organisation_id).name
            rows.append(_row({
                "When": at, "Organisation": where, "Name": name, "E-mail address": email,
            }))  # fmt: skip
    return rows


def _checks(session: Session, person_id: UUID) -> list[Row]:
    found = session.scalars(
        select(Clearance)
        .join(Mentor, Mentor.id == Clearance.mentor_id)
        .where(Mentor.person_id == person_id)
        .order_by(Clearance.checked_on, Clearance.id)
    )
    return [
        _row({"Checked": one.checked_on, "Valid until": one.valid_until, "Result": one.result})
        for one in found
    ]


def _training(session: Session, person_id: UUID) -> list[Row]:
    found = session.scalars(
        select(Training)
        .join(Mentor, Mentor.id == Training.mentor_id)
        .where(Mentor.person_id == person_id)
        .order_by(Training.taken_on, Training.id)
    )
    return [
        _row({"Training": one.title or one.kind, "Taken": one.taken_on, "Until": one.fresh_until})
        for one in found
    ]


def _absences(session: Session, person_id: UUID) -> list[Row]:
    found = session.scalars(
        select(Absence)
        .join(Mentor, Mentor.id == Absence.mentor_id)
        .where(Mentor.person_id == person_id)
        .order_by(Absence.first_day, Absence.id)
    )
    return [_row({"From": one.first_day, "To": one.last_day, "Why": one.reason}) for one in found]


def _assigned(session: Session, person_id: UUID) -> list[Row]:
    found = session.execute(
        select(Agreement.reference, Assignment.starts_on, Assignment.ends_on)
        .join(Assignment, Assignment.agreement_id == Agreement.id)
        .join(Mentor, Mentor.id == Assignment.mentor_id)
        .where(Mentor.person_id == person_id)
        .order_by(Assignment.starts_on, Agreement.reference)
    )
    return [
        _row({"Agreement": reference, "From": first, "To": last})
        for reference, first, last in found
    ]


def _events(session: Session, person_id: UUID, only: UUID | None) -> list[Row]:
    wanted = select(AuditEvent).where(
        or_(AuditEvent.person_id == person_id, AuditEvent.subject_id == person_id)
    )
    if only is not None:
        wanted = wanted.where(AuditEvent.organisation_id == only)
    rows = []
    for one in session.scalars(wanted.order_by(AuditEvent.at, AuditEvent.id)):
        others = one.subject_kind in ("person", "invitation", "join-request")
        hidden = others and one.subject_id != person_id
        rows.append(_row({
            "When": one.at,
            "By": "You" if one.person_id == person_id else SOMEBODY,
            "What": say_event(one.event),
            "About": SOMEBODY if hidden else one.subject_label,
        }))  # fmt: skip
    return rows


def _with(own: Membership, rows: list[Row]) -> list[Row]:
    return [{"Organisation": own.organisation.name, **row} for row in rows]


def _row(said: dict[str, Any]) -> Row:
    return {label: _say(value) for label, value in said.items() if value not in (None, "")}


def _say(value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return say_datetime(value)
    if isinstance(value, date):
        return say_date(value)
    if isinstance(value, Role):
        return ROLE_NAMES[value]
    if isinstance(value, StrEnum):
        return value.value.replace("-", " ").capitalize()
    return str(value)


def _without_others(found: Sections, names: Sequence[str], person: Person) -> Sections:
    """Mask colleagues' names and everybody else's addresses in what somebody wrote."""

    def clean(text: str) -> str:
        parts = text.split(person.email)
        return person.email.join(
            masked(_ADDRESS.sub(SOMEBODY, part), names, person.name) for part in parts
        )

    return {
        title: [
            {label: clean(words) if label == WRITTEN.get(title) else words
             for label, words in row.items()}
            for row in rows
        ]
        for title, rows in found.items()
        if rows
    }  # fmt: skip
