# ruff: noqa: E501 - each sentence stands whole, as it is shown
"""Every kind of mistake gets its sentence at its place and line, and nothing is saved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.kernel.database import Database
from portal.kernel.entries.problems import Refused
from tests.loading.loaded import all_rows, load, worked_example
from tests.support.databases import Databases

EXAMPLE = worked_example()


@pytest.fixture(scope="module")
def empty(databases: Databases) -> Iterator[Database]:
    """One empty database for all: what is refused leaves it empty."""
    with databases.fresh("sqlite") as address:
        opened = Database(address.owner)
        before = all_rows(opened)
        yield opened
        assert all_rows(opened) == before
        opened.close()


def refused(database: Database, folder: Path, content: str | bytes) -> list[str]:
    """What loading a file of this content says."""
    path = folder / "file.yaml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(Refused) as caught:
        load(database, [path])
    return caught.value.sentences


CHANGES: list[tuple[str, str, str]] = [
    # What the file has, what stands there instead, the sentence before its line.
    (
        "unit: hour",
        "unit: week",
        'frameworks[0].lots[0].categories[0].unit: "week" is not one of hour, session, night',
    ),
    (
        "unit: hour",
        "unit: night",
        'frameworks[0].lots[0].categories[0].unit: "night" does not fit the mechanism "unit", which counts hour, session',
    ),
    (
        "regime: pcr",
        "regimes: none\n    regime: pcr",
        '"regimes" is not a key here. Did you mean "regime"?',
    ),
    (
        "  title: Mentoring for young people in care",
        "  title: ~",
        "frameworks[0].title: is missing",
    ),
    (
        "lead: Larkminster City",
        "lead: Larkmister City",
        'frameworks[0].lead: "Larkmister City Council" is not a council that is known. Did you mean "Larkminster City Council"?',
    ),
    ("ends: 2027-08-31", "ends: 2024-08-31", "frameworks[0].term.ends: is not after starts"),
    (
        "regime: pcr-2015",
        "regime: procurement-act-2023",
        (
            "frameworks[0].regime: the Procurement Act 2023 governs nothing that was bought before "
            "24 February 2025"
        ),
    ),
    (
        "ends: 2027-08-31",
        "ends: 2027-02-30",
        'frameworks[0].term.ends: "2027-02-30" is a date that does not exist',
    ),
    (
        "ends: 2027-08-31",
        "ends: 31/08/2027",
        'frameworks[0].term.ends: "31/08/2027" is not a date like 2026-04-16',
    ),
    (
        "ends: 2027-08-31",
        "ends: 2727-08-31",
        'frameworks[0].term.ends: "2727-08-31" is not between 1990 and 2100',
    ),
    (
        "cap: 40000.00",
        "cap: 40000.001",
        'frameworks[0].caps[0].cap: "40000.001" is not an amount. Enter pounds and pence with at most two decimals, like 42.00',
    ),
    (
        "cap: 40000.00,",
        "cap: 40000.00, year_starts: 2025-01-01,",
        "frameworks[0].caps[0].year_starts: no contract year starts that day; they start 2024-09-01, 2025-09-01, 2026-09-01",
    ),
    (
        "roles: [delivery, finance]",
        "roles: [approver]",
        'people[0].memberships[0].roles: "approver" is a role of a council, not of a provider',
    ),
    (
        "roles: [delivery, finance]",
        "roles: [delivery, auditor]",
        'people[0].memberships[0].roles: "auditor" is not a role of a provider',
    ),
    (
        "roles: [delivery, finance]",
        "roles: [delivery, finances]",
        'people[0].memberships[0].roles[1]: "finances" is not one of provider-administrator',
    ),
    (
        "email: orla@",
        "password: short\n    email: orla@",
        "people[0].password: Choose a password of at least 12 characters",
    ),
    (
        "vat_number: GB999000101",
        "vat_number: GB12",
        'vat[0].vat_number: "GB12": Enter the VAT number as GB and its digits without spaces',
    ),
    (
        "{price: 42.00, starts_on: 2024-09-01}",
        "{price: 0, starts_on: 2024-09-01}",
        "places[0].prices[0].price: a price is more than £0.00",
    ),
    (
        "{price: 42.00, starts_on: 2024-09-01}",
        "{price: -42.00, starts_on: 2024-09-01}",
        'places[0].prices[0].price: "-42.00" is not an amount.',
    ),
    (
        "{price: 42.63, starts_on: 2026-03-16",
        "{price: 42.63, starts_on: 2024-09-01",
        "places[0].prices[1].starts_on: another price of this band starts the same day",
    ),
    (
        "category: 1a\n    young_person",
        "category: 1b\n    young_person",
        'agreements[0].category: "1b" is not a category of LM-MENTOR-2024 that is known',
    ),
    (
        "person: orla@lanternway",
        "person: approver@larkminster",
        "mentors[0].person: approver@larkminster.example does not belong to this organisation with the role delivery",
    ),
    (
        "valid_until: 2028-01-08",
        "valid_until: 2024-01-08",
        "mentors[0].clearances[0].valid_until: is before checked_on",
    ),
    (
        "valid_until: 2028-01-08",
        "valid_until: 2026-01-08",
        "agreements[0].assignments[0].mentor: Orla Pennyfold has no DBS check in date that day",
    ),
    (
        "    clearances: [{",
        "    volunteer: true\n    clearances: [{",
        "agreements[0].assignments[0].mentor: Orla Pennyfold is a volunteer, who cannot be assigned",
    ),
    (
        "starts_on: 2026-04-16\n    authorised",
        "starts_on: 2027-09-16\n    authorised",
        "agreements[0].starts_on: is outside the term of LM-MENTOR-2024, 1 September 2024 to 31 August 2027",
    ),
    (
        "starts_on: 2026-04-16\n    authorised",
        "state: ended\n    starts_on: 2026-04-16\n    authorised",
        "agreements[0].ends_on: is missing, and the agreement is ended",
    ),
    (
        "starts_on: 2026-04-16\n    authorised",
        "ends_on: 2026-04-15\n    starts_on: 2026-04-16\n    authorised",
        "agreements[0].ends_on: is before starts_on",
    ),
    (
        "starts_on: 2026-04-16\n    authorised",
        "band: 0 to 4\n    starts_on: 2026-04-16\n    authorised",
        'agreements[0].band: "0 to 4" is not a band of this place, which has none',
    ),
    (
        "authorised_weekly: 2",
        "authorised_weekly: 2.001",
        "agreements[0].authorised_weekly: 2.001 is not a whole number of minutes",
    ),
    (
        "prices: [{price: 42.00, starts_on: 2026-04-16}]",
        "prices: [{price: 42.00, starts_on: 2026-04-17}]",
        "agreements[0].prices: gives no price for the first day, 16 April 2026",
    ),
    (
        "starts_on: 2024-09-01\n    prices",
        "starts_on: 2026-05-01\n    prices",
        'agreements[0].provider: "Lanternway Mentoring" has no place in 1a on 16 April 2026',
    ),
    (
        "starts_on: 2024-09-01\n    prices",
        "starts_on: 2024-09-01\n    state: reserve\n    prices",
        'agreements[0].provider: "Lanternway Mentoring" is on reserve in 1a',
    ),
    (
        "at: 2026-04-16 16:00",
        "at: 2026-04-14 16:00",
        "sessions[0].at: 14 April 2026 is outside the dates of IA-0009",
    ),
    (
        "at: 2026-04-16 16:00",
        "at: 2026-04-16 25:00",
        'sessions[0].at: "2026-04-16 25:00" is a time that does not exist',
    ),
    (
        "at: 2026-04-16 16:00",
        "at: 2026-03-29 01:30",
        'sessions[0].at: "2026-03-29 01:30": That time does not exist: the clocks go forward',
    ),
    (
        "at: 2026-04-16 16:00",
        "at: 2026-10-25 01:30",
        'sessions[0].at: "2026-10-25 01:30": That time comes twice',
    ),
    (
        "at: 2026-04-16 16:00",
        "at: 2026-10-16 16:00",
        "sessions[0].at: is still to come, so the session cannot be delivered",
    ),
    ("hours: 2\n", "hours: 25\n", "sessions[0].hours: 25 hours is longer than a day"),
    ("hours: 2\n", "hours: -1\n", "sessions[0].hours: -1 is not a number above 0"),
    (
        "hours: 2\n",
        "hours: 1.333\n",
        "sessions[0].hours: 1.333 hours is not a whole number of minutes",
    ),
    (
        "mentor: Orla Pennyfold\n    at",
        "mentor: Orla Penyfold\n    at",
        'sessions[0].mentor: "Orla Penyfold" is not a mentor of this provider that is known. Did you mean "Orla Pennyfold"?',
    ),
    (
        "recorded_by: orla@lanternway",
        "recorded_by: approver@larkminster",
        "sessions[0].recorded_by: approver@larkminster.example does not belong to this organisation",
    ),
    (
        "assignments: [{mentor: Orla Pennyfold, starts_on: 2026-04-16}]",
        "assignments: [{mentor: Orla Pennyfold, starts_on: 2026-04-17}]",
        "sessions[0].mentor: Orla Pennyfold is not assigned to IA-0009 that day",
    ),
    (
        "approved_by: approver@larkminster",
        "approved_by: orla@lanternway",
        "settled[0].approved_by: orla@lanternway.example does not belong to this organisation with the role approver",
    ),
    (
        "    approved_by: approver@larkminster.example\n",
        "",
        "settled[0].approved_by: is missing, and the outcome is paid",
    ),
    (
        "outcome: submitted",
        "outcome: submitted\n    approved_by: approver@larkminster.example",
        "settled[1].approved_by: is given, and the outcome is submitted: nobody approved it",
    ),
    (
        "outcome: submitted",
        "outcome: sent",
        'settled[1].outcome: "sent" is not one of submitted, approved, paid',
    ),
    (
        "outcome: submitted",
        "outcome: approved\n    approved_by: approver@larkminster.example",
        "settled[1]: September 2026 cannot have been approved by now",
    ),
    (
        "outcome: submitted",
        "outcome: submitted\n    paid: false",
        'settled[1].paid: "paid" is not a key here',
    ),
    (
        "providers: [Lanternway Mentoring]",
        "providers: [Lanternway Mentors]",
        'settled[1].providers: "Lanternway Mentors" is not a provider that is known. Did you mean "Lanternway Mentoring"?',
    ),
    (
        "providers: [Lanternway Mentoring]",
        "providers: []",
        "settled[1].providers: names nobody. Leave it out for all providers",
    ),
    (
        "providers: [Lanternway Mentoring]",
        "providers: [Lanternway Mentoring, Lanternway Mentoring]",
        'settled[1].providers: "Lanternway Mentoring" is settled twice on this framework through September 2026',
    ),
    (
        "    outcome: submitted\n    providers: [Lanternway Mentoring]\n",
        "    outcome: submitted\n  - {framework: LM-MENTOR-2024, council: Larkminster City Council, through: 2026-09, outcome: submitted}\n",
        "settled[2].council: is settled twice on this framework through September 2026",
    ),
    ("through: 2026-04", "through: 2026-10", "settled[0].through: October 2026 is not over yet"),
    (
        "through: 2026-04",
        "through: 2026-13",
        'settled[0].through: "2026-13" is not a month like 2026-08',
    ),
    (
        "delivery, finance",
        "delivery",
        "settled[0]: Lanternway Mentoring has nobody with the role finance who could have submitted its invoices",
    ),
    (
        "cap: 40000.00",
        "cap: 10.00",
        "settled[0]: This would take the contract year from 1 September 2025 to £74.00 over its cap of £10.00.",
    ),
    (
        "starts_on: 2024-01-01, vat_number",
        "starts_on: 2026-06-01, vat_number",
        "settled[0]: nothing says how VAT treats IA-0009's provider in April 2026",
    ),
    (
        "    starts_on: 2026-04-16\n    authorised",
        "    starts_on: 2026-04-16\n    state: suspended\n    authorised",
        "agreements[0].suspensions: is missing, and the agreement is suspended: give its days",
    ),
    (
        "    authorised_weekly: 2",
        "    suspensions: [{starts_on: 2026-04-15, because: Away, suspended_by: approver@larkminster.example}]\n    authorised_weekly: 2",
        "agreements[0].suspensions[0].starts_on: is outside the agreement's dates",
    ),
    (
        "    authorised_weekly: 2",
        "    suspensions: [{starts_on: 2026-05-01, because: Away, suspended_by: orla@lanternway.example}]\n    authorised_weekly: 2",
        "agreements[0].suspensions[0].suspended_by: orla@lanternway.example does not belong to this organisation",
    ),
    ("version: 1", "version: 2", "version: 2 is not between 1 and 1"),
]


@pytest.mark.parametrize(("old", "new", "said"), CHANGES, ids=lambda text: text[:40])
def test_a_mistake_is_named_at_its_place(
    empty: Database, tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert EXAMPLE.count(old) >= 1
    content = EXAMPLE.replace(old, new, 1)
    found = refused(empty, tmp_path, content)
    at_place = [one for one in found if said in one]
    assert at_place, found
    assert len(found) == 1, found
    assert at_place[0].startswith("file.yaml: ")


def test_the_line_is_the_value_s_own(empty: Database, tmp_path: Path) -> None:
    content = EXAMPLE.replace("unit: hour", "unit: week")
    line = content[: content.index("unit: week")].count("\n") + 1
    assert refused(empty, tmp_path, content)[0].endswith(f"(line {line})")


NOT_YAML: list[tuple[str | bytes, str]] = [
    ("", "file.yaml: The file is empty. (line 1)"),
    ("version: 1\nversion: 1\n", 'file.yaml: The key "version" stands twice here. (line 2)'),
    ("version: !!int 1\n", "file.yaml: tag:yaml.org,2002:int is a YAML tag. Take it out. (line 1)"),
    ("version: &one 1\n", "file.yaml: &one names a part of the file. Take the name out. (line 1)"),
    (
        "version: 1\npeople: *all\n",
        "file.yaml: *all repeats another part of the file. Write it out here. (line 2)",
    ),
    (
        "version: 1\n---\nversion: 1\n",
        'file.yaml: A second document begins here. Take out the line "---". (line 2)',
    ),
    ("version: [1\npeople: 2\n", "file.yaml: This is not YAML: "),
    ("version: 1\n? [a, b]\n: c\n", "file.yaml: A key is plain text, not a list. (line 2)"),
    (
        b"version: 1\n\xff\xfe\n",
        "file.yaml: This is not text in UTF-8. Save the file as UTF-8. (line 2)",
    ),
    (b"version: 1\n\x00\n", "file.yaml: This is not YAML: "),
    ("version: " + "[" * 5000, "file.yaml: Lists stand inside one another too deep here. (line 1)"),
    ("- one\n", "file.yaml: is not a set of keys with values (line 1)"),
    (
        "version: 1\nsessions: 3\n",
        "file.yaml: sessions: is a list, or a table of columns and rows (line 2)",
    ),
    (
        "version: 1\nsessions:\n  columns: [at]\n  rows:\n    - [1, 2]\n",
        "file.yaml: sessions.rows[0]: has 2 values for 1 columns (line 5)",
    ),
    (
        "version: 1\nsessions:\n  columns: [ats]\n  rows: []\n",
        'file.yaml: sessions.columns.ats: "ats" is not a key here. Did you mean "at"? (line 3)',
    ),
    (
        "version: 1\nsessions:\n  rows: []\n",
        "file.yaml: sessions: a table needs columns: [...] and rows: [[...], ...] (line 3)",
    ),
    (
        'version: 1\nbank:\n  - {provider: "a\\0b"}\n',
        "file.yaml: bank[0].provider: holds a line break or another control character (line 3)",
    ),
]


@pytest.mark.parametrize(("content", "said"), NOT_YAML, ids=lambda text: repr(text)[:30])
def test_what_is_not_such_a_file_is_refused(
    empty: Database, tmp_path: Path, content: str | bytes, said: str
) -> None:
    assert any(one.startswith(said) for one in refused(empty, tmp_path, content))


def test_every_problem_is_reported_in_file_order_up_to_fifty(
    empty: Database, tmp_path: Path
) -> None:
    rows = "".join(f"  - {{kind: shop, name: Number {number}}}\n" for number in range(40))
    found = refused(empty, tmp_path, f"version: 1\norganisations:\n{rows}")
    assert len(found) == 51
    assert found[0] == "file.yaml: organisations[0].address: is missing (line 3)"
    assert (
        found[1]
        == 'file.yaml: organisations[0].kind: "shop" is not one of council, provider (line 3)'
    )
    assert found[50] == "And 30 more problems."


def test_one_bad_file_keeps_the_other_out(empty: Database, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(EXAMPLE)
    bad.write_text("version: 1\npeople: 3\n")
    with pytest.raises(Refused) as caught:
        load(empty, [good, bad])
    assert caught.value.sentences == [
        "bad.yaml: people: is a list, or a table of columns and rows (line 2)"
    ]


OVERLAPS = [
    (
        "sessions",
        "  - {agreement: IA-0009, mentor: Orla Pennyfold, at: 2026-04-16 17:30, hours: 1, recorded_by: orla@lanternway.example}\n",
        "sessions[2].at: Orla Pennyfold has another session from 16 April 2026 at 4pm",
    ),
    (
        "sessions",
        "  - {agreement: IA-0009, mentor: Orla Pennyfold, at: 2026-04-16 16:00, hours: 1, state: cancelled, recorded_by: orla@lanternway.example}\n",
        "sessions[2].at: Orla Pennyfold has another session from 16 April 2026 at 4pm",
    ),
]


@pytest.mark.parametrize(("section", "row", "said"), OVERLAPS)
def test_a_mentor_is_in_one_place_at_a_time(
    empty: Database, tmp_path: Path, section: str, row: str, said: str
) -> None:
    content = EXAMPLE.replace("\nsettled:", f"{row}\nsettled:").replace(
        "\n\n  - {agree", "\n  - {agree"
    )
    (found,) = refused(empty, tmp_path, content)
    assert said in found


PLACEMENT = EXAMPLE.replace("mechanism: unit, unit: hour", "mechanism: nightly-share, unit: night")
PLACEMENT = PLACEMENT[: PLACEMENT.index("sessions:")]
NIGHTS = [
    (
        "{from: 2026-05-01, to: 2026-05-31}, {from: 2026-05-31, to: 2026-06-02}",
        "nights[1].from: the night of 31 May 2026 is recorded already",
    ),
    ("{from: 2026-04-01, to: 2026-05-31}", "nights[0].from: is outside the dates of IA-0009"),
    ("{from: 2026-05-02, to: 2026-05-01}", "nights[0].to: is before from"),
    ("{from: 2026-10-01, to: 2026-10-31}", "nights[0].to: is still to come"),
]


@pytest.mark.parametrize(("nights", "said"), NIGHTS)
def test_nights_lie_within_the_placement_and_are_recorded_once(
    empty: Database, tmp_path: Path, nights: str, said: str
) -> None:
    rest = "agreement: IA-0009, recorded_by: orla@lanternway.example"
    rows = nights.replace("{", "{" + rest + ", ")
    (found,) = refused(empty, tmp_path, f"{PLACEMENT}nights: [{rows}]\n")
    assert said in found


def test_an_agreement_by_the_hour_has_no_nights(empty: Database, tmp_path: Path) -> None:
    row = "{agreement: IA-0009, from: 2026-05-01, to: 2026-05-02, recorded_by: orla@lanternway.example}"
    (found,) = refused(empty, tmp_path, f"{EXAMPLE}\nnights: [{row}]\n")
    assert "nights[0].agreement: IA-0009 is charged by sessions, not by the night" in found
