"""What evidence there is and when it is in date. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from portal.kernel.errors import DomainError
from portal.kernel.money import Money
from portal.kernel.wording import say_count, say_date
from portal.kernel.years import anniversary


class EvidenceKind(StrEnum):
    """The evidence that may be asked for."""

    EMPLOYERS_LIABILITY = "employers-liability"
    PUBLIC_LIABILITY = "public-liability"
    SAFEGUARDING_POLICY = "safeguarding-policy"
    DATA_PROTECTION_POLICY = "data-protection-policy"
    DATA_PROTECTION_TRAINING = "data-protection-training"
    UK_STORAGE = "uk-storage"
    CONFIDENTIALITY = "confidentiality"
    EQUALITY_OBJECTIVES = "equality-objectives"
    PROFESSIONAL_INDEMNITY = "professional-indemnity"
    ENHANCED_DBS = "enhanced-dbs"
    SAFEGUARDING_LEAD = "safeguarding-lead"
    INFORMATION_SHARING = "information-sharing"
    RECRUITMENT_POLICY = "recruitment-policy"
    VOLUNTEER_POLICY = "volunteer-policy"
    PREVENT_DUTY = "prevent-duty"
    COMPLAINTS_PROCEDURE = "complaints-procedure"
    HEALTH_AND_SAFETY = "health-and-safety"
    QUALITY_ASSURANCE = "quality-assurance"
    BUSINESS_CONTINUITY = "business-continuity"
    WHISTLEBLOWING_POLICY = "whistleblowing-policy"
    OFSTED_REGISTRATION = "ofsted-registration"
    ACCOUNTS = "accounts"


ASKED_OF_EVERYBODY = (
    EvidenceKind.EMPLOYERS_LIABILITY,
    EvidenceKind.PUBLIC_LIABILITY,
    EvidenceKind.SAFEGUARDING_POLICY,
    EvidenceKind.DATA_PROTECTION_POLICY,
    EvidenceKind.DATA_PROTECTION_TRAINING,
    EvidenceKind.UK_STORAGE,
    EvidenceKind.CONFIDENTIALITY,
    EvidenceKind.EQUALITY_OBJECTIVES,
)
"""design.md, Evidence; a framework may demand the rest as well."""

EVIDENCE_NAMES = {
    EvidenceKind.EMPLOYERS_LIABILITY: "Employer's liability insurance",
    EvidenceKind.PUBLIC_LIABILITY: "Public liability insurance",
    EvidenceKind.SAFEGUARDING_POLICY: "Safeguarding policy",
    EvidenceKind.DATA_PROTECTION_POLICY: "Data protection policy",
    EvidenceKind.DATA_PROTECTION_TRAINING: "Data protection training",
    EvidenceKind.UK_STORAGE: "Proof that personal data stay in the UK",
    EvidenceKind.CONFIDENTIALITY: "Signed confidentiality agreements",
    EvidenceKind.EQUALITY_OBJECTIVES: "Equality objectives",
    EvidenceKind.PROFESSIONAL_INDEMNITY: "Professional indemnity insurance",
    EvidenceKind.ENHANCED_DBS: "Enhanced DBS checks of everybody who meets young people",
    EvidenceKind.SAFEGUARDING_LEAD: "Designated safeguarding lead",
    EvidenceKind.INFORMATION_SHARING: "Information sharing agreement",
    EvidenceKind.RECRUITMENT_POLICY: "Safer recruitment policy",
    EvidenceKind.VOLUNTEER_POLICY: "Volunteer supervision policy",
    EvidenceKind.PREVENT_DUTY: "Prevent duty policy",
    EvidenceKind.COMPLAINTS_PROCEDURE: "Complaints procedure",
    EvidenceKind.HEALTH_AND_SAFETY: "Health and safety policy",
    EvidenceKind.QUALITY_ASSURANCE: "Quality assurance",
    EvidenceKind.BUSINESS_CONTINUITY: "Business continuity plan",
    EvidenceKind.WHISTLEBLOWING_POLICY: "Whistleblowing policy",
    EvidenceKind.OFSTED_REGISTRATION: "Ofsted registration",
    EvidenceKind.ACCOUNTS: "Accounts",
}

NEEDED_TO_DELIVER = (EvidenceKind.EMPLOYERS_LIABILITY, EvidenceKind.PUBLIC_LIABILITY)


INSURANCE = frozenset({EvidenceKind.EMPLOYERS_LIABILITY, EvidenceKind.PUBLIC_LIABILITY})
COVERING = INSURANCE | {EvidenceKind.PROFESSIONAL_INDEMNITY}
"""Insurances of which the sum and the last day are stated; of INSURANCE at least LEAST_COVER."""
LEAST_COVER = Money.pounds("5000000")  # rules.md C6
LONGEST_YEARS = {
    EvidenceKind.SAFEGUARDING_POLICY: 1,
    EvidenceKind.DATA_PROTECTION_TRAINING: 2,
    EvidenceKind.EQUALITY_OBJECTIVES: 4,
}  # design.md, Evidence: reviewed yearly, trained every two years, set every four


class Unfit(DomainError):
    """What is sent cannot count as evidence of its kind; ``about`` is the field to put right."""

    status = 422

    def __init__(self, about: str, sentence: str) -> None:
        super().__init__(sentence)
        self.about = about


def ends(kind: EvidenceKind) -> bool:
    """Whether evidence of this kind always has a last day."""
    return kind in COVERING or kind in LONGEST_YEARS


def latest_end(kind: EvidenceKind, valid_from: date) -> date | None:
    """The last day that evidence of this kind can cover, both days counted; None without limit."""
    years = LONGEST_YEARS.get(kind)
    return None if years is None else anniversary(valid_from, years) - timedelta(days=1)


def check_terms(
    kind: EvidenceKind, valid_from: date, valid_until: date | None, cover: Money | None
) -> None:
    """What evidence says of its days and its cover makes sense for its kind.

    Raises Unfit with the sentence for the first thing that does not.
    """
    if valid_until is None and ends(kind):
        raise Unfit("valid_until", "Enter the last day that this covers")
    if valid_until is not None and valid_until < valid_from:
        raise Unfit("valid_until", "The last day must be on or after the first day")
    latest = latest_end(kind, valid_from)
    if latest is not None and valid_until is not None and valid_until > latest:
        raise Unfit(
            "valid_until",
            f"This is renewed every {_say_years(LONGEST_YEARS[kind])}, so the last day is "
            f"{say_date(latest)} at the latest",
        )
    if kind in INSURANCE and (cover is None or cover < LEAST_COVER):
        raise Unfit("cover", f"The councils ask for cover of at least {LEAST_COVER}")


def _say_years(years: int) -> str:
    return "year" if years == 1 else f"{years} years"


def in_date(valid_from: date, valid_until: date | None, on: date) -> bool:
    """Whether evidence covers a day; without an end it stays good."""
    return valid_from <= on and (valid_until is None or on <= valid_until)


class Piece(NamedTuple):
    """A piece of evidence that has begun: the last day on which it counts, and what it covers.

    One that was not accepted counts on no day.
    """

    until: date | None
    cover: Money | None = None


def wanting(
    kind: EvidenceKind, pieces: Iterable[Piece], least: Money | None, today: date
) -> str | None:
    """Why what a provider holds of a kind does not do, as a sentence; None when one piece does.

    ``least`` is the cover that the framework asks for, where it asks for any.
    """
    held = [one for one in pieces if one.until is not None]
    current = [one.cover for one in held if one.until is not None and one.until >= today]
    name = EVIDENCE_NAMES[kind]
    if not held:
        return f"{name}: nothing that counts was given."
    if not current:
        return f"{name} lapsed on {say_date(max(one.until for one in held if one.until))}."
    stated = [cover for cover in current if cover is not None]
    if least is None or any(cover >= least for cover in stated):
        return None
    covers = f"covers {max(stated)}" if stated else "does not say what it covers"
    return f"{name} {covers}, the framework asks for {least}."


LAPSES_WITHIN_DAYS = 60


class Validity(StrEnum):
    """How something that covers a time stands on a day."""

    TO_COME = "to-come"
    IN_DATE = "in-date"
    LAPSING = "lapsing"
    LAPSED = "lapsed"
    MISSING = "missing"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Standing:
    """How evidence stands on a day, and the words for it."""

    validity: Validity
    words: str


def standing(
    valid_from: date | None, valid_until: date | None, on: date, *, refused: bool = False
) -> Standing:
    """Whether evidence is in date, lapses within 60 days or has lapsed, in words.

    Without a first day there is no evidence; without a last one it stays good. What a council
    did not accept counts for nothing.
    """
    if valid_from is None:
        return Standing(Validity.MISSING, "Not given")
    if refused:
        return Standing(Validity.REFUSED, "Not accepted")
    if on < valid_from:
        return Standing(Validity.TO_COME, f"Begins on {say_date(valid_from)}")
    if valid_until is None:
        return Standing(Validity.IN_DATE, "In date, with no end")
    days = (valid_until - on).days
    if days < 0:
        return Standing(Validity.LAPSED, f"Lapsed on {say_date(valid_until)}")
    if days == 0:
        return Standing(Validity.LAPSING, "Lapses after today")
    if days <= LAPSES_WITHIN_DAYS:
        return Standing(Validity.LAPSING, f"Lapses in {say_count(days, 'day')}")
    return Standing(Validity.IN_DATE, f"In date until {say_date(valid_until)}")


def masked(digits: str) -> str:
    """An account number or sort code of which only the last three digits are shown."""
    return f"{'•' * max(len(digits) - 3, 0)}{digits[-3:]}"
