"""What is over: of one organisation by category, and the people who left long enough ago.

The preview counts with the statements that the sweep works from. A session that asks works as
the organisation and as the retention task.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select
from sqlalchemy.orm import Session

from portal.agreements.models import Agreement, Assignment, Mentor
from portal.budgets.models import CapRaise
from portal.delivery.meetings.models import Meeting
from portal.identity.models import Membership, Person
from portal.identity.people.invitations.models import Invitation, JoinRequest
from portal.invoicing.banking.models import BankChange
from portal.invoicing.credits.models import CreditDecision, CreditNote
from portal.invoicing.disputes.models import Dispute
from portal.invoicing.models import Decision, Invoice, Payment, Reply
from portal.invoicing.runs.models import PaymentRun
from portal.kernel.local_time import local_date
from portal.kernel.session import FormReceipt
from portal.kernel.tenancy import Scope, Task
from portal.notices.models import Notice
from portal.referrals.models import YoungPerson
from portal.rights.queries import held_people, is_over, standing_of
from portal.rights.rules import ERASED_ADDRESS, ERASED_WORDS, FORMER, Category, Standing

Asked = Select[Any]
OF_AN_ORGANISATION = (
    Category.INVITATIONS,
    Category.RECEIPTS,
    Category.NOTICES,
    Category.FINANCE,
    Category.CARE,
    Category.YOUNG_PEOPLE,
)


def scope_for(organisation_id: UUID) -> Scope:
    """An organisation's rows, and those of the retention task."""
    return Scope(organisation_id=organisation_id, task=Task.RETENTION)


def over(
    session: Session, category: Category, organisation_id: UUID, at: datetime
) -> tuple[Asked, ...]:
    """The keys of what is over, a statement for each kind of row; held things are not."""
    stands = standing_of(session, category, local_date(at))
    return _OVER[category](stands, organisation_id)


def _invitations(stands: Standing, own: UUID) -> tuple[Asked, ...]:
    ended = func.coalesce(Invitation.accepted_at, Invitation.withdrawn_at, Invitation.expires_at)
    answered = func.coalesce(JoinRequest.decided_at, JoinRequest.asked_at)
    return (
        select(Invitation.id).where(
            Invitation.organisation_id == own, is_over(stands, Invitation.organisation_id, ended)
        ),
        select(JoinRequest.id).where(
            JoinRequest.organisation_id == own,
            is_over(stands, JoinRequest.organisation_id, answered),
        ),
    )


def _receipts(stands: Standing, own: UUID) -> tuple[Asked, ...]:
    party, when = FormReceipt.organisation_id, FormReceipt.received_at
    return (select(FormReceipt.nonce).where(party == own, is_over(stands, party, when)),)


def _notices(stands: Standing, own: UUID) -> tuple[Asked, ...]:
    party, free = Notice.organisation_id, Notice.person_id.not_in(stands.people)
    return (select(Notice.id).where(party == own, free, is_over(stands, party, Notice.at)),)


def _finance(stands: Standing, own: UUID) -> tuple[Asked, ...]:
    def lasts_through(model: Any, when: Any, by: Any) -> ColumnElement[bool]:
        lasts = or_(not_(is_over(stands, model.council_id, when)), by.in_(stands.people))
        return select(model.id).where(model.invoice_id == Invoice.id, lasts).exists()

    return (
        select(Invoice.id).where(
            or_(Invoice.council_id == own, Invoice.provider_id == own),
            Invoice.submitted_by_name != FORMER,
            Invoice.submitted_by.not_in(stands.people),
            is_over(stands, Invoice.council_id, Invoice.submitted_at),
            is_over(stands, Invoice.provider_id, Invoice.submitted_at),
            not_(lasts_through(Decision, Decision.decided_at, Decision.decided_by)),
            not_(lasts_through(Reply, Reply.replied_at, Reply.replied_by)),
            not_(lasts_through(Dispute, Dispute.disputed_at, Dispute.disputed_by)),
            not_(lasts_through(CreditNote, CreditNote.entered_at, CreditNote.entered_by)),
            not_(
                lasts_through(CreditDecision, CreditDecision.decided_at, CreditDecision.decided_by)
            ),
            not_(lasts_through(Payment, Payment.recorded_at, Payment.recorded_by)),
        ),
        select(CapRaise.id).where(
            CapRaise.council_id == own,
            CapRaise.by_name != FORMER,
            CapRaise.by_person_id.not_in(stands.people),
            is_over(stands, CapRaise.council_id, CapRaise.at),
        ),
        select(PaymentRun.id).where(
            PaymentRun.council_id == own,
            PaymentRun.proposed_by_name != FORMER,
            _nobody_of(stands, PaymentRun.proposed_by, PaymentRun.released_by),
            is_over(stands, PaymentRun.council_id, PaymentRun.proposed_at),
        ),
        select(BankChange.id).where(
            BankChange.provider_id == own,
            BankChange.proposed_by_name != FORMER,
            _nobody_of(
                stands, BankChange.proposed_by, BankChange.confirmed_by, BankChange.verified_by
            ),
            is_over(stands, BankChange.provider_id, BankChange.proposed_at),
        ),
    )


