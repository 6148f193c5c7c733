"""What waits around agreements: messages, safeguarding concerns, notices of risk."""

from __future__ import annotations

from datetime import date

from flask import url_for
from sqlalchemy.orm import Session

from portal.agreements.conversations.queries import waiting
from portal.agreements.conversations.reading import reader
from portal.delivery.concerns.queries import not_closed
from portal.delivery.concerns.rules import ConcernState
from portal.delivery.risks.queries import open_of_council
from portal.delivery.risks.rules import KIND_TITLES
from portal.home.rules import SHOWN, Need, Work
from portal.identity.permissions import Permission
from portal.identity.viewing import Viewer
from portal.kernel.local_time import local_date
from portal.kernel.wording import say_date, say_datetime


def care(session: Session, person: Viewer) -> Work:
    """All of it that this person's roles open."""
    needs: list[Need] = []
    elsewhere: list[Need] = []
    if person.can(Permission.CONCERN_HANDLE):
        needs += _concerns(session, person)
    elif person.can(Permission.CONCERN_READ):
        elsewhere += _own_concerns(session, person)
    if person.can(Permission.CONVERSE) or person.can(Permission.REFERRAL_CONVERSE):
        needs += _messages(session, person)
    if person.can(Permission.RISK_CLOSE):
        needs += _risks(session, person)
    return Work(needs=tuple(needs), elsewhere=tuple(elsewhere))


def _concerns(session: Session, person: Viewer) -> list[Need]:
    """A council's open concerns; those that nobody has acknowledged stand above all."""
    needs = []
    for concern in not_closed(session, person.organisation_id, SHOWN):
        new = concern.state is ConcernState.RAISED
        needs.append(
            Need(
                f"{'Acknowledge' if new else 'Go on with'} the safeguarding concern on "
                f"{concern.agreement.reference}",
                url_for("concerns.show", concern_id=concern.id),
                date.min if new else local_date(concern.at),
                f"raised {say_datetime(concern.at)}",
                "Now" if new else "Acknowledged",
                "bad" if new else "info",
            )
        )
    return needs


def _own_concerns(session: Session, person: Viewer) -> list[Need]:
    """What somebody of a provider raised, and the council has not closed."""
    return [
        Need(
            f"Safeguarding concern on {concern.agreement.reference}",
            url_for("concerns.show", concern_id=concern.id),
            local_date(concern.at),
            f"raised {say_datetime(concern.at)}",
            "With the council" if concern.state is ConcernState.RAISED else "Acknowledged",
            "waiting" if concern.state is ConcernState.RAISED else "info",
        )
        for concern in not_closed(session, person.organisation_id, SHOWN, by=person.person_id)
    ]


def _messages(session: Session, person: Viewer) -> list[Need]:
    """Conversations in which the other side wrote last, not read by this person."""
    return [
        Need(
            f"Read a message from {(one.provider if person.is_council else one.council).name}",
            url_for("conversations.agreement", agreement_id=one.agreement_id)
            if one.agreement_id
            else url_for("conversations.referral", recipient_id=one.recipient_id),
            local_date(one.last_at),
            f"{one.title}, {say_datetime(one.last_at)}",
            "Not read",
            "waiting",
        )
        for one in waiting(session, reader(person), SHOWN)
    ]


def _risks(session: Session, person: Viewer) -> list[Need]:
    """Open notices of change or risk, by the day from which they matter."""
    return [
        Need(
            f"Read the notice from {risk.provider.name}: {KIND_TITLES[risk.kind].lower()}",
            url_for("risks.show", risk_id=risk.id),
            risk.from_day,
            f"from {say_date(risk.from_day)}",
            "Open",
            "waiting",
        )
        for risk in open_of_council(session, person.organisation_id, SHOWN)
    ]
