"""Every night: what has been kept long enough goes, a batch at a time, counted in the record.

A batch is one transaction; what is left over is another job. Run again, a sweep finds nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, aliased

from portal.agreements.changing.models import Ending
from portal.agreements.clocks.models import ContactRecord
from portal.agreements.conversations.actions import forget_files
from portal.agreements.conversations.models import Conversation, ConversationMessage
from portal.agreements.mentors.models import Absence, Training
from portal.agreements.models import Agreement, AgreementPrice, Assignment, Mentor, Suspension
from portal.agreements.subcontractors.models import Subcontractor
from portal.agreements.substitutes.models import Substitution
from portal.agreements.transfers.models import SharedNote, Transfer
from portal.agreements.variations.models import Variation
from portal.audit.actions import Subject, erase_words, record
from portal.budgets.models import CapRaise
from portal.delivery.concerns.models import Concern, ConcernNote
from portal.delivery.corrections.models import DeliveryCorrection
from portal.delivery.models import DeliverySession, Stay
from portal.delivery.plans.models import SessionPlan
from portal.delivery.reports.keeping import erase_reports
from portal.identity.factors.models import UsedChallenge
from portal.identity.models import Organisation, SignIn
from portal.identity.people.invitations.models import Invitation, JoinRequest
from portal.identity.recovery.models import AddressChange, RecoveryLink
from portal.identity.rules import OrganisationKind
from portal.invoicing.models import Decision, Invoice, Payment, Reply
from portal.kernel.database import enter, working_as
from portal.kernel.files import StoredFile, forget
from portal.kernel.jobs import Work, enqueue, every, job
from portal.kernel.local_time import local_date, start_of_day
from portal.kernel.session import FormReceipt
from portal.kernel.tenancy import Task
from portal.notices.models import Notice
from portal.rights.copies.models import PersonalCopy
from portal.rights.due import OF_AN_ORGANISATION, over, people_over, scope_for
from portal.rights.erasing import PORTAL, SIGN_IN, erase, find
from portal.rights.happenings import Event
from portal.rights.queries import held_person_ids
from portal.rights.rules import ERASED_WORDS, FORMER, Category, first_kept

AT_ONCE = 500
PEOPLE_AT_ONCE = 5


@every("retention:sweep", daily="03:00", scope=Task.RETENTION)
def sweep(work: Work) -> None:
    """Ask for the night's sweeps: one of what is the portal's own, one for each organisation."""
    enqueue(work.session, "retention:sign-ins", at=work.at)
    enqueue(work.session, "retention:copies", at=work.at)
    for organisation_id in work.session.scalars(select(Organisation.id).order_by(Organisation.id)):
        asked = {"of": organisation_id.hex}
        enqueue(work.session, "retention:organisation", at=work.at, arguments=asked)
    enqueue(work.session, "retention:people", at=work.at)


@job("retention:organisation", scope=Task.RETENTION)
def sweep_organisation(work: Work, *, of: str) -> None:
    """What is over of one organisation, of each category at most one batch."""
    session, organisation_id = work.session, UUID(of)
    enter(session, scope_for(organisation_id))
    organisation = session.get_one(Organisation, organisation_id)
    council = organisation.kind is OrganisationKind.COUNCIL
    done: Counter[Category] = Counter()
    more = False
    for category in OF_AN_ORGANISATION:
        if category is Category.CARE and council:
            continue  # its providers' sweeps erase what both have of an agreement
        for statement, act in zip(
            over(session, category, organisation_id, work.at), _ACTS[category], strict=True
        ):
            keys = session.scalars(statement.limit(AT_ONCE)).all()
            if keys:
                act(session, organisation_id, keys)
                done[category] += len(keys)
            if category is Category.CARE and act is _erase_agreements and keys:
                erase_words(session, PORTAL, at=work.at, about=keys)
                forget_files(session, keys, at=work.at)
                erase_reports(session, keys, words=ERASED_WORDS, name=FORMER, at=work.at)
            more = more or len(keys) == AT_ONCE
    if done:
        subject = Subject(
            "organisation",
            organisation_id,
            organisation.name,
            council_id=organisation_id if council else None,
            provider_id=None if council else organisation_id,
        )
        counts = {category.value: number for category, number in done.items()}
        record(session, PORTAL, Event.SWEPT, subject, at=work.at, **counts)
    if more:
        enqueue(session, "retention:organisation", at=work.at, arguments={"of": of})


@job("retention:people", scope=Task.RETENTION)
def sweep_people(work: Work) -> None:
    """Erase people who left long enough ago. Where they stand is looked for before writing."""
    with work.reading() as reading:
        wanted = people_over(reading, work.at).limit(PEOPLE_AT_ONCE)
        found = []
        for person_id in reading.scalars(wanted).all():
            found.append((person_id, find(reading, person_id)))
            work.progress(len(found), PEOPLE_AT_ONCE)
    for person_id, places in found:
        erase(work.session, person_id, places, at=work.at)
    if len(found) == PEOPLE_AT_ONCE:
        enqueue(work.session, "retention:people", at=work.at)


@job("retention:sign-ins", scope=Task.RETENTION)
def sweep_sign_ins(work: Work) -> None:
    """Old sign-ins but each person's latest, links, and challenges that were answered."""
    session, today = work.session, local_date(work.at)
    held = held_person_ids(session, today)
    since = {
        category: start_of_day(first_kept(category, today))
        for category in (Category.SIGN_INS, Category.LINKS)
    }
    with working_as(session, SIGN_IN):
        later = aliased(SignIn)
        newer = select(later.id).where(
            later.person_id == SignIn.person_id, later.started_at > SignIn.started_at
        )
        full = [
            _delete_some(
                session,
                SignIn.id,
                SignIn.started_at < since[Category.SIGN_INS],
                SignIn.person_id.not_in(held),
                newer.exists(),
            ),
            _delete_some(
                session,
                RecoveryLink.id,
                RecoveryLink.made_at < since[Category.LINKS],
                RecoveryLink.person_id.not_in(held),
            ),
            _delete_some(
                session,
                AddressChange.id,
                AddressChange.asked_at < since[Category.LINKS],
                AddressChange.person_id.not_in(held),
            ),
            _delete_some(
                session, UsedChallenge.digest, UsedChallenge.used_at < since[Category.LINKS]
            ),
        ]
    if any(full):
        enqueue(session, "retention:sign-ins", at=work.at)


