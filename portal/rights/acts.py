"""What is done about each kind of row that is over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, delete, select, update
from sqlalchemy.orm import Session

from portal.agreements.changing.models import Ending
from portal.agreements.clocks.models import ContactRecord
from portal.agreements.conversations.models import Conversation, ConversationMessage
from portal.agreements.mentors.models import Absence, Training
from portal.agreements.models import Agreement, AgreementPrice, Assignment, Mentor, Suspension
from portal.agreements.subcontractors.models import Subcontractor
from portal.agreements.substitutes.models import Substitution
from portal.agreements.transfers.models import SharedNote, Transfer
from portal.agreements.variations.models import Variation
from portal.budgets.models import CapRaise
from portal.delivery.concerns.models import Concern, ConcernNote
from portal.delivery.corrections.models import DeliveryCorrection
from portal.delivery.meetings.models import Meeting, MeetingAction
from portal.delivery.models import DeliverySession, Stay
from portal.delivery.plans.models import SessionPlan
from portal.identity.people.invitations.models import Invitation, JoinRequest
from portal.invoicing.banking.models import BankChange
from portal.invoicing.credits.models import CreditDecision, CreditNote
from portal.invoicing.models import Decision, Invoice, Payment, Reply
from portal.invoicing.runs.models import PaymentRun
from portal.kernel.session import FormReceipt
from portal.notices.models import Notice
from portal.referrals.asking.models import ReferralQuestion
from portal.referrals.models import Recipient, Referral, YoungPerson
from portal.rights.rules import ERASED_WORDS, FORMER, Category


def remove(key: Any, party: Any = None) -> Any:
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


def erase_invoices(session: Session, _own: UUID | None, keys: Sequence[UUID]) -> None:
    """The names of people and what they wrote; the figures stay."""
    _set(session, Invoice.id, keys, submitted_by_name=FORMER)
    _set(session, Payment.invoice_id, keys, recorded_by_name=FORMER)
    _set(session, Decision.invoice_id, keys, decided_by_name=FORMER, words=ERASED_WORDS)
    _set(session, Reply.invoice_id, keys, replied_by_name=FORMER, words=ERASED_WORDS)
    _set(session, CreditNote.invoice_id, keys, entered_by_name=FORMER, words=ERASED_WORDS)
    _set(session, CreditDecision.invoice_id, keys, decided_by_name=FORMER, words=ERASED_WORDS)


def _erase_raises(session: Session, _own: UUID | None, keys: Sequence[UUID]) -> None:
    _set(session, CapRaise.id, keys, by_name=FORMER, reason=ERASED_WORDS)


def _erase_runs(session: Session, _own: UUID | None, keys: Sequence[UUID]) -> None:
    """Who proposed and released; the sums and what was paid stay."""
    _set(
        session,
        PaymentRun.id,
        keys,
        proposed_by_name=FORMER,
        released_by_name=_former(PaymentRun.released_by_name),
        cancelled_by_name=_former(PaymentRun.cancelled_by_name),
    )


def _erase_bank_changes(session: Session, _own: UUID | None, keys: Sequence[UUID]) -> None:
    """Who asked, confirmed and was called, and what was said; the accounts and days stay."""
    _set(
        session,
        BankChange.id,
        keys,
        because=ERASED_WORDS,
        phone="",
        proposed_by_name=FORMER,
        confirmed_by_name=_former(BankChange.confirmed_by_name),
        verified_by_name=_former(BankChange.verified_by_name),
        spoke_to=_former(BankChange.spoke_to),
        called_number=_erased(BankChange.called_number),
        note=_erased(BankChange.note),
        ended_by_name=_former(BankChange.ended_by_name),
        ended_because=_erased(BankChange.ended_because),
    )


def _former(name: Any) -> Any:
    return case((name.is_not(None), FORMER))


def _erased(words: Any) -> Any:
    return case((words.is_not(None), ERASED_WORDS))


def erase_agreements(session: Session, _own: UUID | None, keys: Sequence[UUID]) -> None:
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
    concerns = select(Concern.id).where(Concern.agreement_id.in_(keys))
    erased = {"words": ERASED_WORDS, "by_name": FORMER}
    _set(session, ConversationMessage.conversation_id, conversations_on(keys), **erased)
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


def erase_young_people(session: Session, _own: UUID | None, keys: Sequence[UUID]) -> None:
    """Who they are and what was asked for them; the birthday stays, of nobody any more."""
    _set(
        session,
        YoungPerson.id,
        keys,
        given_name=ERASED_WORDS,
        family_name=ERASED_WORDS,
        school="",
        contacts="",
    )
    referrals = referrals_for(session, keys)
    _set(
        session,
        Referral.id,
        referrals,
        need=ERASED_WORDS,
        outcomes=[],
        area="",
        emergency_because=case((Referral.emergency, ERASED_WORDS), else_=""),
        communication_needs="",
        language_needs="",
        access_needs="",
        withdrawn_because=case((Referral.withdrawn_at.is_(None), ""), else_=ERASED_WORDS),
        made_by_name=FORMER,
    )
    unanswered = ReferralQuestion.answered_at.is_(None)
    _set(
        session,
        ReferralQuestion.referral_id,
        referrals,
        asked=ERASED_WORDS,
        answer=case((unanswered, ""), else_=ERASED_WORDS),
        asked_by_name=FORMER,
        answered_by_name=case((unanswered, ""), else_=FORMER),
    )
    about, erased = conversations_about(referrals), {"words": ERASED_WORDS, "by_name": FORMER}
    _set(session, ConversationMessage.conversation_id, about, **erased)


def conversations_on(agreements: Sequence[UUID]) -> Select[UUID]:
    """The ids of what was written about these agreements."""
    return select(Conversation.id).where(Conversation.agreement_id.in_(agreements))


def conversations_about(referrals: Sequence[UUID]) -> Select[UUID]:
    """The ids of what was written about these referrals, with any provider."""
    asked = select(Recipient.id).where(Recipient.referral_id.in_(referrals))
    return select(Conversation.id).where(Conversation.recipient_id.in_(asked))


def referrals_for(session: Session, young_people: Sequence[UUID]) -> Sequence[UUID]:
    """The ids of what was asked for these young people."""
    return session.scalars(
        select(Referral.id).where(Referral.young_person_id.in_(young_people)).order_by(Referral.id)
    ).all()


def _erase_mentors(session: Session, _own: UUID | None, keys: Sequence[UUID]) -> None:
    _set(session, Mentor.id, keys, name=FORMER)
    _set(session, Training.mentor_id, keys, title=ERASED_WORDS, recorded_by_name=FORMER)
    _set(session, Absence.mentor_id, keys, recorded_by_name=FORMER)


def _erase_meetings(session: Session, _own: UUID | None, keys: Sequence[UUID]) -> None:
    """Who was there, what was said and what followed; the days stay."""
    _set(session, Meeting.id, keys, present="", notes=ERASED_WORDS, kept_by_name=FORMER)
    _set(
        session,
        MeetingAction.meeting_id,
        keys,
        words=ERASED_WORDS,
        done_by_name=case((MeetingAction.done_on.is_not(None), FORMER)),
    )


ACTS: dict[Category, tuple[Any, ...]] = {
    Category.INVITATIONS: (remove(Invitation.id), remove(JoinRequest.id)),
    Category.RECEIPTS: (remove(FormReceipt.nonce, FormReceipt.organisation_id),),
    Category.NOTICES: (remove(Notice.id),),
    Category.FINANCE: (erase_invoices, _erase_raises, _erase_runs, _erase_bank_changes),
    Category.CARE: (erase_agreements, _erase_mentors, _erase_meetings),
    Category.YOUNG_PEOPLE: (erase_young_people,),
}
"""What is done about each kind of row that ``due.over`` names, in its order."""
