# ruff: noqa: RUF009 - a key is a dataclass field, made once when the class is
"""The format itself: every key of an import file, what it holds and its default.

docs/import-format.md explains them to whoever writes such a file.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from portal.agreements.rules import AgreementState
from portal.delivery.rules import Mode, SessionState
from portal.evidence.rules import EvidenceKind
from portal.frameworks.rules import PlaceState, PriceSource
from portal.identity.rules import OrganisationKind, Role
from portal.invoicing.settlement import Outcome
from portal.kernel.entries import fields
from portal.kernel.entries.reading import Entry, each, inside, key, listed
from portal.kernel.money import Money
from portal.kernel.months import Month
from portal.loading.complaint_entries import ComplaintEntry
from portal.loading.framework_entries import FrameworkEntry
from portal.loading.published_entries import ContactEntry, ProcedureEntry


@dataclass
class AddressEntry(Entry):
    """Where an organisation receives post."""

    street: str = key(fields.text(200))
    city: str = key(fields.text(100))
    postcode: str = key(fields.text(10))


@dataclass
class EndpointEntry(Entry):
    """An organisation's electronic address on the invoicing network."""

    scheme: str = key(fields.matching("[0-9]{4}", "a scheme of four digits, like 0088"))
    id: str = key(fields.text(50))


@dataclass
class OrganisationEntry(Entry):
    """A council or a provider."""

    kind: OrganisationKind = key(fields.choice(OrganisationKind))
    name: str = key(fields.text(200))
    legal_name: str | None = key(fields.text(200), default=None)
    company_number: str | None = key(fields.text(20), default=None)
    address: AddressEntry = inside(AddressEntry)
    accounts_email: str | None = key(fields.email, default=None)
    buyer_reference: str | None = key(fields.text(50), default=None)
    endpoint: EndpointEntry | None = inside(EndpointEntry, default=None)


@dataclass
class MembershipEntry(Entry):
    """A person's belonging to an organisation, with the roles they hold there."""

    organisation: str = key(fields.text(200))
    roles: list[Role] = listed(fields.choice(Role))


@dataclass
class PersonEntry(Entry):
    """Somebody who signs in."""

    name: str = key(fields.text(200))
    email: str = key(fields.email)
    password: str | None = key(fields.text(200), default=None)
    second_factor: str | None = key(
        fields.matching("[A-Z2-7]{32}", "a secret of 32 letters A to Z and digits 2 to 7"),
        default=None,
    )
    memberships: list[MembershipEntry] = each(MembershipEntry, default=())


@dataclass
class EvidenceEntry(Entry):
    """One piece of a provider's evidence."""

    provider: str = key(fields.text(200))
    kind: EvidenceKind = key(fields.choice(EvidenceKind))
    valid_from: date = key(fields.day)
    valid_until: date | None = key(fields.day, default=None)
    cover: Money | None = key(fields.money, default=None)
    verified_by: str | None = key(fields.text(200), default=None)
    verified_on: date | None = key(fields.day, default=None)


@dataclass
class VatEntry(Entry):
    """A provider's VAT standing from a day on."""

    provider: str = key(fields.text(200))
    starts_on: date = key(fields.day)
    vat_number: str | None = key(fields.text(20), default=None)
    charity_number: str | None = key(fields.text(20), default=None)
    ofsted_urn: str | None = key(fields.text(20), default=None)
    public_body: bool = key(fields.flag, default=False)


@dataclass
class BankEntry(Entry):
    """Where a provider is paid from a day on."""

    provider: str = key(fields.text(200))
    starts_on: date = key(fields.day)
    account_name: str = key(fields.text(100))
    account_number: str = key(fields.matching("[0-9]{8}", "an account number of 8 digits"))
    sort_code: str = key(
        fields.matching("[0-9]{6}", "a sort code of 6 digits, like 12-34-56", without=" -")
    )


@dataclass
class PlacePriceEntry(Entry):
    """A place's price from a day on."""

    price: Money = key(fields.price)
    starts_on: date = key(fields.day)
    source: PriceSource = key(fields.choice(PriceSource), default=PriceSource.BID)
    band: str = key(fields.text(40), default="")
    note: str = key(fields.text(200), default="")


@dataclass
class PlaceEntry(Entry):
    """A provider's appointment to a category."""

    framework: str = key(fields.text(40))
    category: str = key(fields.text(10))
    provider: str = key(fields.text(200))
    state: PlaceState = key(fields.choice(PlaceState), default=PlaceState.ACTIVE)
    starts_on: date = key(fields.day)
    ends_on: date | None = key(fields.day, default=None)
    rank: int | None = key(fields.whole(1, 9_999), default=None)
    prices: list[PlacePriceEntry] = each(PlacePriceEntry)


@dataclass
class ClearanceEntry(Entry):
    """An enhanced DBS check; never its number."""

    checked_on: date = key(fields.day)
    valid_until: date = key(fields.day)