@job("retention:copies", scope=Task.RETENTION)
def sweep_copies(work: Work) -> None:
    """Copies that were asked for more than seven days ago, with their files."""
    since = start_of_day(first_kept(Category.COPIES, local_date(work.at)))
    old = work.session.scalars(
        select(PersonalCopy)
        .where(PersonalCopy.asked_at < since)
        .order_by(PersonalCopy.id)
        .limit(AT_ONCE)
    ).all()
    for copy in old:
        stored = work.session.get(StoredFile, copy.file_id) if copy.file_id else None
        work.session.delete(copy)
        work.session.flush()
        if stored is not None:
            forget(work.session, stored, at=work.at)
    if len(old) == AT_ONCE:
        enqueue(work.session, "retention:copies", at=work.at)


def _delete_some(session: Session, key: Any, *where: Any) -> bool:
    """Delete at most one batch; whether it was a full one."""
    keys = session.scalars(select(key).where(*where).order_by(key).limit(AT_ONCE)).all()
    _remove(key)(session, None, keys)
    return len(keys) == AT_ONCE


def _remove(key: Any, party: Any = None) -> Any:
    """An act that deletes the rows with these keys, of one organisation where keys repeat."""

    def act(session: Session, organisation_id: UUID | None, keys: Sequence[Any]) -> None:
        theirs = [] if party is None else [party == organisation_id]
        session.execute(
            delete(key.class_)
            .where(key.in_(keys), *theirs)
            .execution_options(synchronize_session=False)
        )

    return act


def _set(session: Session, key: Any, keys: Any, **values: Any) -> None:
    session.execute(
        update(key.class_)
        .where(key.in_(keys))
        .values(values)
        .execution_options(synchronize_session=False)
    )


def _erase_invoices(session: Session, _own: UUID | None, keys: Sequence[UUID]) -> None:
    """The names of people and what they wrote; the figures stay."""
    _set(session, Invoice.id, keys, submitted_by_name=FORMER)
    _set(session, Payment.invoice_id, keys, recorded_by_name=FORMER)
    _set(session, Decision.invoice_id, keys, decided_by_name=FORMER, words=ERASED_WORDS)
    _set(session, Reply.invoice_id, keys, replied_by_name=FORMER, words=ERASED_WORDS)


