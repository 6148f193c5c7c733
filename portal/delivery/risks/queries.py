"""Notices of change or risk: a list of them, those open on a contract, and one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from portal.agreements.models import Agreement
from portal.agreements.rules import AgreementState
from portal.delivery.risks.models import Risk
from portal.frameworks.models import Framework
from portal.identity.models import Organisation
from portal.kernel.errors import NotFound
from portal.kernel.keyset import Page, page_of

_LAST = (AgreementState.ENDED, AgreementState.TRANSFERRED)
_WITH_ITS_CONTRACT = (
    joinedload(Risk.council),
    joinedload(Risk.provider),
    joinedload(Risk.framework),
    joinedload(Risk.agreement),
)


@dataclass(frozen=True, slots=True)
class Contract:
    """What a provider delivers to one council under one framework."""

    council_id: UUID
    framework_id: UUID
    council: str
    framework: str

    @property
    def code(self) -> str:
        """Both ids, as a form sends them."""
        return f"{self.council_id.hex}-{self.framework_id.hex}"


def risks(
    session: Session,
    organisation_id: UUID,
    *,
    closed: bool,
    other_party_id: UUID | None,
    framework_id: UUID | None,
    cursor: str | None,
) -> Page[Risk]:
    """The notices that an organisation gave or got, the newest first, each with its contract."""
    ended = Risk.closed_at.is_not(None) if closed else Risk.closed_at.is_(None)
    statement = select(Risk).where(ended).options(*_WITH_ITS_CONTRACT)
    if other_party_id is not None:
        statement = statement.where(
            or_(Risk.council_id == other_party_id, Risk.provider_id == other_party_id)
        )
    if framework_id is not None:
        statement = statement.where(Risk.framework_id == framework_id)
    return page_of(
        session,
        statement,
        Risk.at,
        Risk.id,
        cursor=cursor,
        descending=True,
        among=[Risk.council_id == organisation_id, Risk.provider_id == organisation_id],
    )


def open_risks(
    session: Session, *, council_id: UUID, provider_id: UUID, framework_id: UUID
) -> Sequence[Risk]:
    """The notices that are open on one contract, of all its agreements, the newest first."""
    return session.scalars(
        select(Risk)
        .where(
            Risk.council_id == council_id,
            Risk.provider_id == provider_id,
            Risk.framework_id == framework_id,
            Risk.closed_at.is_(None),
        )
        .options(joinedload(Risk.agreement))
        .order_by(Risk.at.desc(), Risk.id.desc())
    ).all()


def risks_on(session: Session, agreement: Agreement) -> Sequence[Risk]:
    """The open notices about one agreement, or about the whole of its contract."""
    return [
        risk
        for risk in open_risks(
            session,
            council_id=agreement.council_id,
            provider_id=agreement.provider_id,
            framework_id=agreement.framework_id,
        )
        if risk.agreement_id in (None, agreement.id)
    ]


def open_of_council(session: Session, council_id: UUID, most: int) -> Sequence[Risk]:
    """A council's open notices, the oldest first."""
    return session.scalars(
        select(Risk)
        .where(Risk.council_id == council_id, Risk.closed_at.is_(None))
        .options(*_WITH_ITS_CONTRACT)
        .order_by(Risk.at, Risk.id)
        .limit(most)
    ).all()


def get_risk(session: Session, risk_id: UUID, *, to_change: bool = False) -> Risk:
    """One notice with its contract; to change it, held as it is now. Raises NotFound."""
    statement = select(Risk).where(Risk.id == risk_id)
    if to_change:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    else:
        statement = statement.options(*_WITH_ITS_CONTRACT)
    found = session.scalars(statement).first()
    if found is None:
        raise NotFound
    return found


def contracts(session: Session) -> list[Contract]:
    """The contracts on which a provider's person works, by council and framework."""
    found = session.execute(
        select(Agreement.council_id, Agreement.framework_id, Organisation.name, Framework.title)
        .join(Agreement.council)
        .join(Agreement.framework)
        .where(Agreement.state.not_in(_LAST))
        .distinct()
        .order_by(Organisation.name, Framework.title, Agreement.framework_id)
    )
    return [Contract(*row) for row in found]
