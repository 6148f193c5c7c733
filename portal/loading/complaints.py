"""Complaints from before: as they were sent, how far they have come, what was learned."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.complaints.handling.clocks import Clock, StageDays, clocks_of, next_clock
from portal.complaints.handling.models import Case, CasePoint, CaseStage
from portal.complaints.handling.rules import (
    NO_DUE_DAY,
    STAGE_NAMES,
    StageState,
    opening,
)
from portal.complaints.learning.models import LearningPoint
from portal.complaints.models import Complaint, Message
from portal.complaints.rules import About, Answer, Helper, Side, State, Track
from portal.complaints.sharing.models import SharedComplaint
from portal.identity.passwords import hash_password
from portal.identity.rules import OrganisationKind, Role
from portal.kernel.ids import new_id
from portal.kernel.local_time import local_date, start_of_day
from portal.loading.complaint_entries import ComplaintEntry, StageEntry
from portal.loading.known import KnownOrganisation, KnownPerson
from portal.loading.plan import Work


@dataclass(slots=True)
class _Found:
    """A complaint's entry with the parties it names, and the rows that it comes to."""

    entry: ComplaintEntry
    id: UUID
    council: KnownOrganisation
    provider: KnownOrganisation | None
    answerers: list[KnownPerson | None] = field(default_factory=list)

    @property
    def whose(self) -> dict[str, Any]:
        """What every row of the case carries."""
        return {"complaint_id": self.id, "council_id": self.council.id}


def plan_complaints(work: Work, entries: Iterable[ComplaintEntry]) -> None:
    """Complaints under way or over; one not yet put on a track is new."""
    there = set(work.session.scalars(select(Complaint.reference)))
    stated = set()
    for entry in entries:
        if entry.broken:
            continue
        council = work.known.organisation(entry, "council", entry.council, OrganisationKind.COUNCIL)
        provider = None
        if entry.provider is not None:
            provider = work.known.organisation(
                entry, "provider", entry.provider, OrganisationKind.PROVIDER
            )
        if council is None or (entry.provider is not None and provider is None):
            continue
        if entry.reference in stated:
            entry.wrong("reference", "is given twice")
            continue
        stated.add(entry.reference)
        if entry.reference in there:
            work.plan.is_there(Complaint)
            continue
        found = _Found(entry, new_id(), council, provider)
        if _fits(work, found):
            _plan(work, found)


def _fits(work: Work, found: _Found) -> bool:
    """Whether the stages follow each other on a track that has them, and those named are known."""
    entry = found.entry
    for name, sentence in _problems(entry):
        entry.wrong(name, sentence)
        return False
    for stage in entry.stages:
        person = None
        if stage.answered_by is not None:
            person = work.known.member(
                stage, "answered_by", stage.answered_by, found.council.id, Role.COMPLAINTS_MANAGER
            )
            if person is None:
                return False
        found.answerers.append(person)
    return True


def _problems(entry: ComplaintEntry) -> Iterator[tuple[str, str]]:
    """What does not fit, the key and a sentence, the first first."""
    if (entry.track is None) != (not entry.stages):
        yield "stages", "and track are given together, or neither is"
    if entry.track is not None and len(entry.stages) > len(STAGE_NAMES[entry.track]):
        yield "stages", "are more than this track has"
    if entry.shared is not None and entry.provider is None:
        yield "shared", "is given, and no provider is named"
    before: date | None = local_date(entry.received)
    for number, stage in enumerate(entry.stages, start=1):
        if before is None or stage.began < before:
            yield "stages", f"{number} begins before what it follows is over"
        if len({stage.answered is None, stage.answered_by is None, not stage.answer}) > 1:
            yield "stages", f"{number} needs answered, answered_by and answer together"
        if (stage.extended_to is None) != (not stage.extension_reason):
            yield "stages", f"{number} needs extended_to and extension_reason together"
        before = stage.answered


@cache
def _nobodys() -> str:
    """The hash of a passphrase that nobody has, for whoever has none: made once, being slow."""
    return hash_password(secrets.token_urlsafe(32))