def _erase_raises(session: Session, _own: UUID | None, keys: Sequence[UUID]) -> None:
    _set(session, CapRaise.id, keys, by_name=FORMER, reason=ERASED_WORDS)


def _erase_agreements(session: Session, _own: UUID | None, keys: Sequence[UUID]) -> None:
    """Whom it was for and what was written; the units and prices stay."""
    _set(session, Agreement.id, keys, young_person=ERASED_WORDS)
    _set(session, AgreementPrice.agreement_id, keys, note="")
    _set(session, Assignment.agreement_id, keys, reason="")
    _set(
        session,
        DeliverySession.agreement_id,
        keys,
        summary=ERASED_WORDS,
        cancelled_because=None,
        recorded_by_name=FORMER,
    )
    _set(session, Stay.agreement_id, keys, recorded_by_name=FORMER)
    _set(session, SessionPlan.agreement_id, keys, made_by_name=FORMER)
    _set(
        session,
        DeliveryCorrection.agreement_id,
        keys,
        because=ERASED_WORDS,
        recorded_by_name=FORMER,
    )
    _set(
        session,
        ContactRecord.agreement_id,
        keys,
        words=ERASED_WORDS,
        recorded_by_name=FORMER,
        withdrawn_by_name=None,
        withdrawn_because="",
    )
    _set(
        session,
        Substitution.agreement_id,
        keys,
        mentor_name=FORMER,
        because=ERASED_WORDS,
        told_by_name=FORMER,
        substitute_name=None,
    )
    _erase_changes(session, keys)
    _erase_care(session, keys)


def _erase_changes(session: Session, keys: Sequence[UUID]) -> None:
    """Why agreements changed, and who changed them; the days and terms stay."""
    _set(
        session,
        Suspension.agreement_id,
        keys,
        because=ERASED_WORDS,
        suspended_by_name=FORMER,
        resumed_by_name=FORMER,
    )
    _set(session, Ending.agreement_id, keys, words=ERASED_WORDS, by_name=FORMER)
    for model in (Variation, Subcontractor, Transfer):
        _set(
            session,
            model.agreement_id,
            keys,
            because=ERASED_WORDS,
            answer=ERASED_WORDS,
            proposed_by_name=FORMER,
            answered_by_name=FORMER,
        )
    moved = session.scalars(select(Transfer.id).where(Transfer.agreement_id.in_(keys))).all()
    _set(session, SharedNote.transfer_id, moved, summary=ERASED_WORDS)


def _erase_care(session: Session, keys: Sequence[UUID]) -> None:
    """What both sides wrote to each other, and the concerns about the young person."""
    conversations = select(Conversation.id).where(Conversation.agreement_id.in_(keys))
    concerns = select(Concern.id).where(Concern.agreement_id.in_(keys))
    erased = {"words": ERASED_WORDS, "by_name": FORMER}
    _set(session, ConversationMessage.conversation_id, conversations, **erased)
    _set(session, ConcernNote.concern_id, concerns, **erased)
    _set(
        session,
        Concern.agreement_id,
        keys,
        **erased,
        done="",
        told="",
        closed_told="",
        acknowledged_by_name=FORMER,
        closed_by_name=FORMER,
    )


def _erase_mentors(session: Session, _own: UUID | None, keys: Sequence[UUID]) -> None:
    _set(session, Mentor.id, keys, name=FORMER)
    _set(session, Training.mentor_id, keys, title=ERASED_WORDS, recorded_by_name=FORMER)
    _set(session, Absence.mentor_id, keys, recorded_by_name=FORMER)


_ACTS: dict[Category, tuple[Any, ...]] = {
    Category.INVITATIONS: (_remove(Invitation.id), _remove(JoinRequest.id)),
    Category.RECEIPTS: (_remove(FormReceipt.nonce, FormReceipt.organisation_id),),
    Category.NOTICES: (_remove(Notice.id),),
    Category.FINANCE: (_erase_invoices, _erase_raises),
    Category.CARE: (_erase_agreements, _erase_mentors),
}
"""What is done about each kind of row that ``due.over`` names, in its order."""
