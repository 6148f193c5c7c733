"""Erasing one person: their account, and their name and address wherever they stand.

What an invoice, a young person's record or a complaint says of who did it belongs to that record,
and goes with it on its own schedule (rules.md C2).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Enum,
    String,
    and_,
    cast,
    delete,
    func,
    inspect,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from portal.agreements.models import Assignment, Mentor
from portal.audit.actions import Actor, Subject, erase_words, record
from portal.audit.models import PARTIES, AuditEvent
from portal.identity.factors.models import Authenticator, Passkey, RecoveryCode
from portal.identity.models import Credential, Membership, Organisation, Person, SignIn
from portal.identity.recovery.models import AddressChange, RecoveryLink
from portal.kernel.database import enter, working_as
from portal.kernel.post.models import Letter
from portal.kernel.tenancy import Base, Scope, Task
from portal.notices.models import Notice, Preference
from portal.rights.due import scope_for
from portal.rights.happenings import Event
from portal.rights.rules import ERASED_ADDRESS, FORMER

PORTAL = Actor(None, "Placewell", None)
SIGN_IN = Scope.system(Task.SIGN_IN)
ACCOUNT: tuple[Any, ...] = (
    SignIn,
    Authenticator,
    Passkey,
    RecoveryCode,
    RecoveryLink,
    AddressChange,
    Credential,
)
OF_FINANCE = frozenset({
    "invoice", "invoice_section", "invoice_line", "decision", "reply", "payment", "budget",
    "cap_raise",
})  # fmt: skip
OF_CARE = frozenset({
    "agreement", "agreement_price", "concern", "concern_note", "conversation_message",
    "assignment", "mentor", "clearance", "delivery_session", "stay",
    "delivery_correction", "session_plan",
    "contribution", "meeting", "meeting_action", "outcome_score", "outcome_scoring",
    "report_draft", "report_file",
    "report_submission", "termly_report",
    "contact_record", "mentor_absence", "mentor_training", "substitution",
    "suspension", "agreement_ending", "variation", "subcontractor", "transfer", "shared_note",
})  # fmt: skip
OF_COMPLAINTS = frozenset({
    "complaint", "complaint_alert_taken", "complaint_case", "complaint_entry", "complaint_message",
    "complaint_pause", "complaint_person", "complaint_point", "complaint_promise",
    "complaint_school_report", "complaint_stage", "shared_complaint", "shared_complaint_file",
})  # fmt: skip
OF_THE_ORGANISATION = frozenset({"organisation", "bank_details"})
"""How an organisation itself is called and reached: its own, whoever it was named after."""
ON_THEIR_OWN_SCHEDULES = OF_FINANCE | OF_CARE | OF_COMPLAINTS | OF_THE_ORGANISATION
IN_THE_RECORD = frozenset({"audit_event", "audit_link", "audit_chain"})


@dataclass(frozen=True, slots=True)
class Mark:
    """A column of an organisation's rows in which somebody's name or address stands."""

    organisation_id: UUID
    model: Any
    column: str
    where: ColumnElement[bool]
    instead: Any


@dataclass(frozen=True, slots=True)
class Found:
    """Everything that has to be changed for one person."""

    name: str
    email: str
    marks: Sequence[Mark]
    events: Sequence[UUID]


def find(session: Session, person_id: UUID) -> Found:
    """Where somebody is named, in a session that only reads.

    Their address is looked for everywhere, their name in all texts of their own organisations,
    and elsewhere where it says who did something. Where a namesake works it stays, unless the row
    says that it is theirs.
    """
    person = session.get_one(Person, person_id)
    own = set(
        session.scalars(select(Membership.organisation_id).where(Membership.person_id == person_id))
    )
    namesakes = set(
        session.scalars(
            select(Membership.organisation_id)
            .join(Person, Person.id == Membership.person_id)
            .where(Person.name == person.name, Person.id != person_id)
        )
    )
    marks: list[Mark] = []
    for organisation_id in session.scalars(select(Organisation.id).order_by(Organisation.id)).all():
        enter(session, scope_for(organisation_id))
        whole = organisation_id in own
        for possible in _possible(person, organisation_id, organisation_id not in namesakes, whole):
            if _stands(session, possible):
                marks += [mark for mark in possible if _stands(session, [mark])]
    enter(session, Scope.system(Task.RETENTION))
    return Found(person.name, person.email, marks, _events(session, person, own - namesakes))


def erase(session: Session, person_id: UUID, found: Found, *, at: datetime) -> None:
    """Erase what was found, the account, and the person's words in the record."""
    with working_as(session, SIGN_IN):
        for model in ACCOUNT:
            _delete(session, model, model.person_id == person_id)
        person = session.get_one(Person, person_id)
        person.name, person.email = FORMER, f"{person_id.hex}{ERASED_ADDRESS}"
    _delete(session, Notice, Notice.person_id == person_id)
    _delete(session, Preference, Preference.person_id == person_id)
    _delete(session, Letter, or_(Letter.person_id == person_id, Letter.address == found.email))
    for mark in found.marks:
        with working_as(session, scope_for(mark.organisation_id)):
            _set(session, mark.model, mark.where, {mark.column: mark.instead})
    for organisation_id in session.scalars(
        select(Membership.organisation_id)
        .where(Membership.person_id == person_id)
        .order_by(Membership.organisation_id)
    ).all():
        with working_as(session, scope_for(organisation_id)):
            assigned = select(Assignment.id).where(Assignment.mentor_id == Mentor.id).exists()
            _set(session, Mentor, and_(Mentor.person_id == person_id, ~assigned), {"name": FORMER})
    erase_words(session, PORTAL, at=at, by=person_id, about=[person_id], events=found.events)
    record(session, PORTAL, Event.ERASED, Subject("person", person_id, FORMER), at=at)


