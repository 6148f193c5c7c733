"""What evidence there is and when it is in date. Pure."""

from __future__ import annotations

from datetime import date
from enum import StrEnum


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
