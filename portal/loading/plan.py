"""The rows that the files come to, kept until everything has been found right."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.agreements.models import (
    Agreement,
    AgreementPrice,
    Assignment,
    Clearance,
    Mentor,
    Suspension,
)
from portal.budgets.models import Budget
from portal.complaints.guidance.models import Contact, Procedure
from portal.complaints.handling.models import Case, CasePoint, CaseStage
from portal.complaints.learning.models import LearningPoint
from portal.complaints.models import Complaint, Message
from portal.complaints.sharing.models import SharedComplaint
from portal.delivery.models import DeliverySession, Stay
from portal.evidence.models import BankDetails, Evidence, VatStanding
from portal.frameworks.lots.models import (
    CategoryTerms,
    Demand,
    FrameworkTerms,
    PriceAsked,
    PriceBand,
)
from portal.frameworks.models import (
    Category,
    Framework,
    FrameworkCouncil,
    Lot,
    Place,
    PlacePrice,
)
from portal.frameworks.rounds.models import Round, RoundCategory
from portal.identity.factors.models import Authenticator
from portal.identity.models import (
    Credential,
    Membership,
    MembershipRole,
    Organisation,
    Person,
)
from portal.invoicing.models import Invoice
from portal.invoicing.settlement import Order
from portal.kernel.bulk import insert_rows
from portal.kernel.sealing import Sealing
from portal.kernel.tenancy import Base
from portal.kernel.wording import say_count, say_list
from portal.loading.entries import SettledEntry
from portal.loading.known import Known

NOUNS: dict[type[Base], tuple[str, str]] = {
    Organisation: ("organisation", "organisations"),
    Person: ("person", "people"),
    Membership: ("membership", "memberships"),
    Evidence: ("piece of evidence", "pieces of evidence"),
    VatStanding: ("VAT standing", "VAT standings"),
    BankDetails: ("bank account", "bank accounts"),
    Contact: ("contact", "contacts"),
    Procedure: ("complaints procedure", "complaints procedures"),
    Framework: ("framework", "frameworks"),
    Lot: ("lot", "lots"),
    Category: ("category", "categories"),
    PriceAsked: ("price that is asked for", "prices that are asked for"),
    Demand: ("piece of evidence that is demanded", "pieces of evidence that are demanded"),
    Round: ("round", "rounds"),
    Budget: ("budget", "budgets"),
    Place: ("place", "places"),
    PlacePrice: ("price of a place", "prices of places"),
    Mentor: ("mentor", "mentors"),
    Clearance: ("clearance", "clearances"),
    Agreement: ("agreement", "agreements"),
    AgreementPrice: ("price of an agreement", "prices of agreements"),
    Assignment: ("assignment", "assignments"),
    Suspension: ("suspension", "suspensions"),
    DeliverySession: ("session", "sessions"),
    Stay: ("stay", "stays"),
    Complaint: ("complaint", "complaints"),
    Invoice: ("invoice", "invoices"),
}
_IN_ORDER: tuple[type[Base], ...] = (
    Organisation,
    Person,
    Credential,
    Authenticator,
    Membership,
    MembershipRole,
    Evidence,
    VatStanding,
    BankDetails,
    Contact,
    Procedure,
    Framework,
    FrameworkCouncil,
    Lot,
    Category,
    FrameworkTerms,
    CategoryTerms,
    PriceAsked,
    PriceBand,
    Demand,
    Round,
    RoundCategory,
    Budget,
    Place,
    PlacePrice,
    Mentor,
    Clearance,
    Agreement,
    AgreementPrice,
    Assignment,
    Suspension,
    DeliverySession,
    Stay,
    Complaint,
    Case,
    CaseStage,
    CasePoint,
    Message,
    LearningPoint,
    SharedComplaint,
)
_PARTIES = ("council_id", "provider_id", "lead_council_id", "organisation_id")
AT_ONCE = 2_000
Counts = Counter[type[Base]]


@dataclass(slots=True)
class Plan:
    """Rows by their table, in the order found; and what was there already.

    ``shares`` counts by file and organisation what of it concerns that organisation.
    """

    rows: dict[type[Base], list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    there: Counts = field(default_factory=Counter)
    shares: dict[tuple[int, UUID], Counts] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, file: int, model: type[Base], **row: Any) -> None:
        """One more row, from that file."""
        self.rows[model].append(row)
        if model not in NOUNS:
            return
        concerned = {row["id"]} if model is Organisation else {row.get(name) for name in _PARTIES}
        for organisation_id in concerned:
            if organisation_id is not None:
                self.shares[file, organisation_id][model] += 1

    def is_there(self, model: type[Base]) -> None:
        """One more that the database holds already."""
        self.there[model] += 1

    def __len__(self) -> int:
        return sum(len(rows) for rows in self.rows.values())

    def save(self, session: Session, progress: Callable[[int], object]) -> None:
        """Insert everything, parents first."""
        for model in _IN_ORDER:
            rows = self.rows.get(model, [])
            for start in range(0, len(rows), AT_ONCE):
                batch = rows[start : start + AT_ONCE]
                insert_rows(session, model, batch)
                progress(len(batch))

    @property
    def counts(self) -> Counts:
        """How many of each were added."""
        return Counter({model: len(self.rows[model]) for model in NOUNS if model in self.rows})


def say_counts(counts: Counts) -> str:
    """As "2 organisations, 14 people and 1 framework"; "nothing" when there is none."""
    said = [
        say_count(counts[model], one, many)
        for model, (one, many) in NOUNS.items()
        if counts.get(model)
    ]
    return say_list(said) if said else "nothing"


@dataclass(slots=True)
class Work:
    """What every part of the loading works with.

    ``at`` is the moment of loading (UTC), ``sealing`` what keeps the secrets of second factors.
    """

    session: Session
    known: Known
    plan: Plan
    at: datetime
    sealing: Sealing
    passwords: dict[str, str] = field(default_factory=dict)
    orders: list[tuple[SettledEntry, Order]] = field(default_factory=list)
