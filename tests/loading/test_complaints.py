"""Complaints from before: what stands in the file is what is due, and mistakes are told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from portal.complaints.handling.models import Case, CaseStage
from portal.complaints.handling.rules import Advocacy, StageState
from portal.complaints.models import Complaint
from portal.complaints.rules import State
from portal.kernel.database import Database
from portal.kernel.entries.problems import Refused
from portal.kernel.tenancy import Scope, Task
from tests.loading.loaded import load
from tests.support.databases import Databases

FILE = """
version: 1
organisations:
  - kind: council
    name: Larkminster City Council
    address: {street: A, city: B, postcode: ZZ1 1AA}
people:
  - name: Obinna Tallowfield
    email: complaints@larkminster.example
    memberships: [{organisation: Larkminster City Council, roles: [complaints-manager]}]
complaints:
  - council: Larkminster City Council
    reference: CT-5XBK-3TLQ
    received: 2026-06-15 11:20
    what_happened: Nobody told me.
    track: children
    advocacy: taken
    points: [{words: Not told, outcome: upheld}]
    stages:
      - began: 2026-06-15
        answered: 2026-06-29
        answered_by: complaints@larkminster.example
        answer: Sorry.
      - {began: 2026-08-03, agreed: 2026-08-17}
"""
CHANGES = [
    ("CT-5XBK-3TLQ", "CT-AEIO-0001", "is not a reference like CT-7K3M-9QPD"),
    ("track: children", "reason: none", "stages: and track are given together, or neither is"),
    ("track: children", "track: data-protection", "stages: are more than this track has"),
    ("answer: Sorry.", "agreed: ~", "1 needs answered, answered_by and answer together"),
    ("began: 2026-08-03", "began: 2026-06-01", "2 begins before what it follows is over"),
    ("agreed: 2026-08-17", "extended_to: 2026-11-02", "needs extended_to and extension_reason"),
    ("roles: [complaints-manager]", "roles: [approver]", "with the role complaints-manager"),
]


@pytest.fixture(scope="module")
def opened(databases: Databases) -> Iterator[Database]:
    with databases.fresh("sqlite") as address:
        made = Database(address.owner)
        yield made
        made.close()


def _file(folder: Path, content: str) -> Path:
    path = folder / "file.yaml"
    path.write_text(content)
    return path


@pytest.mark.parametrize(("stands", "instead", "sentence"), CHANGES)
def test_a_mistake_gets_its_sentence(
    opened: Database, tmp_path: Path, stands: str, instead: str, sentence: str
) -> None:
    assert stands in FILE
    with pytest.raises(Refused) as refused:
        load(opened, [_file(tmp_path, FILE.replace(stands, instead))])
    assert sentence in str(refused.value.sentences)


def test_what_is_due_follows_from_the_days_and_twice_is_once(
    opened: Database, tmp_path: Path
) -> None:
    path = _file(tmp_path, FILE)
    assert load(opened, [path]).added[Complaint] == 1
    again = load(opened, [path])
    assert (again.added[Complaint], again.there[Complaint]) == (0, 1)
    with opened.session(Scope.system(Task.OPERATOR)) as session:
        complaint = session.scalars(select(Complaint)).one()
        case = session.scalars(select(Case)).one()
        stages = session.scalars(select(CaseStage).order_by(CaseStage.number)).all()
    assert case.advocacy is Advocacy.TAKEN
    assert complaint.state is State.BEING_LOOKED_AT
    assert (case.stage, case.due_on) == (2, date(2026, 9, 22)), "25 working days after 17 August"
    assert [one.state for one in stages] == [StageState.ANSWERED, StageState.ANSWERING]