def _plan(work: Work, found: _Found) -> None:
    entry, file = found.entry, found.entry.place.file
    work.plan.add(
        file,
        Complaint,
        id=found.id,
        council_id=found.council.id,
        reference=entry.reference,
        passphrase_hash=hash_password(entry.passphrase) if entry.passphrase else _nobodys(),
        kind=entry.kind,
        urgent=entry.urgent,
        what_happened=entry.what_happened,
        about=About.PROVIDER if found.provider else About.COUNCIL,
        provider_id=found.provider.id if found.provider else None,
        about_whom="",
        wished=entry.wished,
        who=entry.who,
        name=None,
        on_behalf_of="",
        tell_provider=False,
        answer_by=Answer.HERE,
        contact="",
        safe_times="",
        may_leave_message=False,
        helper=Helper.NO,
        helper_contact="",
        language="",
        needs="",
        received_at=entry.received,
        received_on=local_date(entry.received),
        track=entry.track,
        state=_state(entry),
        version=1,
    )
    if entry.track is not None:
        _plan_case(work, found, entry.track)
    elif entry.closed is not None:
        _add_case(work, found, stage=0, due_on=NO_DUE_DAY)
    for learned in entry.learning:
        framework = None
        if learned.framework is not None:
            framework = work.known.framework(learned, "framework", learned.framework)
        work.plan.add(
            file,
            LearningPoint,
            id=new_id(),
            **found.whose,
            framework_id=framework.id if framework else None,
            provider_id=found.provider.id if found.provider else None,
            words=learned.words,
            learned_on=learned.learned_on,
        )
    if entry.shared is not None and found.provider is not None:
        told = entry.shared
        work.plan.add(
            file,
            SharedComplaint,
            id=new_id(),
            **found.whose,
            provider_id=found.provider.id,
            summary=told.summary,
            agreed=False,
            words=None,
            sender_name=None,
            shared_at=told.at,
            answer_by=told.answer_by,
            answer=told.answer,
            learning="",
            answered_at=told.answered_at,
            answered_by_name=found.provider.name if told.answered_at else "",
            taken_back_at=None,
            version=1,
        )


def _plan_case(work: Work, found: _Found, track: Track) -> None:
    entry, file = found.entry, found.entry.place.file
    clocks: list[Clock] = []
    for number, stage in enumerate(entry.stages, start=1):
        left_on = entry.stages[number].began if number < len(entry.stages) else entry.closed
        person = found.answerers[number - 1]
        days = StageDays(
            track=track, number=number, begun_on=stage.began, agreed_on=stage.agreed,
            acknowledged_on=stage.acknowledged, extended_to=stage.extended_to,
            answered_on=stage.answered, left_on=left_on,
        )  # fmt: skip
        clocks += clocks_of(days)
        work.plan.add(
            file,
            CaseStage,
            id=new_id(),
            **found.whose,
            number=number,
            state=_stage_state(track, number, stage),
            begun_on=stage.began,
            agreed_on=stage.agreed,
            acknowledged_on=stage.acknowledged,
            extended_to=stage.extended_to,
            extension_reason=stage.extension_reason,
            met_on=None,
            reported_on=None,
            answered_on=stage.answered,
            left_on=left_on,
            answer=stage.answer,
            answered_by_person_id=person.id if person else None,
            answered_by_name=person.name if person else "",
        )
        if person is not None and stage.answered is not None:
            work.plan.add(
                file,
                Message,
                id=new_id(),
                **found.whose,
                side=Side.COUNCIL,
                person_id=person.id,
                person_name=person.name,
                text=stage.answer,
                at=start_of_day(stage.answered),
            )
    answered = [n for n, stage in enumerate(entry.stages, start=1) if stage.answered]
    for point in entry.points:
        work.plan.add(
            file,
            CasePoint,
            id=new_id(),
            **found.whose,
            words=point.words,
            outcome=point.outcome,
            stage=(answered or [len(entry.stages)])[-1] if point.outcome else None,
        )
    clock = next_clock(clocks) if entry.closed is None else None
    _add_case(work, found, stage=len(entry.stages), due_on=clock.due if clock else NO_DUE_DAY)


def _add_case(work: Work, found: _Found, *, stage: int, due_on: date) -> None:
    work.plan.add(
        found.entry.place.file,
        Case,
        **found.whose,
        stage=stage,
        due_on=due_on,
        paused=False,
        triage_reason=found.entry.reason,
        happened_on=None,
        late_reason="",
        advocacy=found.entry.advocacy,
        advocacy_on=local_date(found.entry.received),
        advocate="",
        ombudsman_on=None,
        ombudsman_note="",
        closed_on=found.entry.closed,
        held=False,
        hold_reason="",
    )


def _stage_state(track: Track, number: int, stage: StageEntry) -> StageState:
    if stage.answered is not None:
        return StageState.ANSWERED
    state = opening(track, number)
    return StageState.ANSWERING if state is StageState.AGREEING and stage.agreed else state


def _state(entry: ComplaintEntry) -> State:
    if entry.closed is not None:
        return State.CLOSED
    if not entry.stages:
        return State.RECEIVED
    return State.ANSWERED if entry.stages[-1].answered else State.BEING_LOOKED_AT
