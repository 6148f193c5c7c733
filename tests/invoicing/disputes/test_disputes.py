"""A refusal is disputed once and decided by somebody else; both decisions stay."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack, closing
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from portal.identity.models import Person
from portal.invoicing.disputes import actions
from portal.invoicing.disputes.keeping import erase_disputes
from portal.invoicing.disputes.models import Dispute, DisputeOutcome
from portal.invoicing.models import Decision
from portal.invoicing.rules import InvoiceState, LineState, LineStep
from portal.kernel.database import Database
from portal.kernel.errors import Stale
from portal.kernel.files import Examined, StoredFile
from portal.kernel.files.kinds import FileKind
from portal.kernel.jobs.models import Job
from portal.kernel.money import Money
from portal.kernel.tenancy import Scope, Task
from portal.kernel.transitions import IllegalStep
from portal.rights.due import scope_for
from tests.invoicing.filed import AT, Filed, file_invoice, post
from tests.invoicing.test_deciding import approve, assert_follows_from_lines, query, refuse
from tests.invoicing.test_invoice_pages import line_page, page, words
from tests.kernel.files.samples import PDF
from tests.makers import sign_in
from tests.support.databases import Databases


@pytest.fixture
def filed(owner_database: Database, database: Database) -> Filed:
    """Two sections of £231.00; line 1 is refused, line 2 waits."""
    made = file_invoice(owner_database, database, sections=2)
    refuse(made, 1)
    return made


def dispute(filed: Filed, file: Examined | None = None) -> None:
    line = filed.line(1)
    with filed.database.transaction(filed.scope(filed.finance)) as session:
        actions.dispute(
            session,
            filed.actor(filed.finance),
            filed.invoice_id,
            line.id,
            version=line.version,
            words="Morgan was there.",
            file=file,
            at=AT,
        )


def decide(filed: Filed, by: Person, *, allow: bool, version: int | None = None) -> None:
    line = filed.line(1)
    with filed.database.transaction(filed.scope(by)) as session:
        actions.decide(
            session,
            filed.actor(by),
            filed.invoice_id,
            line.id,
            version=version or line.version,
            allow=allow,
            words="The register says so.",
            at=AT,
        )


def decisions(filed: Filed) -> Sequence[tuple[LineStep, str]]:
    with filed.database.transaction(filed.scope(filed.approver)) as session:
        return [
            (one.step, one.decided_by_name)
            for one in session.scalars(select(Decision).order_by(Decision.id))
        ]


def test_a_dispute_goes_from_the_refusal_to_the_payment_queue(
    client: FlaskClient, filed: Filed
) -> None:
    at = line_page(filed, 1)
    sign_in(client, filed.finance)
    shown = client.get(page(filed)).get_data(as_text=True)
    assert f'href="{at}/dispute">Dispute the refusal of line 1</a>' in shown
    assert f'href="{at}/dispute"' in client.get(at).get_data(as_text=True)
    empty = post(client, f"{at}/dispute", f"{at}/dispute", {"version": "2", "words": ""})
    assert empty.status_code == 422
    assert "Enter why the refusal is wrong" in words(empty.get_data(as_text=True))
    sent = post(
        client,
        f"{at}/dispute",
        f"{at}/dispute",
        {"version": "2", "words": "Morgan was there.", "file": (BytesIO(PDF), "Register.pdf")},
    )
    assert (sent.status_code, sent.location) == (303, f"{at}/dispute")
    assert filed.invoice().state is InvoiceState.TO_DECIDE
    said = words(client.get(f"{at}/dispute").get_data(as_text=True))
    assert "Register.pdf" in said
    assert "An invoice approver of Aldermoor Council other than Alex Approver decides." in said

    sign_in(client, filed.approver)
    own = words(client.get(f"{at}/dispute").get_data(as_text=True))
    assert "You refused this line, so somebody else must decide the dispute." in own
    decided = {"version": "3", "outcome": "allow", "words": "It is on the register."}
    refused = post(client, page(filed), f"{at}/dispute/decision", decided)
    assert refused.status_code == 403

    sign_in(client, filed.second)
    shown = client.get(page(filed)).get_data(as_text=True)
    assert f'href="{at}/dispute">Read the dispute of line 1</a>' in shown
    assert 'id="tick-1"' not in shown
    assert f'href="{at}/dispute">Decide the dispute</a>' in client.get(at).get_data(as_text=True)
    link = client.get(f"{at}/dispute").get_data(as_text=True).split('/file"')[0].split('href="')
    file = client.get(f"{link[-1]}/file")
    assert (file.status_code, file.data) == (200, PDF)
    bare = post(
        client, f"{at}/dispute", f"{at}/dispute/decision", {"version": "3", "outcome": "uphold"}
    )
    assert bare.status_code == 422
    done = post(client, f"{at}/dispute", f"{at}/dispute/decision", decided)
    assert (done.status_code, done.location) == (303, page(filed))
    assert filed.line(1).state is LineState.APPROVED
    assert filed.invoice().approved == Money.pounds("231.00")
    ended = words(client.get(f"{at}/dispute").get_data(as_text=True))
    assert "The line was approved after all: £231.00" in ended
    history = words(client.get(page(filed)).get_data(as_text=True))
    for happened in ("Line 1 refused", "Refusal of line 1 disputed", "Line 1 approved"):
        assert happened in history
    assert decisions(filed) == [
        (LineStep.REFUSE, "Alex Approver"),
        (LineStep.APPROVE, "Sasha Second"),
    ]
    assert_follows_from_lines(filed)


def test_an_upheld_refusal_is_final(filed: Filed) -> None:
    dispute(filed)
    decide(filed, filed.second, allow=False)
    assert filed.line(1).state is LineState.REFUSED
    assert decisions(filed) == [
        (LineStep.REFUSE, "Alex Approver"),
        (LineStep.REFUSE, "Sasha Second"),
    ]
    with pytest.raises(actions.DisputedBefore):
        dispute(filed)
    assert filed.invoice().approved == Money(0)


def test_who_refused_does_not_decide_and_no_other_step_does(filed: Filed) -> None:
    with pytest.raises(IllegalStep):
        decide(filed, filed.second, allow=True)
    dispute(filed)
    with pytest.raises(actions.OnesOwnRefusal):
        decide(filed, filed.approver, allow=True)
    for step in (approve, query, refuse):
        with pytest.raises(IllegalStep):
            step(filed, 1)
    assert filed.line(1).state is LineState.DISPUTED


def test_a_dispute_tells_the_other_side(filed: Filed) -> None:
    dispute(filed)
    decide(filed, filed.second, allow=True)
    with filed.database.transaction(Scope.system(Task.JOBS)) as session:
        told = [
            (job.arguments["recipients_of"], job.arguments["sentence"])
            for job in session.scalars(
                select(Job).where(Job.name == "notices:deliver").order_by(Job.id)
            )
        ]
    reference = filed.invoice().reference
    assert (
        filed.council.id.hex,
        f"Larkspur Mentoring disputes a refusal: {reference}, line 1.",
    ) in told


def test_the_database_refuses_a_second_dispute_and_ones_own_decision(filed: Filed) -> None:
    dispute(filed)
    with filed.database.transaction(filed.scope(filed.finance)) as session:
        asked = session.scalars(select(Dispute).order_by(Dispute.id)).one()
    parties = {"council_id": filed.council.id, "provider_id": filed.provider.id}
    again = Dispute(
        **parties,
        line_id=asked.line_id,
        invoice_id=asked.invoice_id,
        refusal_id=asked.refusal_id,
        refused_by=asked.refused_by,
        words="Again",
        disputed_by=filed.finance.id,
        disputed_by_name="Fay",
        disputed_at=AT,
    )
    own = DisputeOutcome(
        **parties,
        dispute_id=asked.id,
        decision_id=asked.refusal_id,
        refused_by=asked.refused_by,
        decided_by=asked.refused_by,
    )
    for row in (again, own):
        with pytest.raises(DatabaseError):
            add(filed, row)


def add(filed: Filed, row: Dispute | DisputeOutcome) -> None:
    with filed.database.transaction(filed.scope(filed.approver)) as session:
        session.add(row)


def test_a_dispute_leaves_the_clock_of_the_other_lines(filed: Filed) -> None:
    approve(filed, 2)
    verified = filed.invoice().verified_on
    assert verified is not None
    dispute(filed)
    assert filed.invoice().verified_on == verified
    assert filed.invoice().approved == Money.pounds("231.00")


def test_what_was_written_and_sent_is_erased_with_the_invoice(app: Flask, filed: Filed) -> None:
    with app.app_context():
        file = Examined("Register.pdf", FileKind.PDF, PDF)
        dispute(filed, file)
        with filed.database.transaction(scope_for(filed.provider.id)) as session:
            erase_disputes(
                session,
                [filed.invoice_id],
                words="(erased)",
                name="A former member of staff",
                at=AT,
            )
    with filed.database.transaction(filed.scope(filed.approver)) as session:
        kept = session.scalars(select(Dispute).order_by(Dispute.id)).one()
        assert (kept.words, kept.file_id) == ("(erased)", None)
        assert session.scalars(select(StoredFile).order_by(StoredFile.id)).all() == []


def test_two_who_decide_at_once_decide_once(databases: Databases) -> None:
    """Only PostgreSQL lets two writers read at once; SQLite's second waits at its first word."""
    with databases.fresh("postgresql") as address, ExitStack() as open_ones:
        owner, database = (
            open_ones.enter_context(closing(Database(url)))
            for url in (address.owner, address.application)
        )
        filed = file_invoice(owner, database, sections=1)
        refuse(filed, 1)
        dispute(filed)
        seen = filed.line(1).version
        with database.session(filed.scope(filed.second), writes=True) as session:
            session.scalars(select(Dispute)).all()
            decide(filed, filed.second, allow=True)
            with pytest.raises(Stale):
                actions.decide(
                    session,
                    filed.actor(filed.second),
                    filed.invoice_id,
                    filed.line(1).id,
                    version=seen,
                    allow=False,
                    words="No",
                    at=AT,
                )
        assert filed.line(1).state is LineState.APPROVED
