"""Somebody as their conversations know them: which are theirs, and how far they have read."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_

from portal.agreements.conversations.models import Conversation, ConversationReading
from portal.identity.permissions import Permission
from portal.identity.viewing import Viewer


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: for which organisation, and which kinds of conversation their roles open."""

    organisation_id: UUID
    person_id: UUID
    is_council: bool
    of_agreements: bool
    of_referrals: bool

    @property
    def own(self) -> ColumnElement[bool]:
        """The kinds that are theirs."""
        return or_(
            Conversation.agreement_id.is_not(None) if self.of_agreements else false(),
            Conversation.recipient_id.is_not(None) if self.of_referrals else false(),
        )

    @property
    def reading(self) -> ColumnElement[bool]:
        """What joins a conversation to their own mark."""
        return and_(
            ConversationReading.conversation_id == Conversation.id,
            ConversationReading.person_id == self.person_id,
        )


def reader(person: Viewer) -> Reader:
    """A signed-in person."""
    return Reader(
        organisation_id=person.organisation_id,
        person_id=person.person_id,
        is_council=person.is_council,
        of_agreements=person.can(Permission.CONVERSE),
        of_referrals=person.can(Permission.REFERRAL_CONVERSE),
    )
