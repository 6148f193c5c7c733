"""Writing to the other side, and marking how far one has read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from functools import partial
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.agreements.conversations import queries
from portal.agreements.conversations.models import (
    Conversation,
    ConversationFile,
    ConversationMessage,
    ConversationReading,
)
from portal.agreements.models import Agreement
from portal.audit.actions import Actor, Subject, record
from portal.identity.permissions import Permission
from portal.kernel.errors import DomainError, NotFound
from portal.kernel.files import Examined, StoredFile, forget, keep
from portal.kernel.local_time import local_date
from portal.notices.actions import tell
from portal.notices.rules import NoticeKind
from portal.referrals.anonymity import say_given_away
from portal.referrals.models import Recipient


class Event(StrEnum):
    """What happens in conversations."""

    SENT = "conversations:message:sent"


WORDS: Mapping[str, str] = {Event.SENT: "Wrote a message to the other side"}


class NotAskedYet(DomainError):
    """The referral has not gone to this provider, which does not know of it."""

    sentence = "This provider has not been asked yet, so there is nobody to write to."


class GivesAway(DomainError):
    """A message on a referral says who the young person is."""

    status = 422

    def __init__(self, said: str) -> None:
        super().__init__(say_given_away(said))


def send(
    session: Session,
    actor: Actor,
    about: Agreement | Recipient,
    *,
    words: str,
    files: Sequence[Examined] = (),
    at: datetime,
) -> ConversationMessage:
    """Write to the other side; its people are told that there is a message, never what it says.

    Raises NotAskedYet, GivesAway for words on a referral that say who the young person is,
    NotFound for a system task, FileRefused when a file cannot be kept.
    """
    if actor.person_id is None or actor.organisation_id is None:
        raise NotFound
    from_council = actor.organisation_id == about.council_id
    if isinstance(about, Recipient):
        if about.sent_at is None:
            raise NotAskedYet
        if from_council:
            _refuse_identity(about, [words, *(file.name for file in files)])
    conversation = _conversation(session, about, from_council, at)
    message = ConversationMessage(
        conversation_id=conversation.id,
        council_id=conversation.council_id,
        provider_id=conversation.provider_id,
        from_council=from_council,
        by_person_id=actor.person_id,
        by_name=actor.name,
        words=words,
        at=at,
    )
    session.add(message)
    session.flush()
    for file in files:
        stored = keep(
            session,
            file,
            council_id=conversation.council_id,
            provider_id=conversation.provider_id,
            at=at,
        )
        session.add(
            ConversationFile(
                message_id=message.id,
                conversation_id=conversation.id,
                council_id=conversation.council_id,
                provider_id=conversation.provider_id,
                file_id=stored.id,
            )
        )
    mark_read(session, actor, conversation, at=at)
    label = about.reference if isinstance(about, Agreement) else about.referral.reference
    subject = Subject(
        "conversation",
        conversation.id,
        f"Conversation on {label}",
        council_id=conversation.council_id,
        provider_id=conversation.provider_id,
    )
    record(session, actor, Event.SENT, subject, at=at, files=len(files))
    if isinstance(about, Agreement):
        _tell_about_agreement(session, about, from_council, at)
    else:
        _tell_about_referral(session, about, from_council, at)
    return message


def mark_read(session: Session, actor: Actor, conversation: Conversation, *, at: datetime) -> None:
    """Somebody has read all that was written until this moment. Raises NotFound for a task."""
    if actor.person_id is None or actor.organisation_id is None:
        raise NotFound
    mark = session.get(ConversationReading, (conversation.id, actor.person_id))
    if mark is None:
        mark = ConversationReading(
            conversation_id=conversation.id,
            person_id=actor.person_id,
            organisation_id=actor.organisation_id,
            read_at=at,
        )
        session.add(mark)
    mark.read_at = max(mark.read_at, at)
    session.flush()


def _refuse_identity(recipient: Recipient, texts: Sequence[str]) -> None:
    """A provider that has not accepted an order learns nothing of who it is."""
    person = recipient.referral.young_person
    for text in texts:
        if (said := person.given_away_by(text)) is not None:
            raise GivesAway(said)


def _conversation(
    session: Session, about: Agreement | Recipient, from_council: bool, at: datetime
) -> Conversation:
    """The conversation, begun by its first message; two who begin it at once share one."""
    keys = {"agreement_id" if isinstance(about, Agreement) else "recipient_id": about.id}
    found = queries.conversation_about(session, **keys, to_change=True)
    if found is None:
        begun = Conversation(
            council_id=about.council_id,
            provider_id=about.provider_id,
            last_at=at,
            last_from_council=from_council,
            **keys,
        )
        try:
            with session.begin_nested():
                session.add(begun)
        except IntegrityError:
            found = queries.conversation_about(session, **keys, to_change=True)
            if found is None:
                raise
        else:
            return begun
    found.last_at, found.last_from_council = at, from_council
    return found


def _tell_about_agreement(
    session: Session, agreement: Agreement, from_council: bool, at: datetime
) -> None:
    """Tell the other side; where that is the provider, its mentor too."""
    told = partial(
        tell,
        session,
        NoticeKind.MESSAGE,
        sentence=f"There is a new message on agreement {agreement.reference}.",
        endpoint="conversations.agreement",
        values={"agreement_id": agreement.id},
        organisation_id=agreement.provider_id if from_council else agreement.council_id,
        at=at,
    )
    told(permission=Permission.CONVERSE)
    if from_council:
        for person_id in queries.mentors_of(session, agreement.id, local_date(at)):
            told(person_id=person_id)


def _tell_about_referral(
    session: Session, recipient: Recipient, from_council: bool, at: datetime
) -> None:
    tell(
        session,
        NoticeKind.MESSAGE,
        sentence=f"There is a new message on referral {recipient.referral.reference}.",
        endpoint="conversations.referral",
        values={"recipient_id": recipient.id},
        organisation_id=recipient.provider_id if from_council else recipient.council_id,
        permission=Permission.REFERRAL_CONVERSE,
        at=at,
    )


def forget_files(session: Session, conversations: Select[UUID], *, at: datetime) -> None:
    """Delete the files of these conversations, which are told by their ids."""
    found = session.execute(
        select(ConversationFile, StoredFile)
        .join(StoredFile, StoredFile.id == ConversationFile.file_id)
        .where(ConversationFile.conversation_id.in_(conversations))
        .order_by(ConversationFile.id)
    ).all()
    for attached, stored in found:
        session.delete(attached)
        session.flush()
        forget(session, stored, at=at)
