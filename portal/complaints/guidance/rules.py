"""Who can be asked for help, when a number was last checked, and what happens when. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from portal.kernel.months import Month
from portal.kernel.reading.languages import message
from portal.kernel.working_days import add_working_days

DEFAULT_EXIT = "https://www.bbc.co.uk/weather"
"""Where "Exit this page" leads unless the council says otherwise (rules.md A16)."""

CHECKED_EVERY_MONTHS = 6


class ContactKind(StrEnum):
    """What somebody is there for."""

    COMPLAINTS_TEAM = "complaints-team"
    SAFEGUARDING = "safeguarding"
    ADVOCATE = "advocate"
    HELPLINE = "helpline"
    OMBUDSMAN = "ombudsman"
    OFSTED = "ofsted"


KIND_NAMES = {
    ContactKind.COMPLAINTS_TEAM: "The council's complaints team",
    ContactKind.SAFEGUARDING: "Somebody to tell about danger",
    ContactKind.ADVOCATE: "Advocate",
    ContactKind.HELPLINE: "Helpline",
    ContactKind.OMBUDSMAN: "Ombudsman",
    ContactKind.OFSTED: "Ofsted",
}


@dataclass(frozen=True, slots=True)
class ContactDetails:
    """How to reach somebody, as published from a day on; empty means there is no such way."""

    code: str
    kind: ContactKind
    name: str
    phone: str
    text_number: str
    web: str
    hours: str
    starts_on: date
    checked_on: date
    shown: bool = True

    def checked(self, today: date) -> ContactDetails:
        """The same, found to be right today."""
        return replace(self, starts_on=min(self.starts_on, today), checked_on=today)

    @property
    def website(self) -> str:
        """The web address as it is said: without its scheme."""
        return self.web.split("://", 1)[-1].rstrip("/")

    def is_stale(self, today: date) -> bool:
        """Whether nobody has said for six months that this is still right."""
        return check_again_on(self.checked_on) <= today


def check_again_on(checked_on: date) -> date:
    """The day by which somebody has to look again: six months later."""
    month = Month.of(checked_on).plus(CHECKED_EVERY_MONTHS)
    return month.first.replace(day=min(checked_on.day, len(month)))


def _national(
    code: str, kind: ContactKind, name: str, phone: str, web: str, hours: str
) -> ContactDetails:
    day = date(2026, 9, 1)
    return ContactDetails(code, kind, name, phone, "", web, hours, day, day)


NATIONAL = (
    _national(
        "childline", ContactKind.HELPLINE, "Childline", "0800 1111",
        "https://www.childline.org.uk/", message("Open all day and all night. The call is free."),
    ),
    _national(
        "coram-voice", ContactKind.ADVOCATE, "Coram Voice: Always Heard", "0808 800 5792",
        "https://coramvoice.org.uk/get-help/", message("The call is free."),
    ),
    _national(
        "nyas", ContactKind.ADVOCATE, "National Youth Advocacy Service", "0808 808 1001",
        "https://www.nyas.net/", message("The call is free."),
    ),
    _national(
        "help-at-hand", ContactKind.HELPLINE, "Help at Hand", "0800 528 0731",
        "https://www.childrenscommissioner.gov.uk/help-at-hand/", message("The call is free."),
    ),
    _national(
        "ombudsman", ContactKind.OMBUDSMAN, "Local Government and Social Care Ombudsman",
        "0300 061 0614", "https://www.lgo.org.uk/make-a-complaint", "",
    ),
    _national(
        "ofsted", ContactKind.OFSTED, "Ofsted", "0300 123 1231",
        "https://www.gov.uk/government/organisations/ofsted", "",
    ),
)  # fmt: skip
"""Whom every child in England can ask (rules.md A15): what a council's page shows until the council
publishes its own details under the same code, so that no page is ever without help."""


def published(own: Iterable[ContactDetails], today: date) -> list[ContactDetails]:
    """What is published on a day, by kind; of one kind the council's own come first.

    ``own`` are a council's details in the order they were recorded: of one code, the last that
    has begun counts, before the national ones.
    """
    found = {details.code: details for details in NATIONAL}
    for details in own:
        if details.starts_on <= today:
            found[details.code] = details
    order = list(ContactKind)
    return sorted(
        found.values(), key=lambda one: (order.index(one.kind), one in NATIONAL, one.name)
    )


def slug(name: str) -> str:
    """The name as it stands in an address: "St Bede's Homes" is st-bedes-homes."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"['’&]", "", plain)).strip("-") or "council"


def slugs(named: Iterable[tuple[UUID, str]]) -> dict[str, UUID]:
    """The id behind each address, all different: of two alike, the newer adds part of its id."""
    found: dict[str, UUID] = {}
    for id_, name in sorted(named):
        own = slug(name)
        found[f"{own}-{id_.hex[-6:]}" if own in found else own] = id_
    return found


@dataclass(frozen=True, slots=True)
class Stages:
    """What happens by when, to a complaint of a child that is sent on ``sent_on``.

    The second stage is counted from the same day, as if it were asked for at once.
    """

    sent_on: date
    answered_by: date
    answered_at_most: date
    looked_into_by: date
    looked_into_at_most: date


def stages(sent_on: date) -> Stages:
    """An example: 10 or 20 working days, then 25 or 65 (rules.md A1-A3)."""
    ten, twenty, twenty_five, sixty_five = (
        add_working_days(sent_on, days).due for days in (10, 20, 25, 65)
    )
    return Stages(sent_on, ten, twenty, twenty_five, sixty_five)