@dataclass
class MentorEntry(Entry):
    """Somebody who works with young people for a provider."""

    provider: str = key(fields.text(200))
    name: str = key(fields.text(200))
    person: str | None = key(fields.email, default=None)
    volunteer: bool = key(fields.flag, default=False)
    caseload_limit: int | None = key(fields.whole(1, 100), default=None)
    clearances: list[ClearanceEntry] = each(ClearanceEntry, default=())


@dataclass
class AgreementPriceEntry(Entry):
    """An agreement's own price from a day on."""

    price: Money = key(fields.price)
    starts_on: date = key(fields.day)
    source: PriceSource = key(fields.choice(PriceSource), default=PriceSource.AGREED)
    note: str = key(fields.text(200), default="")


@dataclass
class AssignmentEntry(Entry):
    """A mentor's time on an agreement."""

    mentor: str = key(fields.text(200))
    starts_on: date = key(fields.day)
    ends_on: date | None = key(fields.day, default=None)
    reason: str = key(fields.text(200), default="")


@dataclass
class SuspensionEntry(Entry):
    """Days on which an agreement stands still, both counted; without a last it goes on."""

    starts_on: date = key(fields.day)
    ends_on: date | None = key(fields.day, default=None)
    because: str = key(fields.text(500))
    suspended_by: str = key(fields.email)


@dataclass
class AgreementEntry(Entry):
    """The contract for one young person, known by an opaque reference."""

    reference: str = key(fields.text(40))
    council: str = key(fields.text(200))
    provider: str = key(fields.text(200))
    framework: str = key(fields.text(40))
    category: str = key(fields.text(10))
    young_person: str = key(fields.text(40))
    band: str = key(fields.text(40), default="")
    state: AgreementState = key(fields.choice(AgreementState), default=AgreementState.ACTIVE)
    starts_on: date = key(fields.day)
    ends_on: date | None = key(fields.day, default=None)
    authorised_weekly: Decimal | None = key(fields.decimal, default=None)
    authorised_total: Decimal | None = key(fields.decimal, default=None)
    cost_code: str | None = key(fields.text(40), default=None)
    purchase_order: str | None = key(fields.text(40), default=None)
    prices: list[AgreementPriceEntry] = each(AgreementPriceEntry)
    assignments: list[AssignmentEntry] = each(AssignmentEntry, default=())
    suspensions: list[SuspensionEntry] = each(SuspensionEntry, default=())


@dataclass
class SessionEntry(Entry):
    """One meeting of a mentor with a young person; ``at`` is London's time, kept in UTC."""

    agreement: str = key(fields.text(40))
    mentor: str = key(fields.text(200))
    at: datetime = key(fields.moment)
    minutes: int = key(fields.minutes, name="hours")
    state: SessionState = key(fields.choice(SessionState), default=SessionState.DELIVERED)
    mode: Mode = key(fields.choice(Mode), default=Mode.FACE_TO_FACE)
    interactions: int = key(fields.whole(0, 1000), default=1)
    summary: str = key(fields.text(10_000, lines=True), default="")
    recorded_by: str = key(fields.email)


@dataclass
class NightsEntry(Entry):
    """Consecutive nights of a placement, both ends counted."""

    agreement: str = key(fields.text(40))
    first: date = key(fields.day, name="from")
    last: date = key(fields.day, name="to")
    present: bool = key(fields.flag, default=True)
    recorded_by: str = key(fields.email)


@dataclass
class SettledEntry(Entry):
    """What was delivered through a month and has been invoiced: for a decision, or with one.

    ``providers`` None means all of them; ``approved_by`` is None only for what is submitted.
    """

    framework: str = key(fields.text(40))
    council: str = key(fields.text(200))
    through: Month = key(fields.month)
    outcome: Outcome = key(fields.choice(Outcome), default=Outcome.PAID)
    providers: list[str] | None = listed(fields.text(200), default=None)
    approved_by: str | None = key(fields.email, default=None)


@dataclass
class FileEntry(Entry):
    """A whole file."""

    version: int = key(fields.whole(1, 1))
    organisations: list[OrganisationEntry] = each(OrganisationEntry, default=())
    people: list[PersonEntry] = each(PersonEntry, default=())
    evidence: list[EvidenceEntry] = each(EvidenceEntry, default=())
    vat: list[VatEntry] = each(VatEntry, default=())
    bank: list[BankEntry] = each(BankEntry, default=())
    contacts: list[ContactEntry] = each(ContactEntry, default=())
    procedures: list[ProcedureEntry] = each(ProcedureEntry, default=())
    frameworks: list[FrameworkEntry] = each(FrameworkEntry, default=())
    places: list[PlaceEntry] = each(PlaceEntry, default=())
    mentors: list[MentorEntry] = each(MentorEntry, default=())
    agreements: list[AgreementEntry] = each(AgreementEntry, default=())
    sessions: list[SessionEntry] = each(SessionEntry, default=())
    nights: list[NightsEntry] = each(NightsEntry, default=())
    complaints: list[ComplaintEntry] = each(ComplaintEntry, default=())
    settled: list[SettledEntry] = each(SettledEntry, default=())
