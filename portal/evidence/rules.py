"""What evidence there is and when it is in date. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.kernel.wording import say_count, say_date


class EvidenceKind(StrEnum):
    """The evidence asked of every provider; a framework may add to it."""

    EMPLOYERS_LIABILITY = "employers-liability"
    PUBLIC_LIABILITY = "public-liability"
    SAFEGUARDING_POLICY = "safeguarding-policy"
    DATA_PROTECTION_POLICY = "data-protection-policy"
    DATA_PROTECTION_TRAINING = "data-protection-training"
    UK_STORAGE = "uk-storage"
    CONFIDENTIALITY = "confidentiality"
    EQUALITY_OBJECTIVES = "equality-objectives"


EVIDENCE_NAMES = {
    EvidenceKind.EMPLOYERS_LIABILITY: "Employer's liability insurance",
    EvidenceKind.PUBLIC_LIABILITY: "Public liability insurance",
    EvidenceKind.SAFEGUARDING_POLICY: "Safeguarding policy",
    EvidenceKind.DATA_PROTECTION_POLICY: "Data protection policy",
    EvidenceKind.DATA_PROTECTION_TRAINING: "Data protection training",
    EvidenceKind.UK_STORAGE: "Proof that personal data stay in the UK",
    EvidenceKind.CONFIDENTIALITY: "Signed confidentiality agreements",
    EvidenceKind.EQUALITY_OBJECTIVES: "Equality objectives",
}

NEEDED_TO_DELIVER = (EvidenceKind.EMPLOYERS_LIABILITY, EvidenceKind.PUBLIC_LIABILITY)


def in_date(valid_from: date, valid_until: date | None, on: date) -> bool:
    """Whether evidence covers a day; without an end it stays good."""
    return valid_from <= on and (valid_until is None or on <= valid_until)


LAPSES_WITHIN_DAYS = 60


class Validity(StrEnum):
    """How something that covers a time stands on a day."""

    TO_COME = "to-come"
    IN_DATE = "in-date"
    LAPSING = "lapsing"
    LAPSED = "lapsed"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Standing:
    """How evidence stands on a day, and the words for it."""

    validity: Validity
    words: str


def standing(valid_from: date | None, valid_until: date | None, on: date) -> Standing:
    """Whether evidence is in date, lapses within 60 days or has lapsed, in words.

    Without a first day there is no evidence; without a last one it stays good.
    """
    if valid_from is None:
        return Standing(Validity.MISSING, "Not given")
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
