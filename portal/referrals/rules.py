"""How a referral goes from a draft to an agreement, and what its providers may answer. Pure."""

from __future__ import annotations

import secrets
from datetime import date
from enum import StrEnum

from portal.kernel.errors import DomainError
from portal.kernel.years import anniversary

LETTERS = "23456789BCDFGHJKMNPQRSTVWXYZ"
"""No vowels, so no words; no 0, 1, I, L, O or U, which are misread."""


class Unfit(DomainError):
    """What was entered does not make a referral; ``about`` is the field to put right."""

    status = 422

    def __init__(self, about: str, sentence: str) -> None:
        super().__init__(sentence)
        self.about = about


def new_reference(kind: str) -> str:
    """As "RF-7K3M-9QPD": by chance, without meaning or order, so that it gives nothing away."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(8))
    return f"{kind}-{letters[:4]}-{letters[4:]}"


class Route(StrEnum):
    """To whom a referral goes (design.md, Referrals)."""

    DIRECT = "direct"
    ALL_ELIGIBLE = "all-eligible"
    SHORTLIST = "shortlist"
    RANKING = "ranking"
    QUOTES = "quotes"


ROUTE_NAMES = {
    Route.DIRECT: "One provider",
    Route.ALL_ELIGIBLE: "All eligible providers",
    Route.SHORTLIST: "A shortlist",
    Route.RANKING: "Down the ranking",
    Route.QUOTES: "Quotes from any qualified provider",
}
NAMED = frozenset({Route.DIRECT, Route.SHORTLIST, Route.QUOTES})
"""The routes on which the council names who is asked; the others ask everybody eligible."""


class ReferralState(StrEnum):
    """Where a referral stands."""

    DRAFT = "draft"
    SENT = "sent"
    CHOSEN = "chosen"
    ORDERED = "ordered"
    AGREED = "agreed"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class ReferralStep(StrEnum):
    """What moves a referral on."""

    SEND = "send"
    EXTEND = "give-more-time"
    LAPSE = "lapse"
    CHOOSE = "choose"
    ORDER = "order"
    AGREE = "agree"
    CHOOSE_AGAIN = "choose-again"
    WITHDRAW = "withdraw"


REFERRAL_STEPS = {
    (ReferralState.DRAFT, ReferralStep.SEND): ReferralState.SENT,
    (ReferralState.DRAFT, ReferralStep.WITHDRAW): ReferralState.WITHDRAWN,
    (ReferralState.SENT, ReferralStep.EXTEND): ReferralState.SENT,
    (ReferralState.SENT, ReferralStep.LAPSE): ReferralState.LAPSED,
    (ReferralState.SENT, ReferralStep.CHOOSE): ReferralState.CHOSEN,
    (ReferralState.SENT, ReferralStep.WITHDRAW): ReferralState.WITHDRAWN,
    (ReferralState.LAPSED, ReferralStep.EXTEND): ReferralState.SENT,
    (ReferralState.LAPSED, ReferralStep.WITHDRAW): ReferralState.WITHDRAWN,
    (ReferralState.CHOSEN, ReferralStep.ORDER): ReferralState.ORDERED,
    (ReferralState.CHOSEN, ReferralStep.CHOOSE_AGAIN): ReferralState.SENT,
    (ReferralState.CHOSEN, ReferralStep.WITHDRAW): ReferralState.WITHDRAWN,
    (ReferralState.ORDERED, ReferralStep.AGREE): ReferralState.AGREED,
    (ReferralState.ORDERED, ReferralStep.CHOOSE_AGAIN): ReferralState.SENT,
    (ReferralState.ORDERED, ReferralStep.WITHDRAW): ReferralState.WITHDRAWN,
}
REFERRAL_STATE_NAMES = {
    ReferralState.DRAFT: "Draft",
    ReferralState.SENT: "Sent",
    ReferralState.CHOSEN: "Provider chosen",
    ReferralState.ORDERED: "Ordered",
    ReferralState.AGREED: "Agreed",
    ReferralState.WITHDRAWN: "Withdrawn",
    ReferralState.LAPSED: "Nobody offered in time",
}


class RecipientState(StrEnum):
    """Where one provider stands with a referral."""

    WAITING = "waiting"
    OFFERED = "offered"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    NOT_CHOSEN = "not-chosen"
    CHOSEN = "chosen"
    LAPSED = "lapsed"


MAY_BECOME = {
    RecipientState.WAITING: frozenset(
        {
            RecipientState.OFFERED,
            RecipientState.DECLINED,
            RecipientState.LAPSED,
            RecipientState.NOT_CHOSEN,
        }
    ),
    RecipientState.OFFERED: frozenset(
        {RecipientState.WITHDRAWN, RecipientState.CHOSEN, RecipientState.NOT_CHOSEN}
    ),
    RecipientState.WITHDRAWN: frozenset({RecipientState.OFFERED, RecipientState.NOT_CHOSEN}),
    RecipientState.DECLINED: frozenset({RecipientState.OFFERED}),
    RecipientState.LAPSED: frozenset({RecipientState.WAITING, RecipientState.NOT_CHOSEN}),
    RecipientState.CHOSEN: frozenset(
        {RecipientState.OFFERED, RecipientState.DECLINED, RecipientState.WITHDRAWN}
    ),
    RecipientState.NOT_CHOSEN: frozenset[RecipientState](),
}
"""What each state may become. A chosen provider that refuses its order has declined."""

ANSWERS = frozenset({RecipientState.OFFERED, RecipientState.DECLINED})
"""What a provider itself answers, until its deadline."""
STILL_ASKED = frozenset({RecipientState.WAITING, RecipientState.OFFERED, RecipientState.WITHDRAWN})

RECIPIENT_STATE_NAMES = {
    RecipientState.WAITING: "Not answered yet",
    RecipientState.OFFERED: "Offered",
    RecipientState.DECLINED: "Declined",
    RecipientState.WITHDRAWN: "Offer withdrawn",
    RecipientState.NOT_CHOSEN: "Not chosen",
    RecipientState.CHOSEN: "Chosen",
    RecipientState.LAPSED: "Did not answer in time",
}


class DeclineCode(StrEnum):
    """Why a provider declines."""

    NO_CAPACITY = "no-capacity"
    NO_MATCH = "no-match"
    START = "start"
    AREA = "area"
    NEED = "need"
    PRICE = "price"
    OTHER = "other"


DECLINE_NAMES = {
    DeclineCode.NO_CAPACITY: "We have no capacity",
    DeclineCode.NO_MATCH: "We have nobody who fits this young person",
    DeclineCode.START: "We cannot start in time",
    DeclineCode.AREA: "It is outside the area that we cover",
    DeclineCode.NEED: "We cannot meet this need",
    DeclineCode.PRICE: "It cannot be done at our price",
    DeclineCode.OTHER: "Something else",
}


class AgeGroup(StrEnum):
    """How old a young person is, as far as a provider may know before an order."""

    EARLY_YEARS = "early-years"
    PRIMARY = "primary"
    SECONDARY = "secondary"
    POST_16 = "post-16"


AGE_GROUP_NAMES = {
    AgeGroup.EARLY_YEARS: "Early years (under 5)",
    AgeGroup.PRIMARY: "Primary (5 to 10)",
    AgeGroup.SECONDARY: "Secondary (11 to 15)",
    AgeGroup.POST_16: "Post-16 (16 and over)",
}
OUTCOMES = (
    "Placement stability",
    "Resilience",
    "Less problem behaviour",
    "Fewer missing episodes",
    "Engagement with key adults",
    "Engagement with education",
    "Education, employment or training after 16",
)
"""What is usually wanted: the indicators by which progress is told (facts, Derby mentoring)."""
_YOUNGEST = ((16, AgeGroup.POST_16), (11, AgeGroup.SECONDARY), (5, AgeGroup.PRIMARY))


def age_group(born_on: date, on: date) -> AgeGroup:
    """The group of somebody born on a day, on another."""
    for years, group in _YOUNGEST:
        if anniversary(born_on, years) <= on:
            return group
    return AgeGroup.EARLY_YEARS
