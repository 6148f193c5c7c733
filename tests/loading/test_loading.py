"""The worked example of the format, additions to what is there, and the command itself."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from portal.agreements.clocks.models import pauses_of
from portal.agreements.clocks.rules import Clock, ClockKind, Standing
from portal.agreements.models import Agreement, AgreementPrice, Assignment, Suspension
from portal.audit.models import AuditEvent
from portal.delivery.models import DeliverySession, Stay
from portal.invoicing.models import Invoice
from portal.invoicing.rules import InvoiceState
from portal.kernel.database import Database
from portal.kernel.entries.problems import Problems
from portal.kernel.entries.reading import EntryReader
from portal.kernel.entries.source import parse
from portal.kernel.money import Money
from portal.kernel.tenancy import Scope, Task
from portal.loading.entries import FileEntry
from tests.loading.loaded import AT, all_rows, load, worked_example

OPERATOR = Scope.system(Task.OPERATOR)


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """The worked example as a file."""
    path = tmp_path / "example.yaml"
    path.write_text(worked_example())
    return path


def test_the_worked_example_loads_and_is_settled(owner_database: Database, example: Path) -> None:
    load(owner_database, [example])
    with owner_database.session(OPERATOR) as session:
        meeting, later = session.scalars(
            select(DeliverySession).order_by(DeliverySession.starts_at)
        )
        assert meeting.starts_at == datetime(2026, 4, 16, 15, tzinfo=UTC)
        assert meeting.service_date == date(2026, 4, 16) and meeting.minutes == 120
        assert meeting.locked_at is not None and meeting.recorded_by_name == "Orla Pennyfold"
        assert later.locked_at is not None
        invoice, waiting = session.scalars(select(Invoice).order_by(Invoice.month))
        assert invoice.state is InvoiceState.PAID
        assert invoice.net == invoice.paid == Money.pounds(84) and invoice.vat == Money(0)
        assert invoice.exemption_reason is not None and invoice.vat_number == "GB999000101"
        assert waiting.state is InvoiceState.TO_DECIDE and waiting.net == Money.pounds(63)
        names = set(session.scalars(select(AuditEvent.event)))
    assert names == {
        "loading:file:loaded",
        "invoicing:invoice:submitted",
        "invoicing:line:approved",
        "invoicing:invoice:paid",
    }


def test_a_new_price_is_added_to_the_agreement_that_is_there(
    owner_database: Database, example: Path
) -> None:
    load(owner_database, [example])
    before = all_rows(owner_database)
    example.write_text(
        worked_example().replace(
            "prices: [{price: 42.00, starts_on: 2026-04-16}]",
            "prices: [{price: 42.00, starts_on: 2026-04-16}, {price: 43, starts_on: 2026-09-01}]",
        )
    )
    loaded = load(owner_database, [example])
    assert loaded.added == {AgreementPrice: 1}
    after = all_rows(owner_database)
    grown = {name: count - before[name] for name, count in after.items() if count != before[name]}
    assert grown == {"agreement_price": 1, "audit_event": 2, "audit_link": 2}


def test_what_is_there_is_left_as_it_is(owner_database: Database, example: Path) -> None:
    load(owner_database, [example])
    example.write_text(worked_example().replace("hours: 2", "hours: 1"))
    assert load(owner_database, [example]).added.total() == 0
    with owner_database.session(OPERATOR) as session:
        assert set(session.scalars(select(DeliverySession.minutes))) == {120, 90}


def test_a_suspended_agreement_stands_still_on_the_days_that_the_file_gives(
    owner_database: Database, example: Path
) -> None:
    paused = """state: suspended
    suspensions:
      columns: [starts_on, ends_on, because]
      defaults: {suspended_by: approver@larkminster.example}
      rows:
        - [2026-06-01, 2026-06-07, Holiday]
        - [2026-09-28, ~, Placement moved]
    authorised_weekly: 2"""
    example.write_text(worked_example().replace("authorised_weekly: 2", paused))
    assert load(owner_database, [example]).added[Suspension] == 2
    with owner_database.session(OPERATOR) as session:
        agreement = session.scalars(select(Agreement)).one()
        clock = Clock(
            ClockKind.SUBSTITUTE, starts_on=date(2026, 9, 25), pauses=pauses_of(agreement)
        )
    assert clock.standing(AT.date()) is Standing.STILL


def test_whose_time_was_over_sees_nothing_of_it_from_the_loading_on(
    owner_database: Database, example: Path
) -> None:
    """Orla was replaced in September; who followed works on."""
    later = """  - provider: Lanternway Mentoring
    name: Ned Next
    clearances: [{checked_on: 2025-01-09, valid_until: 2028-01-08}]
