"""Beginning, saving and sending. Nothing is recorded of what is not sent: it is nobody's yet."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Subject, record
from portal.complaints.alerts.actions import raise_alert
from portal.complaints.making import queries
from portal.complaints.making.sealing import Draft
from portal.complaints.making.steps import Answers, Step, is_named, is_urgent, path, said
from portal.complaints.models import Attachment, Complaint, UnsentComplaint
from portal.complaints.passphrases import key_of, new_passphrase
from portal.complaints.rules import (
    MOST_FILES,
    RECEIPT_KEPT,
    SAVED_KEPT,
    UNSAVED_KEPT,
    About,
    Answer,
    Helper,
    Kind,
    Who,
    new_reference,
)
from portal.identity.passwords import hash_password
from portal.identity.permissions import Permission
from portal.kernel.files import FileRefused, StoredFile, forget, keep
from portal.kernel.files.keeping import Examined
from portal.kernel.ids import new_id
from portal.kernel.local_time import local_date
from portal.notices.actions import tell
from portal.notices.rules import NoticeKind

SOMEBODY = Actor(None, "Somebody without an account", None)
GUESSES_KEPT = timedelta(days=1)


class Event(StrEnum):
    """What somebody without an account does with what they have to say."""

    SENT = "complaints:complaint:sent"


def begin(session: Session, council_id: UUID, *, at: datetime) -> tuple[UnsentComplaint, str]:
    """Something to write in, for a council, and the key that opens it; one day unless saved."""
    reference = new_reference()
    while queries.is_taken(session, reference):
        reference = new_reference()
    draft = Draft(council_id, new_passphrase())
    unsent_id = new_id()
    key = key_of(draft.passphrase, unsent_id)
    unsent = UnsentComplaint(
        id=unsent_id, reference=reference, sealed=draft.seal(key), kept_until=at + UNSAVED_KEPT
    )
    session.add(unsent)
    session.flush()
    return unsent, key


def save(unsent: UnsentComplaint, key: str, draft: Draft, *, at: datetime) -> None:
    """Keep what was typed: a day, or a month for whoever chose to come back."""
    unsent.sealed = draft.seal(key)
    unsent.kept_until = at + (SAVED_KEPT if draft.saved else UNSAVED_KEPT)


def add_files(
    session: Session,
    unsent: UnsentComplaint,
    draft: Draft,
    files: Iterable[Examined],
    *,
    at: datetime,
) -> None:
    """Keep files with what is not sent; no council can open them yet.

    Raises FileRefused for more than so many in all, and keeps those before.
    """
    for file in files:
        if len(draft.files) >= MOST_FILES:
            raise FileRefused("You can add at most %(most)s files.", most=MOST_FILES)
        stored = keep(session, file, following_id=unsent.id, at=at)
        draft.files[str(stored.id)] = stored.name


def remove_file(
    session: Session, unsent: UnsentComplaint, draft: Draft, file_id: UUID, *, at: datetime
) -> None:
    """Take a file out again; nothing happens when it is not there."""
    if draft.files.pop(str(file_id), None) is None:
        return
    for stored in queries.unsent_files(session, unsent.id):
        if stored.id == file_id:
            forget(session, stored, at=at)


def send(
    session: Session, unsent: UnsentComplaint, key: str, draft: Draft, *, at: datetime
) -> Complaint:
    """Send it to the council, once: it keeps its id, its reference and its passphrase.

    What was typed is removed from the draft, which shows the receipt for another hour.
    """
    complaint = _complaint_of(unsent, draft, at)
    session.add(complaint)
    session.flush()
    _hand_over_files(session, complaint, draft, at)
    draft.answers, draft.files, draft.sent = {}, {}, True
    unsent.sealed = draft.seal(key)
    unsent.kept_until = at + RECEIPT_KEPT
    record(
        session,
        SOMEBODY,
        Event.SENT,
        Subject("complaint", complaint.id, complaint.reference, council_id=complaint.council_id),
        at=at,
        kind=complaint.kind.value,
        urgent=complaint.urgent,
    )
    announce(session, complaint, at=at)
    return complaint


def remove(session: Session, unsent: UnsentComplaint, *, at: datetime) -> None:
    """Remove what was not sent, with its files."""
    for stored in queries.unsent_files(session, unsent.id):
        forget(session, stored, at=at)
    session.delete(unsent)


def remove_outlived(session: Session, *, at: datetime, most: int = 500) -> int:
    """Remove what has been kept long enough, and give how many were."""
    found = queries.outlived(session, at, most)
    for unsent in found:
        remove(session, unsent, at=at)
    for guesses in queries.old_guesses(session, at - GUESSES_KEPT, most):
        session.delete(guesses)
    return len(found)


def _complaint_of(unsent: UnsentComplaint, draft: Draft, at: datetime) -> Complaint:
    answers = _on_the_way(draft.answers)

    def text(step: Step, field: str) -> str:
        return str(said(answers, step, field) or "")

    about = About(said(answers, Step.ABOUT, "about") or About.NOT_SURE)
    answer_by = Answer(text(Step.ANSWER, "answer_by"))
    helper = Helper(said(answers, Step.HELPER, "helper") or Helper.NO)
    named = is_named(answers)
    return Complaint(
        id=unsent.id,
        council_id=draft.council_id,
        reference=unsent.reference,
        passphrase_hash=hash_password(draft.passphrase),
        kind=Kind(text(Step.KIND, "kind")),
        urgent=is_urgent(answers),
        what_happened=text(Step.HAPPENED, "happened"),
        about=about,
        provider_id=UUID(text(Step.ABOUT, "provider")) if about is About.PROVIDER else None,
        about_whom=text(Step.ABOUT, "about_whom") if about is About.SOMEBODY_ELSE else "",
        wished=text(Step.WISH, "wish"),
        who=Who(text(Step.WHO, "who")),
        name=text(Step.NAME, "name") if named else None,
        on_behalf_of=text(Step.WHO, "on_behalf_of"),
        tell_provider=named and said(answers, Step.TELL, "tell") == "yes",
        answer_by=answer_by,
        contact="" if answer_by is Answer.HERE else text(Step.ANSWER, answer_by.value),
        safe_times=text(Step.CONTACT, "safe_times"),
        may_leave_message=said(answers, Step.CONTACT, "message") == "yes",
        helper=helper,
        helper_contact=text(Step.HELPER, "helper_contact") if helper is Helper.HAS_ONE else "",
        language=text(Step.NEEDS, "speaks"),
        needs=text(Step.NEEDS, "needs"),
        received_at=at,
        received_on=local_date(at),
    )


def _on_the_way(answers: Answers) -> Answers:
    """Only what was asked in the end: an answer that was thought better of is not sent."""
    return {step: answers[step] for step in path(answers) if step in answers}


def _hand_over_files(session: Session, complaint: Complaint, draft: Draft, at: datetime) -> None:
    if Step.FILES not in path(draft.answers):
        for stored in queries.unsent_files(session, complaint.id):
            forget(session, stored, at=at)
        return
    session.execute(
        update(StoredFile)
        .where(StoredFile.following_id == complaint.id)
        .values(council_id=complaint.council_id)
        .execution_options(synchronize_session=False)
    )
    session.add_all(
        Attachment(
            complaint_id=complaint.id,
            council_id=complaint.council_id,
            stored_file_id=UUID(file_id),
            at=at,
        )
        for file_id in draft.files
    )


def announce(session: Session, complaint: Complaint, *, at: datetime) -> None:
    """Tell the council's people of something new; of danger, whoever takes alerts, at once."""
    if complaint.urgent:
        raise_alert(session, complaint, at=at)
    tell(
        session,
        NoticeKind.COMPLAINT,
        sentence=f"A new {complaint.kind} has arrived: {complaint.reference}.",
        endpoint="complaints.show",
        values={"complaint_id": complaint.id},
        organisation_id=complaint.council_id,
        permission=Permission.COMPLAINT_READ,
        at=at,
    )
