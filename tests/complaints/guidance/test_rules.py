"""Who is shown on a day, when a number has to be checked, what happens when, how words read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from portal.complaints.guidance.readability import read
from portal.complaints.guidance.rules import (
    NATIONAL,
    ContactDetails,
    ContactKind,
    Stages,
    check_again_on,
    published,
    slug,
    slugs,
    stages,
)

TODAY = date(2026, 10, 2)
OWN = ContactDetails(
    code="speak-up",
    kind=ContactKind.ADVOCATE,
    name="Speak Up",
    phone="01632 960111",
    text_number="",
    web="https://www.speakup.example/help/",
    hours="",
    starts_on=date(2026, 1, 5),
    checked_on=date(2026, 3, 31),
)


def test_stages_are_the_figures_of_the_law() -> None:
    assert stages(date(2026, 12, 17)) == Stages(
        sent_on=date(2026, 12, 17),
        answered_by=date(2027, 1, 5),
        answered_at_most=date(2027, 1, 19),
        looked_into_by=date(2027, 1, 26),
        looked_into_at_most=date(2027, 3, 23),
    )


def test_a_council_with_nothing_of_its_own_shows_the_national_contacts() -> None:
    found = {one.name: one.phone for one in published([], TODAY)}
    assert found == {
        "Coram Voice: Always Heard": "0808 800 5792",
        "National Youth Advocacy Service": "0808 808 1001",
        "Childline": "0800 1111",
        "Help at Hand": "0800 528 0731",
        "Local Government and Social Care Ombudsman": "0300 061 0614",
        "Ofsted": "0300 123 1231",
    }


def test_the_councils_own_come_before_the_national_ones_of_their_kind() -> None:
    advocates = [one.name for one in published([OWN], TODAY) if one.kind is ContactKind.ADVOCATE]
    assert advocates[0] == "Speak Up"
    assert len(advocates) == 3


def test_a_change_counts_from_its_day_and_the_last_recorded_wins() -> None:
    moved = replace(OWN, phone="01632 960222", starts_on=date(2026, 10, 5))
    corrected = replace(OWN, phone="01632 960333", starts_on=date(2026, 10, 5))
    history = [OWN, moved, corrected]

    def phone(day: date) -> str:
        return next(one.phone for one in published(history, day) if one.code == "speak-up")

    assert [phone(date(2026, 10, day)) for day in (4, 5)] == ["01632 960111", "01632 960333"]


def test_a_council_replaces_a_national_contact_by_its_code() -> None:
    own = replace(OWN, code="childline", kind=ContactKind.HELPLINE, name="Childline here")
    names = [one.name for one in published([own], TODAY)]
    assert "Childline here" in names and "Childline" not in names


@pytest.mark.parametrize(
    ("checked", "again"),
    [
        (date(2026, 3, 31), date(2026, 9, 30)),
        (date(2026, 4, 2), date(2026, 10, 2)),
        (date(2026, 8, 31), date(2027, 2, 28)),
    ],
)
def test_a_number_is_checked_every_six_months(checked: date, again: date) -> None:
    assert check_again_on(checked) == again
    own = replace(OWN, checked_on=checked)
    assert own.is_stale(again) and not own.is_stale(date.fromordinal(again.toordinal() - 1))


def test_a_web_address_is_said_without_its_scheme() -> None:
    assert OWN.website == "www.speakup.example/help"


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("Larkminster City Council", "larkminster-city-council"),
        ("St Bede's Children’s Homes", "st-bedes-childrens-homes"),
        ("Ynys Môn & Cŵm", "ynys-mon-cwm"),
        ("???", "council"),
    ],
)
def test_an_address_is_made_from_a_name(name: str, own: str) -> None:
    assert slug(name) == own


def test_two_names_that_look_alike_have_two_addresses() -> None:
    older, newer = UUID(int=1), UUID(int=2)
    for order in ([(older, "A B"), (newer, "A-B")], [(newer, "A-B"), (older, "A B")]):
        assert slugs(order) == {"a-b": older, "a-b-000002": newer}


def test_every_national_contact_can_be_reached_and_says_when_it_was_checked() -> None:
    assert all(one.phone and one.web.startswith("https://") for one in NATIONAL)
    assert all(one.checked_on == date(2026, 9, 1) for one in NATIONAL)


def test_easy_words_are_called_easy() -> None:
    reading = read("Tell any of us. You can write it down. Our manager reads it the same day.")
    assert reading is not None and reading.is_easy
    assert reading.sentence == "A child of about 9 can read this."


def test_hard_words_are_named_with_what_to_change() -> None:
    reading = read(
        "Complaints should be submitted in writing to the designated safeguarding coordinator, "
        "who will endeavour to facilitate an appropriate investigation within a reasonable period."
    )
    assert reading is not None and not reading.is_easy
    assert reading.age >= 15
    assert "Make sentences shorter than 15 words." in reading.sentence
    assert "Use a shorter word for designated" in reading.sentence


def test_no_words_have_no_reading_age() -> None:
    assert read(" \n ?!") is None