def texts_of(model: type[Base]) -> Iterator[tuple[str, int | None]]:
    """The columns of a table in which words may stand, by name, with the longest they may be."""
    for attribute in inspect(model).column_attrs:
        kind = attribute.columns[0].type
        if isinstance(kind, String) and not isinstance(kind, Enum):
            yield attribute.key, kind.length


def names_beside(model: type[Base]) -> Mapping[str, str]:
    """The columns that keep a person's name, by the column that keeps the same person's id."""
    attributes = {one.key: one.columns[0] for one in inspect(model).column_attrs}
    pairs = {}
    for key, column in attributes.items():
        name = f"{re.sub('_?person_id$', '', key) or 'person'}_name"
        if any(f.column.table.name == "person" for f in column.foreign_keys) and name in attributes:
            pairs[key] = name
    return pairs


def _possible(
    person: Person, organisation_id: UUID, alone: bool, whole: bool
) -> Iterator[list[Mark]]:
    """Where somebody may stand in an organisation's rows, table by table."""
    address = f"{person.id.hex}{ERASED_ADDRESS}"
    for model in _searched():
        theirs = or_(*(getattr(model, one) == organisation_id for one in model.__seen_by__.writers))
        marks = []
        for key, name in names_beside(model).items():
            where = and_(theirs, getattr(model, key) == person.id, getattr(model, name) != FORMER)
            marks.append(Mark(organisation_id, model, name, where, FORMER))
        for name, longest in texts_of(model):
            column, replaced = getattr(model, name), [(person.email, address)]
            if alone and (whole or name.endswith("name")):
                replaced.append((person.name, FORMER))
            for word, instead in replaced:
                where = and_(theirs, column.contains(word, autoescape=True))
                changed = func.replace(column, word, instead)
                cut = func.substr(changed, 1, longest) if longest else changed
                marks.append(Mark(organisation_id, model, name, where, cut))
        yield marks


@cache
def _searched() -> tuple[Any, ...]:
    """The tables in which names are looked for: an organisation's, on no schedule of their own."""
    found = [
        mapper.class_
        for mapper in Base.registry.mappers
        if mapper.class_.__seen_by__.writers
        and mapper.class_.__tablename__ not in ON_THEIR_OWN_SCHEDULES | IN_THE_RECORD
        and any(texts_of(mapper.class_))
    ]
    return tuple(sorted(found, key=lambda model: model.__tablename__))


def _stands(session: Session, marks: Sequence[Mark]) -> bool:
    """Whether one of these marks of one table is there."""
    model = marks[0].model
    key = getattr(model, str(inspect(model).primary_key[0].key))
    wanted = select(key).where(or_(*(mark.where for mark in marks))).limit(1)
    return session.execute(wanted).first() is not None


def _events(session: Session, person: Person, own: set[UUID]) -> Sequence[UUID]:
    """Events that name the person although somebody else did them to something else."""
    said = cast(AuditEvent.details, String)
    parties = or_(*(getattr(AuditEvent, name).in_(own) for name in PARTIES))

    def named(word: str) -> ColumnElement[bool]:
        return or_(
            AuditEvent.subject_label.contains(word, autoescape=True),
            *(said.contains(one, autoescape=True) for one in {word, json.dumps(word)[1:-1]}),
        )

    return session.scalars(
        select(AuditEvent.id)
        .where(or_(named(person.email), and_(parties, named(person.name))))
        .order_by(AuditEvent.id)
    ).all()


def _delete(session: Session, model: Any, where: ColumnElement[bool]) -> None:
    session.execute(delete(model).where(where).execution_options(synchronize_session=False))


def _set(
    session: Session, model: Any, where: ColumnElement[bool], values: Mapping[str, Any]
) -> None:
    session.execute(
        update(model).where(where).values(values).execution_options(synchronize_session=False)
    )
