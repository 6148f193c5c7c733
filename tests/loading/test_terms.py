"""What a framework asks, and its rounds that are over, come in from a file: once, or not at all."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from portal.frameworks.lots.queries import category_asks, demands_for, lacks, terms_of
from portal.frameworks.models import Framework, Place
from portal.frameworks.queries import get_framework
from portal.frameworks.rounds.models import Round, RoundCategory
from portal.frameworks.rounds.rules import RoundState, state
from portal.kernel.database import Database
from portal.kernel.entries.problems import Refused
from portal.kernel.money import Money
from portal.kernel.tenancy import Scope, Task
from tests.loading.loaded import all_rows, load, worked_example

OPERATOR = Scope.system(Task.OPERATOR)
TERMS = """\
    terms:
      published: 2024-04-15 09:00
      summary: A mentor of their own.
      quality_points: 55
      price_points: 45
      uplift_cap: 1.25
    demands:
      - {kind: public-liability, least_cover: 10000000.00}
      - {kind: enhanced-dbs, lot: 1}
    rounds:
      - title: First round
        opened: 2024-04-22 09:00
        closed: 2024-06-07 12:00
        concluded: 2024-07-26 16:00
        run_by: commissioner@larkminster.example
    lots:
"""
CATEGORY = """\
          - code: 1a
            title: One-to-one mentoring
            mechanism: unit
            unit: hour
            price_method: ceiling
            limit: below
            places: 1
            reserves: 2
            asks: [{maximum: 50.00, yearly_units: 900}]
            bands: [{name: Lowest, up_to: 42.00}, {name: Highest}]
"""
PERSON = """\
people:
  - name: Cerys Fairbrace
    email: commissioner@larkminster.example
    memberships: [{organisation: Larkminster City Council, roles: [commissioner]}]
"""
OLD = "          - {code: 1a, title: One-to-one mentoring, mechanism: unit, unit: hour}\n"


def written(folder: Path, *changes: tuple[str, str]) -> Path:
    """The worked example, saying what the framework asks; changed as told."""
    text = worked_example().replace("    lots:\n", TERMS).replace(OLD, CATEGORY)
    text = text.replace("people:\n", PERSON).replace(
        "    starts_on: 2024-09-01\n    prices",
        "    starts_on: 2024-09-01\n    rank: 1\n    prices",
    )
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / "file.yaml"
    path.write_text(text)
    return path


def test_it_comes_in_whole_and_once(owner_database: Database, tmp_path: Path) -> None:
    load(owner_database, [written(tmp_path)])
    with owner_database.session(OPERATOR) as session:
        framework = get_framework(session, session.scalars(select(Framework.id)).one())
        terms = terms_of(session, framework.id)
        assert (terms.quality_points, terms.uplift_cap) == (55, 125)
        assert terms.published_at == datetime(2024, 4, 15, 8, tzinfo=UTC)
        assert lacks(session, framework, terms) == []
        (ask,) = category_asks(session, framework.id)
        assert ask.prices[0].maximum == Money.pounds("50.00")
        assert [band.name for band in ask.bands] == ["Lowest", "Highest"]
        assert len(demands_for(session, framework.id, [])) == 1
        assert len(demands_for(session, framework.id, None)) == 2
        held = session.scalars(select(Round)).one()
        assert state(held, datetime(2024, 8, 1, tzinfo=UTC)) is RoundState.CONCLUDED
        assert session.query(RoundCategory).count() == 1
        assert session.scalars(select(Place.rank)).one() == 1
    before = all_rows(owner_database)
    again = load(owner_database, [written(tmp_path)])
    assert again.added.total() == 0
    assert all_rows(owner_database) == before


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("price_points: 45", "price_points: 40", "The points must make 100 together: 55 and 40"),
        ("maximum: 50.00, ", "", "Enter the maximum, which is the ceiling here"),
        ("lot: 1}", "lot: 7}", "7 is not a lot of LM-MENTOR-2024"),
        ("            price_method: ceiling\n", "", "price_method: is missing"),
        ("closed: 2024-06-07", "closed: 2024-04-07", "follow each other, and are past"),
        ("uplift_cap: 1.25", "uplift_cap: 1.255", "is not per cent like 1.5"),
        ("run_by: commissioner@", "run_by: orla@", "is not the e-mail address of a person"),
    ],
)
def test_what_makes_no_sense_is_said_at_its_place(
    owner_database: Database, tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    with pytest.raises(Refused) as caught:
        load(owner_database, [written(tmp_path, (old, new))])
    assert sentence in str(caught.value)