"""
    assigned = "{mentor: Orla Pennyfold, starts_on: 2026-04-16"
    example.write_text(
        worked_example()
        .replace("\nagreements:\n", f"{later}\nagreements:\n")
        .replace(
            f"{assigned}}}",
            f"{assigned}, ends_on: 2026-09-30}}, {{mentor: Ned Next, starts_on: 2026-10-01}}",
        )
    )
    load(owner_database, [example])
    with owner_database.session(OPERATOR) as session:
        over = session.scalars(select(Assignment.over_at).order_by(Assignment.starts_on)).all()
    assert over == [AT, None]


def test_nights_are_cut_by_month_and_an_absence_is_not_charged(
    owner_database: Database, example: Path
) -> None:
    content = worked_example().replace(
        "mechanism: unit, unit: hour", "mechanism: nightly-share, unit: night"
    )
    start, end = content.index("sessions:"), content.index("settled:")
    nights = """nights:
  columns: [from, to, present]
  defaults: {agreement: IA-0009, recorded_by: orla@lanternway.example}
  rows:
    - [2026-04-20, 2026-05-10, true]
    - ["2026-05-11", "2026-05-12", false]

"""
    settled = content[end:].replace("2026-04", "2026-05")
    example.write_text(content[:start] + nights + settled)
    load(owner_database, [example])
    with owner_database.session(OPERATOR) as session:
        stays = session.execute(
            select(Stay.first_night, Stay.last_night, Stay.present).order_by(Stay.first_night)
        ).all()
        nets = session.scalars(select(Invoice.net).order_by(Invoice.month)).all()
    assert [tuple(stay) for stay in stays] == [
        (date(2026, 4, 20), date(2026, 4, 30), True),
        (date(2026, 5, 1), date(2026, 5, 10), True),
        (date(2026, 5, 11), date(2026, 5, 12), False),
    ]
    assert nets == [Money(6600), Money(6000)]  # 11 and 10 nights at £42.00 a week


def test_the_command_says_what_it_did(app: Flask, example: Path) -> None:
    runner = app.test_cli_runner()
    runner.invoke(args=["clock", "2026-10-02T09:00"])
    first = runner.invoke(args=["load", str(example)])
    assert first.exit_code == 0
    assert "Loaded 2 organisations, 2 people, 2 memberships, 1 VAT standing" in first.output
    second = runner.invoke(args=["load", str(example)])
    assert second.exit_code == 0
    assert "Loaded nothing." in second.output
    assert "There already, and left as it is: 2 organisations" in second.output


def test_the_command_refuses_with_every_problem(app: Flask, example: Path) -> None:
    example.write_text("version: 1\npeoples: []\n")
    refused = app.test_cli_runner().invoke(args=["load", str(example)])
    assert refused.exit_code == 1
    assert "Nothing was loaded." in refused.output
    assert (
        'example.yaml: peoples: "peoples" is not a key here. Did you mean "people"? (line 2)'
        in (refused.output)
    )
    missing = app.test_cli_runner().invoke(args=["load", "nothing.yaml"])
    assert missing.exit_code == 1
    assert "There is no file nothing.yaml." in missing.output


def test_many_rows_are_read_quickly() -> None:
    row = '    - [IA-1, Some Mentor, "2026-04-16 16:00", 1.5, A summary, a@b.example]\n'
    head = (
        "version: 1\nsessions:\n  columns: [agreement, mentor, at, hours, summary, recorded_by]\n"
    )
    began = datetime.now(UTC)
    tree = parse((head + "  rows:\n" + row * 2_000).encode())
    problems = Problems()
    file = EntryReader(problems, 0, lambda steps: None).read(FileEntry, tree)
    print(f"2,000 rows read in {(datetime.now(UTC) - began).total_seconds():.2f} s")  # noqa: T201
    assert len(file.sessions) == 2_000 and not problems
