"""Bringing files in: read all, check all, then save all in the caller's transaction or nothing."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Subject, record_all
from portal.identity.rules import OrganisationKind
from portal.invoicing.models import Invoice
from portal.invoicing.settlement import CannotSettle, settle, unsettled
from portal.kernel.entries.problems import Problem, Problems, Refused
from portal.kernel.entries.reading import EntryReader
from portal.kernel.entries.source import NotReadable, parse
from portal.kernel.entries.tree import Items, Keys, Node
from portal.kernel.sealing import Sealing
from portal.loading.complaints import plan_complaints
from portal.loading.contracts import plan_agreements
from portal.loading.delivered import plan_nights, plan_sessions
from portal.loading.entries import FileEntry
from portal.loading.frameworks import plan_frameworks
from portal.loading.mentors import plan_mentors
from portal.loading.parties import (
    plan_bank,
    plan_evidence,
    plan_organisations,
    plan_people,
    plan_vat,
)
from portal.loading.places import plan_places
from portal.loading.plan import NOUNS, Counts, Plan, Work
from portal.loading.published import plan_contacts, plan_procedures
from portal.loading.queries import what_is_there
from portal.loading.settled import plan_settled

OPERATOR = Actor(None, "Platform operator", None)
Advance = Callable[[int], object]
Bar = Callable[[str, int], AbstractContextManager[Advance]]


class Event(StrEnum):
    """What loading records."""

    FILE_LOADED = "loading:file:loaded"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was added, and what was there already and stays as it is."""

    added: Counts
    there: Counts


def no_bar(label: str, length: int) -> AbstractContextManager[Advance]:
    """Show no progress."""
    return nullcontext(lambda steps: None)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Trees, entries and rows hold no cycles, and looking for some in millions takes long."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


@_without_collecting()
def load_files(
    session: Session, paths: Sequence[Path], *, at: datetime, sealing: Sealing, bar: Bar = no_bar
) -> Loaded:
    """Bring these files in together, in the operator's session, at that moment (UTC).

    ``sealing`` keeps the secrets of people's second factors. ``bar`` is called with a label and a
    length and gives what takes the steps made. Raises Refused with every problem at its place;
    then nothing was written.
    """
    problems = Problems()
    files = _read(paths, problems, bar)
    work = Work(session, what_is_there(session, files), Plan(), at, sealing)
    with bar("Checking", len(_STEPS)) as advance:
        for plan, section in _STEPS:
            plan(work, _all_of(files, section))
            advance(1)
    if problems:
        raise Refused(problems.sentences([path.name for path in paths]))
    with bar("Saving", len(work.plan)) as advance:
        work.plan.save(session, advance)
    _record(session, work, [path.name for path in paths])
    added, there = work.plan.counts, work.plan.there
    if work.orders:
        added[Invoice], there[Invoice] = _settle(session, work, problems, bar)
    if problems:
        raise Refused(problems.sentences([path.name for path in paths]))
    return Loaded(+added, +there)


def _settle(session: Session, work: Work, problems: Problems, bar: Bar) -> tuple[int, int]:
    """Make the invoices of the past; say how many, and how many were there."""
    try:
        found = unsettled(session, [order for _, order in work.orders])
        with bar("Settling", len(found.drafts)) as advance:
            return settle(session, found, at=work.at, progress=advance), found.there
    except CannotSettle as error:
        entry = next(entry for entry, order in work.orders if order is error.order)
        entry.wrong("", error.sentence.rstrip("."))
        return 0, 0


_STEPS: tuple[tuple[Callable[[Work, Any], None], str], ...] = (
    (plan_organisations, "organisations"),
    (plan_people, "people"),
    (plan_evidence, "evidence"),
    (plan_vat, "vat"),
    (plan_bank, "bank"),
    (plan_contacts, "contacts"),
    (plan_procedures, "procedures"),
    (plan_frameworks, "frameworks"),
    (plan_places, "places"),
    (plan_mentors, "mentors"),
    (plan_agreements, "agreements"),
    (plan_sessions, "sessions"),
    (plan_nights, "nights"),
    (plan_complaints, "complaints"),
    (plan_settled, "settled"),
)


def _all_of(files: list[FileEntry], section: str) -> Iterator[Any]:
    return (entry for file in files for entry in getattr(file, section) or ())


def _read(paths: Sequence[Path], problems: Problems, bar: Bar) -> list[FileEntry]:
    trees: list[tuple[int, Node]] = []
    for file, path in enumerate(paths):
        try:
            trees.append((file, parse(path.read_bytes())))
        except NotReadable as error:
            problems.add(Problem(file, error.line, error.column, "", error.sentence))
    if problems:
        raise Refused(problems.sentences([path.name for path in paths]))
    with bar("Reading", sum(_entries_in(tree) for _, tree in trees)) as advance:
        return [EntryReader(problems, file, advance).read(FileEntry, tree) for file, tree in trees]


def _entries_in(node: Node) -> int:
    """How many entries there are, near enough for a progress bar."""
    if isinstance(node, Keys):
        return 1 + sum(_entries_in(child) for child in node.nodes.values())
    if isinstance(node, Items):
        return sum(1 if isinstance(child, Items) else _entries_in(child) for child in node.nodes)
    return 0


def _record(session: Session, work: Work, names: Sequence[str]) -> None:
    """One event per file and organisation concerned, counting what concerns it."""
    kinds = {known.id: known.kind for known in work.known.organisations.values()}
    happenings = []
    for (file, organisation_id), counts in work.plan.shares.items():
        council = kinds[organisation_id] is OrganisationKind.COUNCIL
        subject = Subject(
            "file",
            None,
            names[file],
            council_id=organisation_id if council else None,
            provider_id=None if council else organisation_id,
        )
        figures = {NOUNS[model][1]: count for model, count in counts.items()}
        happenings.append((subject, figures))
    record_all(session, OPERATOR, Event.FILE_LOADED, happenings, at=work.at)
