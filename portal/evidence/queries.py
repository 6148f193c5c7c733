"""What a provider has shown of itself, and whose evidence lapses first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.evidence.models import BankDetails, Evidence, VatStanding
from portal.evidence.rules import (
    EVIDENCE_NAMES,
    NEEDED_TO_DELIVER,
    EvidenceKind,
    Standing,
    masked,
    standing,
)
from portal.identity.models import Organisation
from portal.identity.rules import OrganisationKind
from portal.kernel.filters import begins_with
from portal.kernel.keyset import Page, page_of
from portal.kernel.local_time import local_date
from portal.kernel.money import Money

NO_END = date(9999, 12, 31)
NOTHING = date(1, 1, 1)


@dataclass(frozen=True, slots=True)
class Held:
    """The evidence of one kind that counts today."""

    kind: EvidenceKind
    name: str
    standing: Standing
    needed: bool
    valid_from: date | None
    valid_until: date | None
    cover: Money | None
    verified_by: str | None
    verified_on: date | None


@dataclass(frozen=True, slots=True)
class Account:
    """Where a provider is paid, as far as a page shows it."""

    name: str
    number: str
    sort_code: str
    since: date


@dataclass(frozen=True, slots=True)
class Wallet:
    """All that a provider's evidence says on one day."""

    held: tuple[Held, ...]
    vat: VatStanding | None
    account: Account | None


def wallet_of(session: Session, provider_id: UUID, today: date) -> Wallet:
    """A provider's evidence of each kind, its VAT standing and its masked account today.

    What the scope may not see is simply not in it. Three statements.
    """
    found = session.scalars(
        select(Evidence)
        .where(Evidence.provider_id == provider_id)
        .order_by(Evidence.kind, Evidence.valid_from.desc())
    ).all()
    held = tuple(
        _held(kind, [one for one in found if one.kind is kind], today) for kind in EvidenceKind
    )
    vat = session.scalars(
        select(VatStanding)
        .where(VatStanding.provider_id == provider_id, VatStanding.starts_on <= today)
        .order_by(VatStanding.starts_on.desc())
        .limit(1)
    ).first()
    bank = session.scalars(
        select(BankDetails)
        .where(BankDetails.provider_id == provider_id, BankDetails.starts_on <= today)
        .order_by(BankDetails.starts_on.desc())
        .limit(1)
    ).first()
    account = None
    if bank is not None:
        account = Account(
            bank.account_name, masked(bank.account_number), masked(bank.sort_code), bank.starts_on
        )
    return Wallet(held, vat, account)


def _held(kind: EvidenceKind, newest_first: list[Evidence], today: date) -> Held:
    started = [one for one in newest_first if one.valid_from <= today]
    shown = started[0] if started else (newest_first[-1] if newest_first else None)
    first = shown.valid_from if shown else None
    last = shown.valid_until if shown else None
    return Held(
        kind=kind,
        name=EVIDENCE_NAMES[kind],
        standing=standing(first, last, today),
        needed=kind in NEEDED_TO_DELIVER,
        valid_from=first,
        valid_until=last,
        cover=shown.cover if shown else None,
        verified_by=shown.verified_by_name if shown else None,
        verified_on=local_date(shown.verified_at) if shown and shown.verified_at else None,
    )


def providers_by_lapse(
    session: Session, *, name: str, cursor: str | None
) -> Page[tuple[Organisation, date]]:
    """Providers with the day on which their first evidence lapses, the earliest first.

    A provider that has given nothing comes first, with NOTHING; one of whom nothing lapses
    comes last, with NO_END.
    """
    until = func.max(func.coalesce(Evidence.valid_until, NO_END))
    by_kind = (
        select(Evidence.provider_id.label("provider_id"), until.label("until"))
        .group_by(Evidence.provider_id, Evidence.kind)
        .subquery()
    )
    first = (
        select(by_kind.c.provider_id, func.min(by_kind.c.until).label("lapses_on"))
        .group_by(by_kind.c.provider_id)
        .subquery()
    )
    lapses_on = func.coalesce(first.c.lapses_on, NOTHING)
    statement = (
        select(Organisation, lapses_on)
        .outerjoin(first, first.c.provider_id == Organisation.id)
        .where(Organisation.kind == OrganisationKind.PROVIDER)
    )
    if (named := begins_with(Organisation.name, name)) is not None:
        statement = statement.where(named)
    return page_of(session, statement, lapses_on, Organisation.name, Organisation.id, cursor=cursor)


def next_lapse(day: date, today: date) -> Standing:
    """How a provider stands whose first evidence lapses on that day."""
    if day == NOTHING:
        return standing(None, None, today)
    return standing(min(day, today), None if day == NO_END else day, today)
