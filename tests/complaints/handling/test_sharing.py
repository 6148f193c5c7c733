"""A provider knows what is shared, and nothing of who."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.audit.models import AuditEvent
from portal.complaints.models import Complaint
from portal.complaints.sharing import actions, queries
from portal.complaints.sharing.models import SharedComplaint
from portal.complaints.sharing.rules import NotAgreed
from portal.kernel.errors import NotFound, Stale
from portal.kernel.files import StoredFile
from portal.kernel.jobs.models import Job
from portal.kernel.tenancy import Scope, Task
from tests.complaints.handling.cases import RECEIVED, Desk
from tests.makers import make_attachment
from tests.makers.files import make_stored_file

SECRET, NAME = "the blue room above the kitchen", "Kit Yarrow"
BY = date(2027, 1, 4)


def _share(desk: Desk, **said: object) -> SharedComplaint:
    asked = {
        "provider_id": desk.provider.id, "summary": "A bag was lost at a move.",
        "with_name": False, "with_words": False, "files": [], "answer_by": BY, **said,
    }  # fmt: skip
    with desk.work() as session:
        return actions.share(
            session, desk.actor, desk.id, version=desk.version(session), at=RECEIVED,
            **asked,  # type: ignore[arg-type]
        )  # fmt: skip


def _say(desk: Desk, **values: object) -> None:
    with desk.owner.transaction(Scope.system(Task.OPERATOR)) as session:
        complaint = session.get_one(Complaint, desk.id)
        complaint.what_happened, complaint.name = SECRET, NAME
        for name, value in values.items():
            setattr(complaint, name, value)


@pytest.mark.parametrize("what", ["with_name", "with_words"])
def test_nothing_of_who_goes_without_agreement(desk: Desk, what: str) -> None:
    _say(desk)
    with pytest.raises(NotAgreed, match="did not agree"):
        _share(desk, **{what: True})
    with (
        pytest.raises(IntegrityError, match="nothing_of_who_unless_agreed"),
        desk.work() as session,
    ):
        session.add(
            SharedComplaint(
                complaint_id=desk.id, council_id=desk.council.id, provider_id=desk.provider.id,
                summary="x", agreed=False, words=SECRET, shared_at=RECEIVED, answer_by=BY,
            )
        )  # fmt: skip


def test_agreement_alone_shares_nothing_until_the_council_ticks_it(desk: Desk) -> None:
    _say(desk, tell_provider=True)
    shared = _share(desk, with_name=True)
    assert (shared.sender_name, shared.words) == (NAME, None)


def test_the_provider_sees_no_row_but_the_shared_one(desk: Desk) -> None:
    _say(desk)
    shared = _share(desk)
    with desk.work(desk.provider, desk.answering) as session:
        assert session.scalars(select(Complaint.id)).all() == []
        (seen,) = queries.waiting_for(session, desk.provider.id)
        assert seen.id == shared.id
        told = [
            f"{event.event} {event.subject_label} {event.details}"
            for event in session.scalars(select(AuditEvent))
        ]
        assert told and not any(desk.complaint.reference in one for one in told)
        assert SECRET not in str(told) and NAME not in str(told)
    with desk.owner.session(Scope.system(Task.OPERATOR)) as session:
        arguments = str([job.arguments for job in session.scalars(select(Job))])
    assert SECRET not in arguments and NAME not in arguments
    assert desk.complaint.reference not in arguments


def test_the_answer_reaches_the_council_once(desk: Desk) -> None:
    shared = _share(desk)
    own = desk.as_(desk.answering, desk.provider)
    said = {"answer": "We looked into it.", "learning": "", "at": RECEIVED}
    with desk.work(desk.provider, desk.answering) as session:
        with pytest.raises(Stale):
            actions.answer_shared(session, own, shared.id, version=7, **said)  # type: ignore[arg-type]
        actions.answer_shared(session, own, shared.id, version=1, **said)  # type: ignore[arg-type]
        with pytest.raises(actions.NotNow):
            actions.answer_shared(session, own, shared.id, version=2, **said)  # type: ignore[arg-type]
    with desk.work() as session:
        (back,) = queries.shared_of(session, desk.id)
        assert (back.answer, back.answered_by_name) == ("We looked into it.", desk.answering.name)


def test_what_is_taken_back_is_gone_with_its_files(desk: Desk) -> None:
    with desk.owner.transaction(Scope.system(Task.OPERATOR)) as session:
        stored = make_stored_file(session, council=desk.council, name=f"{NAME}.pdf")
        attachment = make_attachment(session, complaint=desk.complaint)
        attachment.stored_file_id = stored.id
    shared = _share(desk, files=[stored.id])
    with desk.work(desk.provider, desk.answering) as session:
        (file,) = queries.get_shared(session, shared.id, desk.provider.id).files
        assert file.label == "File 1", "its own name could say who sent it"
        assert session.scalars(select(StoredFile.id)).all() == [stored.id]
    with desk.work() as session:
        actions.take_back(session, desk.actor, shared.id, version=1, at=RECEIVED)
    with desk.work(desk.provider, desk.answering) as session:
        assert session.scalars(select(StoredFile.id)).all() == []
        with pytest.raises(NotFound):
            queries.get_shared(session, shared.id, desk.provider.id)


def test_it_is_shared_once_and_not_for_yesterday(desk: Desk) -> None:
    with pytest.raises(actions.NotNow, match="past"):
        _share(desk, answer_by=RECEIVED.date() - timedelta(days=1))
    _share(desk)
    with pytest.raises(actions.NotNow, match="before"):
        _share(desk)
