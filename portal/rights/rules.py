"""What is kept for how long, counted from when, and why. Pure.

Each period is the least that an organisation may set; it may keep longer, never shorter.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from portal.kernel.years import anniversary, financial_year

FORMER = "A former member of staff"
"""What stands where a person's name stood, once they are erased."""
ERASED_WORDS = "(erased)"
ERASED_ADDRESS = "@erased.invalid"
COPY_DAYS = 7
MOST_YEARS = 150
MOST_DAYS = 3650


class Category(StrEnum):
    """What is kept together."""

    SIGN_INS = "sign-ins"
    LINKS = "links"
    INVITATIONS = "invitations"
    RECEIPTS = "receipts"
    LETTERS = "letters"
    NOTICES = "notices"
    COPIES = "copies"
    ACCOUNTS = "accounts"
    FINANCE = "finance"
    CARE = "care"
    YOUNG_PEOPLE = "young-people"
    COMPLAINTS = "complaints"
    RECORD = "record"


class Counting(StrEnum):
    """How a period is counted."""

    DAYS = "days"
    YEARS = "years"  # whole years from a day
    FINANCIAL_YEARS = "financial years"  # whole years after the 31 March that follows


@dataclass(frozen=True, slots=True)
class Kept:
    """One line of the schedule: what, from when, for how long at least, then what, and why.

    ``least`` is None where the portal keeps it for as long as it stands. ``settable`` says that
    an organisation may lengthen it here.
    """

    title: str
    begins: str
    counting: Counting
    least: int | None
    then: str
    why: str
    settable: bool = False
    unset: str = "As long as the portal stands"

    def said(self, number: int | None = None) -> str:
        """The period in words: "6 years after the end of the financial year"."""
        number = number or self.least
        if number is None:
            return self.unset
        if self.counting is Counting.DAYS:
            return f"{number:,} days"
        if self.counting is Counting.YEARS:
            return f"{number:,} years"
        return f"The rest of the financial year, then {number:,} years"

    @property
    def most(self) -> int:
        """The longest that can be set."""
        return MOST_DAYS if self.counting is Counting.DAYS else MOST_YEARS


_FINANCE_LAW = (
    "Tax and limitation law: records of a year are needed for six years after its end "
    "(VAT Act 1994, Limitation Act 1980)."
)
SCHEDULE = {
    Category.SIGN_INS: Kept(
        "Sign-ins and the browsers they came from", "The sign-in", Counting.DAYS, 365,
        "Deleted, except a person's latest", "To find out about a break-in; no longer than needed.",
    ),
    Category.LINKS: Kept(
        "Links that let somebody back in, changes of an address", "Asked for", Counting.DAYS, 30,
        "Deleted", "They work for three days at most; a month is enough to answer questions.",
    ),
    Category.INVITATIONS: Kept(
        "Invitations and requests to join", "Over: accepted, withdrawn, answered or run out",
        Counting.DAYS, 30, "Deleted", "What came of them stands in the record.", settable=True,
    ),
    Category.RECEIPTS: Kept(
        "Receipts of forms, against sending one twice", "The form was sent", Counting.DAYS, 30,
        "Deleted", "Longer than any form can stay open.",
    ),
    Category.LETTERS: Kept(
        "E-mails: to whom and about what; their text goes when they are sent", "Written",
        Counting.DAYS, 90, "Deleted", "To find out why somebody received nothing.",
    ),
    Category.NOTICES: Kept(
        "Notices in the portal", "Told", Counting.DAYS, 365, "Deleted",
        "One working year to look back on.", settable=True,
    ),
    Category.COPIES: Kept(
        "Copies of a person's own data", "Asked for", Counting.DAYS, COPY_DAYS, "Deleted",
        "Long enough to download it.",
    ),
    Category.ACCOUNTS: Kept(
        "People who have left: name, address, and their name wherever it stands",
        "The last access ended", Counting.FINANCIAL_YEARS, 6, "Erased",
        "Their name stands on invoices and decisions for as long as these are kept. "
        + _FINANCE_LAW, settable=True,
    ),
    Category.FINANCE: Kept(
        "Names of people and what they wrote on invoices, decisions, payments and caps",
        "The last step", Counting.FINANCIAL_YEARS, 6, "Erased; the figures stay", _FINANCE_LAW,
        settable=True,
    ),
    Category.CARE: Kept(
        "Agreements, sessions, nights and termly reports of a young person, messages and "
        "safeguarding concerns about them, who was their mentor, and meetings of a council with a "
        "provider",
        "The agreement ended; for a meeting it was held, and the agreements of its time ended",
        Counting.YEARS, 75, "Erased; the figures stay",
        "A looked-after child's record is kept until their 75th birthday (Care Planning "
        "Regulations 2010, reg. 50). A provider's copy of it goes without the birthday, so this "
        "counts from the end of the agreement, which is never sooner.", settable=True,
    ),
    Category.YOUNG_PEOPLE: Kept(
        "Who a young person is, and what was asked for them in referrals", "Born",
        Counting.YEARS, 75, "Erased",
        "A looked-after child's record is kept until their 75th birthday (Care Planning "
        "Regulations 2010, reg. 50).",
    ),
    Category.COMPLAINTS: Kept(
        "Complaints, and who dealt with them", "Closed", Counting.YEARS, None,
        "Deleted; the yearly figures stay",
        "A council's complaints manager sets them.",
        unset="The years that each council sets under Complaints",
    ),
    Category.RECORD: Kept(
        "The record of who did what", "Recorded", Counting.YEARS, None,
        "Names and words are erased with the person; that it happened stays",
        "It shows that nothing was changed unseen.",
    ),
}  # fmt: skip
SETTABLE = tuple(category for category, kept in SCHEDULE.items() if kept.settable)


def first_kept(category: Category, today: date, number: int | None = None) -> date:
    """The first day from which something is still kept today; what is from before it is over.

    ``number`` is what an organisation set, else the least. Raises ValueError for a category that
    has no period here.
    """
    kept = SCHEDULE[category]
    if kept.least is None:
        raise ValueError(f"{category} has no period here")
    number = max(number or 0, kept.least)
    if kept.counting is Counting.DAYS:
        return today - timedelta(days=number)
    if kept.counting is Counting.YEARS:
        return anniversary(today, -number)
    return anniversary(financial_year(today).first, -number)


@dataclass(frozen=True, slots=True)
class Standing:
    """Of one category: since when things are kept, by organisation, and what is under a hold.

    ``held`` are organisations, ``people`` those who are held by themselves.
    """

    usually: date
    longer: dict[UUID, date]
    held: frozenset[UUID]
    people: frozenset[UUID] = frozenset()


def standing(
    category: Category,
    today: date,
    numbers: Iterable[tuple[UUID, int]],
    held: Iterable[UUID],
    people: Iterable[UUID] = (),
) -> Standing:
    """What stands for a category today, given what organisations set and who is held."""
    usually = first_kept(category, today)
    longer = {
        organisation_id: since
        for organisation_id, number in numbers
        if (since := first_kept(category, today, number)) < usually
    }
    return Standing(usually, longer, frozenset(held), frozenset(people))
