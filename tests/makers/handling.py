"""What a council and a provider do about a complaint."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from portal.complaints.handling.models import (
    AlertTaken,
    Case,
    CasePause,
    CasePerson,
    CasePoint,
    CasePromise,
    CaseStage,
)
from portal.complaints.handling.rules import (
    Outcome,
    Part,
    PauseReason,
    StageState,
    WorksFor,
    person_key,
)
from portal.complaints.keeping.models import KeptFigure, KeptYears
from portal.complaints.learning.models import LearningPoint, SchoolReport
from portal.complaints.models import Attachment, Complaint, Message
from portal.complaints.rules import Side, State, Track, Who
from portal.complaints.sharing.models import OwnComplaint, SharedComplaint, SharedFile
from portal.complaints.sharing.rules import Category, answer_by
from portal.frameworks.models import Framework
from portal.identity.models import Organisation, Person
from portal.kernel.files import FileState, StoredFile
from portal.kernel.local_time import local_date
from tests.makers.complaints import make_attachment
from tests.makers.files import make_stored_file
from tests.makers.rows import RECORDED_AT, add


def make_case(
    session: Session,
    *,
    complaint: Complaint,
    track: Track = Track.CHILDREN,
    due_on: date | None = None,
) -> Case:
    """A complaint that was taken up on its day of receipt, at stage 1."""
    complaint.track, complaint.state = track, State.BEING_LOOKED_AT
    add(
        session,
        CaseStage(
            complaint_id=complaint.id,
            council_id=complaint.council_id,
            number=1,
            state=StageState.ANSWERING,
            begun_on=complaint.received_on,
        ),
    )
    return add(
        session,
        Case(
            complaint_id=complaint.id,
            council_id=complaint.council_id,
            stage=1,
            due_on=due_on or complaint.received_on + timedelta(days=14),
            triage_reason="It is about a child in our care",
        ),
    )


def make_case_person(
    session: Session,
    *,
    complaint: Complaint,
    part: Part = Part.INVESTIGATOR,
    person: Person | None = None,
    name: str = "Ros Invented",
    organisation: str = "Invented Reviews",
    works_for: WorksFor = WorksFor.NEITHER,
    declared: bool = True,
) -> CasePerson:
    """Somebody with a part in a case, who has said that nothing stands between."""
    name = person.name if person else name
    return add(
        session,
        CasePerson(
            complaint_id=complaint.id,
            council_id=complaint.council_id,
            part=part,
            key=person_key(person.id if person else None, name, organisation),
            person_id=person.id if person else None,
            name=name,
            organisation=organisation,
            works_for=works_for,
            added_on=complaint.received_on,
            declared_on=complaint.received_on if declared else None,
        ),
    )


def make_shared(
    session: Session,
    *,
    complaint: Complaint,
    provider: Organisation,
    summary: str = "A bag was not given back after a move.",
    at: datetime = RECORDED_AT,
) -> SharedComplaint:
    """A complaint as far as its provider may know of it, not yet answered."""
    return add(
        session,
        SharedComplaint(
            complaint_id=complaint.id,
            council_id=complaint.council_id,
            provider_id=provider.id,
            summary=summary,
            agreed=complaint.tell_provider,
            shared_at=at,
            answer_by=answer_by(local_date(at)).due,
        ),
    )


def make_own_complaint(
    session: Session, *, provider: Organisation, council: Organisation | None = None
) -> OwnComplaint:
    """A complaint that came to a provider itself, not yet answered."""
    return add(
        session,
        OwnComplaint(
            provider_id=provider.id,
            council_id=council.id if council else None,
            received_on=date(2026, 4, 20),
            category=Category.MISSED,
            what="A session was cancelled at short notice.",
            due_on=date(2026, 5, 5),
        ),
    )


def make_learning(
    session: Session, *, complaint: Complaint, framework: Framework, words: str = ""
) -> LearningPoint:
    """Something learned, for the review of a framework."""
    return add(
        session,
        LearningPoint(
            council_id=complaint.council_id,
            complaint_id=complaint.id,
            framework_id=framework.id,
            provider_id=complaint.provider_id,
            words=words or "Belongings are listed at each move.",
            learned_on=complaint.received_on,
        ),
    )


@dataclass(frozen=True)
class Handled:
    """What stands behind a complaint: one of each thing that has an address of its own."""

    appointed: CasePerson
    attachment: Attachment
    stored: StoredFile
    letter: Message
    shared: SharedComplaint
    shared_file: SharedFile
    own: OwnComplaint
    report: SchoolReport


def make_whole_case(
    session: Session,
    *,
    complaint: Complaint,
    provider: Organisation,
    council: Organisation,
    framework: Framework,
    investigator: Person,
    lead: Person,
) -> Handled:
    """One row of everything that stands behind a complaint; its file waits for the scanner."""
    make_case(session, complaint=complaint)
    whose = {"complaint_id": complaint.id, "council_id": complaint.council_id}
    on, at = complaint.received_on, complaint.received_at
    add(session, CasePause(**whose, reason=PauseReason.POLICE, starts_on=on, ended_on=on))
    add(session, CasePoint(**whose, words="A bag was lost", outcome=Outcome.UPHELD, stage=1))
    add(session, CasePromise(**whose, what="Say sorry", owner="Team manager", due_on=on))
    add(
        session,
        AlertTaken(
            **whose, person_id=lead.id, person_name=lead.name, at=at, doing="Called the home"
        ),
    )
    stored = make_stored_file(session, council=council, state=FileState.QUARANTINED)
    attachment = make_attachment(session, complaint=complaint)
    attachment.stored_file_id = stored.id
    letter = Message(
        **whose, side=Side.COUNCIL, person_id=lead.id, person_name=lead.name, text="Hello.", at=at
    )
    shared = make_shared(session, complaint=complaint, provider=provider)
    shared_file = SharedFile(
        shared_id=shared.id, council_id=council.id, provider_id=provider.id,
        stored_file_id=stored.id, label="File 1",
    )  # fmt: skip
    report = SchoolReport(
        **whose, provider_id=provider.id, summary="Belongings were lost at a move.",
        by_name="Complaints", at=at,
    )  # fmt: skip
    make_learning(session, complaint=complaint, framework=framework)
    session.merge(KeptYears(council_id=council.id, track=Track.OTHER, years=6))
    add(
        session,
        KeptFigure(
            council_id=council.id, year_starts_on=date(2018, 4, 1), track=Track.CHILDREN,
            who=Who.YOUNG_PERSON, advocate=False, learned=True, stages={"1": True},
        ),
    )  # fmt: skip
    return Handled(
        appointed=make_case_person(
            session, complaint=complaint, person=investigator, organisation=council.name,
            works_for=WorksFor.COUNCIL,
        ),
        attachment=attachment,
        stored=stored,
        letter=add(session, letter),
        shared=shared,
        shared_file=add(session, shared_file),
        own=make_own_complaint(session, provider=provider, council=council),
        report=add(session, report),
    )  # fmt: skip
