"""A provider sends the file behind its evidence; its councils open it and say what they think."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.audit.models import AuditEvent
from portal.evidence.documents.actions import Event
from portal.evidence.models import Evidence, EvidenceDocument
from portal.evidence.queries import wallet_of
from portal.evidence.rules import EvidenceKind, Validity
from portal.identity.rules import Role
from portal.kernel.files import FileState, StoredFile, forget, storage
from portal.kernel.tenancy import Scope, Task
from tests.evidence.documents.sending import INSURANCE, from_day, send
from tests.kernel.files.samples import PDF, png
from tests.support.visits import Visits

OPERATOR = Scope.system(Task.OPERATOR)
KIND = EvidenceKind.PUBLIC_LIABILITY


def newest(visits: Visits, provider_id: UUID, kind: EvidenceKind = KIND) -> EvidenceDocument:
    """The document that was sent last."""
    with visits.standing.owner.session(OPERATOR) as session:
        return session.scalars(
            select(EvidenceDocument)
            .join(EvidenceDocument.evidence)
            .where(EvidenceDocument.provider_id == provider_id, Evidence.kind == kind)
            .order_by(EvidenceDocument.id.desc())
        ).first() or pytest.fail("nothing was sent")


def test_a_certificate_is_sent_opened_and_verified(visits: Visits) -> None:
    world = visits.world
    bids = visits.by(world.larkspur, Role.BIDS)
    officer = visits.by(world.brackenvale, Role.COMMISSIONER)
    page = f"/evidence/{world.larkspur.id}/{KIND.value}"
    assert (
        "PDF, Word, Excel, JPEG or PNG; at most 10 MB"
        in bids.open(bids.open(page).link("Send a file")).words
    )
    answer = send(bids, name="Cover 2026.pdf")
    assert (answer.status, answer.response.location) == (303, page)
    seen = bids.open(page)
    assert seen.heading == "Public liability insurance"
    assert "In date until 31 March 2027" in seen.words
    assert "waits for a council to verify it" in seen.words
    assert "£10,000,000.00" in seen.words and "Check it" not in seen.words

    assert "Check the evidence of Larkspur Mentoring: Public liab" in officer.open("/").words
    asked = officer.open(officer.open(page).link("Check it"))
    assert asked.heading == "Check the evidence"
    file = officer.open(asked.link("Open file")).response
    assert file.get_data() == PDF
    assert file.headers["Content-Disposition"] == 'attachment; filename="Cover 2026.pdf"'
    document = newest(visits, world.larkspur.id)
    judge = f"/evidence/documents/{document.id}/judge"
    assert "Choose whether you verify it" in officer.send(judge, {}).words
    assert officer.send(judge, {"verdict": "verified"}).status == 303
    seen = bids.open(page)
    assert "Verified By Commissioner of Brackenvale on 30 April 2026" in seen.words
    assert "Verified the one from 1 April 2026" in seen.words
    assert "Commissioner of Brackenvale, Brackenvale Council" in seen.words
    with visits.standing.owner.session(OPERATOR) as session:
        events = session.scalars(
            select(AuditEvent)
            .where(AuditEvent.subject_id == document.evidence_id)
            .order_by(AuditEvent.id)
        ).all()
        assert [(one.event, one.organisation_id) for one in events] == [
            (Event.SENT.value, world.larkspur.id),
            (Event.VERIFIED.value, world.brackenvale.id),
        ]
    again = send(bids)
    assert again.status == 422
    assert "The one from 1 April 2026 is verified and stays as it is" in again.words


def test_what_is_not_accepted_counts_for_nothing_until_it_is_put_right(visits: Visits) -> None:
    world = visits.world
    sender = visits.by(world.millstone, Role.PROVIDER_ADMINISTRATOR)
    officer = visits.by(world.aldermoor, Role.COMMISSIONER)
    page = f"/evidence/{world.millstone.id}/{KIND.value}"
    renewal = from_day(1, 3, 2026)
    assert send(sender, said=renewal).status == 303
    first = newest(visits, world.millstone.id)
    judge = f"/evidence/documents/{first.id}/judge"
    unsaid = officer.send(judge, {"verdict": "refused"})
    assert unsaid.status == 422
    assert "Say what is wrong, so that the provider can put it right" in unsaid.words
    said = "It names another company."
    assert officer.send(judge, {"verdict": "refused", "reason": said}).status == 303
    seen = sender.open(page)
    assert f"Commissioner of Aldermoor on 30 April 2026 at 10am: {said}" in seen.words
    assert "Put it right and send it again" in seen.words
    wallet = sender.open("/evidence")
    assert "The one from 1 March 2026 was not accepted" in wallet.words
    assert "In date until 31 May 2028" in wallet.words  # the one before still counts

    assert send(sender, said=renewal, content=png(), name="scan.png").status == 303
    assert "In date until 31 March 2027" in sender.open(page).words
    late = officer.send(judge, {"verdict": "verified"})
    assert late.status == 409
    assert "has sent another file since your page was open" in late.words


def test_evidence_of_which_all_was_refused_is_missing(visits: Visits) -> None:
    world = visits.world
    with visits.standing.owner.transaction(OPERATOR) as session:
        held = session.scalars(
            select(Evidence).where(
                Evidence.provider_id == world.nettlewood.id,
                Evidence.kind == EvidenceKind.EMPLOYERS_LIABILITY,
            )
        ).one()
        held.verified_at = held.verified_by_name = None
    officer = visits.by(world.copperholt, Role.COMMISSIONER)
    document = newest(visits, world.nettlewood.id, EvidenceKind.EMPLOYERS_LIABILITY)
    answer = {"verdict": "refused", "reason": "The sum is too small."}
    assert officer.send(f"/evidence/documents/{document.id}/judge", answer).status == 303
    with visits.standing.application.session(Scope(world.nettlewood.id)) as session:
        (held_now,) = (
            one
            for one in wallet_of(session, world.nettlewood.id, date(2026, 4, 30)).held
            if one.kind is EvidenceKind.EMPLOYERS_LIABILITY
        )
    assert held_now.standing.validity is Validity.REFUSED
    home = visits.by(world.nettlewood, Role.PROVIDER_ADMINISTRATOR).open("/")
    assert "Send again: Employer's liability insurance" in home.words
    assert "1 piece of evidence lapsed" in officer.open("/").words
    draft = visits.by(world.nettlewood, Role.FINANCE).open(
        f"/invoices/drafts/{world.copperholt.id}/{world.apart.id}/2026-04"
    )
    assert "Employer's liability insurance is not in date for April 2026" in draft.words


@pytest.mark.parametrize(
    ("changed", "content", "sentence"),
    [
        ({"cover": "4,999,999.99"}, PDF, "ask for cover of at least £5,000,000.00"),
        ({"valid_until-year": "2025"}, PDF, "The last day must be on or after the first day"),
        ({"valid_until-month": "13"}, PDF, "Month must be a number between 1 and 12"),
        ({}, None, "Choose the file that shows it"),
        ({}, b"MZ\x90\0", "whatever its name says. Send PDF, Word, Excel, JPEG or PNG."),
        ({"cover": "1"}, b"MZ\x90\0", "ask for cover of at least £5,000,000.00"),
        ({}, b"", "This file is empty"),
        ({}, b"hello", "This is not a kind of file that can be taken"),
    ],
)
def test_a_form_to_put_right_keeps_what_was_typed(
    visits: Visits, changed: dict[str, str], content: bytes | None, sentence: str
) -> None:
    bids = visits.by(visits.world.larkspur, Role.BIDS)
    said = {**INSURANCE, **changed}
    answer = send(bids, said=said, content=content)
    assert answer.status == 422
    assert sentence in answer.words and "There is a problem" in answer.words
    for value in said.values():
        assert f'value="{value}"' in answer.markup


def test_a_policy_has_no_cover_and_is_renewed_in_time(visits: Visits) -> None:
    bids = visits.by(visits.world.larkspur, Role.BIDS)
    form = bids.open("/evidence/send/safeguarding-policy")
    assert "Cover" not in form.words
    late = send(bids, "safeguarding-policy", said={**INSURANCE, "valid_until-month": "5"})
    assert (
        "This is renewed every year, so the last day is 31 March 2027 at the latest" in late.words
    )
    assert send(bids, "safeguarding-policy").status == 303
    endless = {name: one for name, one in INSURANCE.items() if "until" not in name}
    assert send(bids, "uk-storage", said=endless).status == 303
    assert send(bids, "public-liability", said=endless).status == 422
    assert bids.open("/evidence/send/anything").status == 404


def test_a_full_disk_answers_503_and_keeps_the_form(
    visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_self: object, _file_id: UUID, _content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("portal.kernel.files.store.Folder.put", full)
    bids = visits.by(visits.world.larkspur, Role.BIDS)
    answer = send(bids, "confidentiality")
    assert answer.status == 503
    assert "Nothing was lost: choose the file again" in answer.words
    assert 'value="2027"' in answer.markup
    monkeypatch.undo()
    assert send(bids, "confidentiality").status == 303


def test_nobody_else_opens_or_judges_it(visits: Visits) -> None:
    world = visits.world
    send(visits.by(world.larkspur, Role.BIDS), "equality-objectives")
    document = newest(visits, world.larkspur.id, EvidenceKind.EQUALITY_OBJECTIVES)
    address = f"/evidence/documents/{document.id}"
    for stranger in (
        visits.by(world.millstone, Role.BIDS),
        visits.by(world.nettlewood, Role.FINANCE),
        visits.by(world.copperholt, Role.COMMISSIONER),
    ):
        assert stranger.open(address).status == 404
    judge = f"{address}/judge"
    yes = {"verdict": "verified"}
    assert visits.by(world.copperholt, Role.COMMISSIONER).send(judge, yes).status == 404
    for reader in (Role.APPROVER, Role.REFERRER, Role.AUDITOR):
        assert visits.by(world.aldermoor, reader).open(address).status == 200
        assert visits.by(world.aldermoor, reader).send(judge, yes).status == 403
    assert visits.by(world.larkspur, Role.BIDS).send(judge, yes).status == 403
    assert visits.by(world.larkspur, Role.FINANCE).open("/evidence/send/uk-storage").status == 403
    page = f"/evidence/{world.larkspur.id}/uk-storage"
    assert visits.by(world.copperholt, Role.COMMISSIONER).open(page).status == 404
    assert visits.by(world.millstone, Role.BIDS).open(page).status == 404


def test_a_file_that_waits_or_is_gone_says_so(visits: Visits) -> None:
    world = visits.world
    bids = visits.by(world.larkspur, Role.BIDS)
    send(bids, "data-protection-policy")
    document = newest(visits, world.larkspur.id, EvidenceKind.DATA_PROTECTION_POLICY)
    address = f"/evidence/documents/{document.id}"
    for state, sentence in (
        (FileState.QUARANTINED, "is being checked for viruses"),
        (FileState.REFUSED, "The virus check found something in this file"),
    ):
        with visits.standing.owner.transaction(OPERATOR) as session:
            session.get_one(StoredFile, document.file_id).state = state
        answer = bids.open(address)
        assert (answer.status, sentence in answer.words) == (409, True)
    with (
        visits.app.app_context(),
        visits.standing.application.transaction(Scope(world.larkspur.id)) as session,
    ):
        stored = session.get_one(StoredFile, document.file_id)
        session.delete(session.get_one(EvidenceDocument, document.id))
        session.flush()
        forget(session, stored, at=stored.stored_at)
        assert storage().exists(stored.id)
    assert bids.open(address).status == 404
