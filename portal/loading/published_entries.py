# ruff: noqa: RUF009 - a key is a dataclass field, made once when the class is
"""What councils and providers publish for young people, as an import file gives it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.complaints.guidance.rules import ContactKind
from portal.kernel.entries import fields
from portal.kernel.entries.reading import Entry, key


@dataclass
class ContactEntry(Entry):
    """Somebody whom a council's young people can ask, from a day on."""

    council: str = key(fields.text(200))
    code: str = key(fields.matching("[a-z0-9-]{1,60}", "a code of small letters and dashes"))
    kind: ContactKind = key(fields.choice(ContactKind))
    name: str = key(fields.text(120))
    phone: str = key(fields.text(30), default="")
    text_number: str = key(fields.text(30), default="")
    web: str = key(fields.matching("https://.{4,192}", "a web address with https://"), default="")
    hours: str = key(fields.text(200), default="")
    starts_on: date = key(fields.day)
    checked_on: date = key(fields.day)
    recorded_by: str = key(fields.text(200))


@dataclass
class ProcedureEntry(Entry):
    """How a council or a provider deals with complaints, in its own words, from a day on."""

    council: str | None = key(fields.text(200), default=None)
    provider: str | None = key(fields.text(200), default=None)
    how_to_tell: str = key(fields.text(2000, lines=True))
    who_answers: str = key(fields.text(2000, lines=True))
    how_soon: str = key(fields.text(2000, lines=True))
    not_happy: str = key(fields.text(2000, lines=True))
    registered: bool = key(fields.flag, default=False)
    starts_on: date = key(fields.day)
    recorded_by: str = key(fields.text(200))
