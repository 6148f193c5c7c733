"""What an application is made of, when it may be written, and how its tasks stand. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from portal.kernel.errors import DomainError
from portal.kernel.wording import say_count, say_datetime


class Section(StrEnum):
    """The parts of an application that a task list shows."""

    CATEGORIES = "categories"
    ANSWERS = "answers"
    EVIDENCE = "evidence"
    PRICES = "prices"


class Progress(StrEnum):
    """How far a task is."""

    CANNOT_START = "cannot-start"
    TO_DO = "to-do"
    STARTED = "started"
    LOOK_AGAIN = "look-again"
    DONE = "done"


class Standing(StrEnum):
    """How an application stands with its round."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    NOT_SUBMITTED = "not-submitted"
    RECEIVED = "received"
    CANCELLED = "cancelled"


STANDING_WORDS = {
    Standing.DRAFT: ("Not submitted yet", "waiting"),
    Standing.SUBMITTED: ("Submitted", "good"),
    Standing.CHANGED: ("Changed since you submitted", "warn"),
    Standing.WITHDRAWN: ("Withdrawn", "neutral"),
    Standing.NOT_SUBMITTED: ("Never submitted", "bad"),
    Standing.RECEIVED: ("Submitted", "info"),
    Standing.CANCELLED: ("The round was cancelled", "neutral"),
}


class NotOpen(DomainError):
    """The round does not take applications at the moment."""


class Withdrawn(DomainError):
    """A withdrawn application is read only."""

    sentence = "This application is withdrawn. Take it up again before you change it."


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that keeps an application from being complete, as a sentence.

    ``part`` names where it is put right: a draft part ("answer:safeguarding", "price:2a:0-10"),
    "categories", or "evidence:" and the kind.
    """

    section: Section
    part: str
    sentence: str


class Dates(Protocol):
    """A round, as far as its writing time goes."""

    @property
    def opens_at(self) -> datetime: ...
    @property
    def closes_at(self) -> datetime: ...
    @property
    def announced_at(self) -> datetime | None: ...
    @property
    def cancelled_at(self) -> datetime | None: ...


def category_part(code: str) -> str:
    """The draft part that says whether a category is bid for."""
    return f"category:{code}"


def answer_part(code: str) -> str:
    """The draft part of an answer, by its question's code."""
    return f"answer:{code}"


def price_part(code: str, band: str) -> str:
    """The draft part of a category's price; ``band`` is "" for its only one."""
    return f"price:{code}:{band}"


def say_left(days: int) -> str:
    """How long is left before a round closes, in days from today."""
    return {0: "Today", 1: "Tomorrow"}.get(days, f"In {say_count(days, 'day')}")


def writable_until(dates: Dates, late_door: datetime | None) -> datetime:
    """Until when one provider may write and submit: the closing, or its own late door."""
    return dates.closes_at if late_door is None else max(dates.closes_at, late_door)


def check_open(dates: Dates, late_door: datetime | None, at: datetime) -> None:
    """A provider may write its application at this time. Raises NotOpen with the sentence."""
    until = writable_until(dates, late_door)
    if dates.cancelled_at is not None:
        raise NotOpen(f"This round was cancelled on {say_datetime(dates.cancelled_at)}.")
    if dates.announced_at is None or at < dates.opens_at:
        raise NotOpen(f"This round opens on {say_datetime(dates.opens_at)}.")
    if at >= until:
        raise NotOpen(
            f"This round closed on {say_datetime(until)}. "
            "You can read your application, and change nothing in it."
        )


def is_open(dates: Dates, late_door: datetime | None, at: datetime) -> bool:
    """Whether a provider may write its application at this time."""
    try:
        check_open(dates, late_door, at)
    except NotOpen:
        return False
    return True


def standing(
    *,
    submitted_at: datetime | None,
    changed_at: datetime | None,
    withdrawn: bool,
    cancelled: bool,
    open_: bool,
) -> Standing:
    """How an application stands, from when it was last submitted and last changed."""
    if cancelled:
        return Standing.CANCELLED
    if withdrawn:
        return Standing.WITHDRAWN
    if submitted_at is None:
        return Standing.DRAFT if open_ else Standing.NOT_SUBMITTED
    if not open_:
        return Standing.RECEIVED
    changed = changed_at is not None and changed_at > submitted_at
    return Standing.CHANGED if changed else Standing.SUBMITTED
