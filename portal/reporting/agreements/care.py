"""What stands around an agreement: its conversation, concerns that one may see, open risks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from sqlalchemy.orm import Session

from portal.agreements.conversations.models import Conversation
from portal.agreements.conversations.queries import conversation_about, read_until
from portal.agreements.models import Agreement
from portal.delivery.concerns.models import Concern
from portal.delivery.concerns.queries import concerns_on
from portal.delivery.concerns.rules import STATE_TAGS
from portal.delivery.risks.models import Risk
from portal.delivery.risks.queries import risks_on
from portal.delivery.risks.rules import KIND_TITLES
from portal.identity.permissions import Permission
from portal.identity.viewing import Viewer


@dataclass(frozen=True, slots=True)
class Care:
    """As far as somebody's roles open it; a constant number of queries."""

    conversation: Conversation | None
    unread: bool
    concerns: Sequence[Concern]
    risks: Sequence[Risk]
    may_write: bool
    may_raise: bool
    reads_concerns: bool
    reads_risks: bool
    may_give: bool

    states = STATE_TAGS
    kinds = KIND_TITLES

    @property
    def anything(self) -> bool:
        """Whether this person finds anything here."""
        return self.may_write or self.may_raise or self.reads_concerns or self.reads_risks


def care_of(session: Session, agreement: Agreement, person: Viewer) -> Care:
    """What one person finds around an agreement."""
    conversation, unread = None, False
    if person.can(Permission.CONVERSE):
        conversation = conversation_about(session, agreement_id=agreement.id)
        if conversation is not None:
            read = read_until(session, conversation, person.person_id)
            unread = read is None or read < conversation.last_at
    reads_concerns = person.can(Permission.CONCERN_READ)
    reads_risks = person.can(Permission.RISK_READ)
    return Care(
        conversation=conversation,
        unread=unread,
        concerns=concerns_on(session, agreement.id) if reads_concerns else (),
        risks=risks_on(session, agreement) if reads_risks else (),
        may_write=person.can(Permission.CONVERSE),
        may_raise=person.can(Permission.CONCERN_RAISE),
        reads_concerns=reads_concerns,
        reads_risks=reads_risks,
        may_give=person.can(Permission.RISK_GIVE),
    )


def links_around(person: Viewer) -> list[tuple[str, str]]:
    """Where somebody finds all their conversations, concerns and notices: words and address."""
    lists = (
        ("Conversations", "conversations.index", Permission.CONVERSE),
        ("Safeguarding concerns", "concerns.index", Permission.CONCERN_READ),
        ("Changes and risks", "risks.index", Permission.RISK_READ),
    )
    return [(words, url_for(endpoint)) for words, endpoint, need in lists if person.can(need)]
