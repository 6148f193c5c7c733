"""What a provider has shown of itself, and whose evidence lapses first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, case, func, literal, select
from sqlalchemy.orm import Session

from portal.evidence.models import BankDetails, Evidence, EvidenceDocument, VatStanding
from portal.evidence.rules import (
    ASKED_OF_EVERYBODY,
    EVIDENCE_NAMES,
    NEEDED_TO_DELIVER,
    EvidenceKind,
    Piece,
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
from portal.kernel.wording import say_date

NO_END = date(9999, 12, 31)
NOTHING = date(1, 1, 1)
COUNTS_UNTIL = case(
    (Evidence.refused_at.is_not(None), literal(NOTHING, Date())),
    else_=func.coalesce(Evidence.valid_until, NO_END),
)


@dataclass(frozen=True, slots=True)
class Held:
    """The evidence of one kind that counts today; ``newer`` tells of one that does not yet."""

    kind: EvidenceKind
    name: str
    standing: Standing
    needed: bool
    valid_from: date | None
    valid_until: date | None
    cover: Money | None
    verified_by: str | None
    verified_on: date | None
    refused_by: str | None
    refused_on: date | None
    newer: str


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

    The kinds that are asked of everybody, and those of the others that it has sent. What the
    scope may not see is simply not in it. Three statements.
    """
    found = pieces_by_kind(session, provider_id)
    kinds = [kind for kind in EvidenceKind if kind in ASKED_OF_EVERYBODY or kind in found]
    held = tuple(held_among(found, kinds, today).values())
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


def held_among(
    pieces: Mapping[EvidenceKind, list[Evidence]], kinds: Iterable[EvidenceKind], today: date
) -> dict[EvidenceKind, Held]:
    """What counts today of each of these kinds, whether or not any was sent."""
    return {kind: _held(kind, pieces.get(kind, []), today) for kind in kinds}


def pieces_by_kind(session: Session, provider_id: UUID) -> dict[EvidenceKind, list[Evidence]]:
    """A provider's evidence, of each kind that it has sent the newest first."""
    found: dict[EvidenceKind, list[Evidence]] = {}
    for one in session.scalars(
        select(Evidence)
        .where(Evidence.provider_id == provider_id)
        .order_by(Evidence.kind, Evidence.valid_from.desc())
    ):
        found.setdefault(one.kind, []).append(one)
    return found


def pieces_begun(
    session: Session, provider_ids: Collection[UUID], kinds: Collection[EvidenceKind], today: date
) -> dict[UUID, dict[EvidenceKind, list[Piece]]]:
    """The evidence that each provider holds of these kinds and that has begun, by provider.

    Of each kind and cover what counts longest; nothing of a kind that was never given.
    """
    found = session.execute(
        select(Evidence.provider_id, Evidence.kind, Evidence.cover, func.max(COUNTS_UNTIL))
        .where(
            Evidence.provider_id.in_(provider_ids),
            Evidence.kind.in_(kinds),
            Evidence.valid_from <= today,
        )
        .group_by(Evidence.provider_id, Evidence.kind, Evidence.cover)
    )
    pieces: dict[UUID, dict[EvidenceKind, list[Piece]]] = {one: {} for one in provider_ids}
    for provider_id, kind, cover, until in found:
        counts = None if until == NOTHING else until
        pieces[provider_id].setdefault(kind, []).append(Piece(counts, cover))
    return pieces


def _held(kind: EvidenceKind, newest_first: list[Evidence], today: date) -> Held:
    counting = [one for one in newest_first if one.refused_at is None]
    started = [one for one in counting if one.valid_from <= today]
    shown = next(iter([*started, *reversed(counting), *newest_first]), None)
    first = shown.valid_from if shown else None
    last = shown.valid_until if shown else None
    return Held(
        kind=kind,
        name=EVIDENCE_NAMES[kind],
        standing=standing(
            first, last, today, refused=shown is not None and shown.refused_at is not None
        ),
        needed=kind in NEEDED_TO_DELIVER,
        valid_from=first,
        valid_until=last,
        cover=shown.cover if shown else None,
        verified_by=shown.verified_by_name if shown else None,
        verified_on=local_date(shown.verified_at) if shown and shown.verified_at else None,
        refused_by=shown.refused_by_name if shown else None,
        refused_on=local_date(shown.refused_at) if shown and shown.refused_at else None,
        newer=_newer(newest_first[0], shown) if shown else "",
    )


def _newer(newest: Evidence, shown: Evidence) -> str:
    """A word on the newest evidence where another is the one that counts."""
    if newest is shown or newest.valid_from <= shown.valid_from:
        return ""
    said = "was not accepted" if newest.refused_at else "is held already"
    return f"The one from {say_date(newest.valid_from)} {said}"


def waiting(session: Session, *, limit: int) -> Sequence[tuple[Evidence, Organisation, datetime]]:
    """Evidence whose file no council has judged yet, with its provider and when it was sent.

    The longest waiting first, of the providers that the scope may see.
    """
    sent_at = func.max(EvidenceDocument.sent_at)
    rows = session.execute(
        select(Evidence, Organisation, sent_at)
        .select_from(Evidence)
        .join(Evidence.documents)
        .join(Organisation, Organisation.id == Evidence.provider_id)
        .where(Evidence.verified_at.is_(None), Evidence.refused_at.is_(None))
        .group_by(Evidence.id, Organisation.id)
        .order_by(sent_at, Evidence.id)
        .limit(limit)
    ).all()
    return [(evidence, provider, at) for evidence, provider, at in rows]


def providers_by_lapse(
    session: Session, *, name: str, cursor: str | None
) -> Page[tuple[Organisation, date]]:
    """Providers with the day on which their first evidence lapses, the earliest first.

    A provider that has given nothing comes first, with NOTHING; one of whom nothing lapses
    comes last, with NO_END.
    """
    until = func.max(COUNTS_UNTIL)
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