def _nobody_of(stands: Standing, *hands: Any) -> ColumnElement[bool]:
    """Whether no hold stands over anybody who had a hand in it."""
    return and_(*(or_(by.is_(None), by.not_in(stands.people)) for by in hands))


def _care(stands: Standing, own: UUID) -> tuple[Asked, ...]:
    """Agreements; then mentors and meetings of whose agreements none is kept any longer."""
    assigned = select(Assignment.id).where(Assignment.mentor_id == Mentor.id)
    kept = assigned.join(Agreement, Agreement.id == Assignment.agreement_id).where(
        Agreement.young_person != ERASED_WORDS
    )
    spoken_of = select(Agreement.id).where(
        Agreement.council_id == Meeting.council_id,
        Agreement.provider_id == Meeting.provider_id,
        Agreement.framework_id == Meeting.framework_id,
        Agreement.starts_on <= Meeting.held_on,
        Agreement.young_person != ERASED_WORDS,
    )
    return (
        select(Agreement.id).where(
            or_(Agreement.council_id == own, Agreement.provider_id == own),
            Agreement.young_person != ERASED_WORDS,
            is_over(stands, Agreement.council_id, Agreement.ends_on),
            is_over(stands, Agreement.provider_id, Agreement.ends_on),
        ),
        select(Mentor.id).where(
            Mentor.provider_id == own,
            Mentor.name != FORMER,
            Mentor.provider_id.not_in(stands.held),
            or_(Mentor.person_id.is_(None), Mentor.person_id.not_in(stands.people)),
            assigned.exists(),
            not_(kept.exists()),
        ),
        select(Meeting.id).where(
            Meeting.provider_id == own,
            Meeting.kept_by_name != FORMER,
            is_over(stands, Meeting.council_id, Meeting.held_on),
            is_over(stands, Meeting.provider_id, Meeting.held_on),
            not_(spoken_of.exists()),
        ),
    )


def _young_people(stands: Standing, own: UUID) -> tuple[Asked, ...]:
    return (
        select(YoungPerson.id).where(
            YoungPerson.council_id == own,
            YoungPerson.family_name != ERASED_WORDS,
            is_over(stands, YoungPerson.council_id, YoungPerson.date_of_birth),
        ),
    )


_OVER: dict[Category, Callable[[Standing, UUID], tuple[Asked, ...]]] = {
    Category.INVITATIONS: _invitations,
    Category.RECEIPTS: _receipts,
    Category.NOTICES: _notices,
    Category.FINANCE: _finance,
    Category.CARE: _care,
    Category.YOUNG_PEOPLE: _young_people,
}


def people_over(session: Session, at: datetime) -> Select[UUID]:
    """People whose every access ended long enough ago for each of their organisations."""
    today = local_date(at)
    stands = standing_of(session, Category.ACCOUNTS, today)
    belonged = select(Membership.id).where(Membership.person_id == Person.id)
    lasts = or_(
        Membership.ended_at.is_(None),
        not_(is_over(stands, Membership.organisation_id, Membership.ended_at)),
    )
    return (
        select(Person.id)
        .where(
            Person.email.not_like(f"%{ERASED_ADDRESS}"),
            and_(belonged.exists(), not_(belonged.where(lasts).exists())),
            not_(held_people(today)),
        )
        .order_by(Person.id)
    )


def preview(session: Session, organisation_id: UUID, at: datetime) -> dict[Category, int]:
    """How much the next sweep finds of an organisation, by category."""
    counts = {
        category: sum(
            session.scalar(select(func.count()).select_from(one.subquery())) or 0
            for one in over(session, category, organisation_id, at)
        )
        for category in OF_AN_ORGANISATION
    }
    belonged = select(Membership.person_id).where(Membership.organisation_id == organisation_id)
    leaving = people_over(session, at).where(Person.id.in_(belonged)).subquery()
    counts[Category.ACCOUNTS] = session.scalar(select(func.count()).select_from(leaving)) or 0
    return counts
