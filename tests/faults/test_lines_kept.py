"""An invoice through the real actions: whatever is tried on its lines, its state and sums are those
of its parts (promise 20)."""

from __future__ import annotations

from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test
from sqlalchemy import bindparam, func, select

from portal.background import load_handlers
from portal.invoicing.actions import deciding, paying, replying
from portal.invoicing.disputes.actions import DisputedBefore, decide, dispute
from portal.invoicing.disputes.models import Dispute
from portal.invoicing.models import ChargedUnit, Decision, Invoice, InvoiceLine
from portal.invoicing.rules import (
    GRANTED,
    LINE_TRANSITIONS,
    LineState,
    LineStep,
    RefusalReason,
    invoice_state,
)
from portal.kernel.clock import local_date
from portal.kernel.database import Database
from portal.kernel.errors import Stale
from portal.kernel.money import Money
from portal.kernel.transitions import IllegalStep
from tests.faults.machines import Read, Rows, Stepwise, runs
from tests.invoicing.filed import Filed, file_invoice

LINES = (
    select(
        InvoiceLine.id,
        InvoiceLine.state,
        InvoiceLine.version,
        InvoiceLine.net,
        select(func.count(Decision.id))
        .where(Decision.line_id == InvoiceLine.id, Decision.step == LineStep.APPROVE)
        .scalar_subquery()
        .label("approvals"),
        select(func.count(Dispute.id))
        .where(Dispute.line_id == InvoiceLine.id)
        .scalar_subquery()
        .label("disputes"),
        Invoice.state.label("invoice_state"),
        Invoice.version.label("invoice_version"),
        Invoice.net.label("invoice_net"),
        Invoice.approved,
        Invoice.paid,
    )
    .join(Invoice, Invoice.id == InvoiceLine.invoice_id)
    .where(Invoice.id == bindparam("invoice_id"))
    .order_by(InvoiceLine.position)
)
UNITS = (
    select(ChargedUnit.id, ChargedUnit.parts)
    .where(ChargedUnit.line_id == bindparam("line_id"))
    .order_by(ChargedUnit.parts.desc(), ChargedUnit.id)
)


class Lines(Stepwise):
    """An invoice of three lines, decided, answered, amended, disputed and paid in any order."""

    filed: Filed
    now: Rows

    def look(self) -> Rows:
        """The lines, each with its invoice and how often it was approved and disputed."""
        return self.read(LINES, invoice_id=self.filed.invoice_id)

    @rule(place=st.integers(0, 2), step=st.sampled_from(LineStep), stale=st.booleans())
    def step(self, place: int, step: LineStep, stale: bool) -> None:
        """Any step, now and then on a page that is no longer true."""
        line = self.now[place]
        if step is LineStep.PAY:
            self._pay()
            return
        before, legal = line.state, (line.state, step) in LINE_TRANSITIONS
        version = line.version - 1 if stale else line.version
        try:
            with self.one_effect():
                self._take(line, step, version)
        except Stale:
            assert stale
        except IllegalStep:
            assert not legal and not stale
        except DisputedBefore:
            assert step is LineStep.DISPUTE and line.disputes == 1 and not stale
        else:
            assert legal and not stale
            after = self.now[place]
            assert after.state is LINE_TRANSITIONS[before, step]
            assert after.version == version + 1

    def _take(self, line: Read, step: LineStep, version: int) -> None:
        one = (self.filed.invoice_id, line.id)
        council = (self.session, self.filed.actor(self.filed.approver))
        provider = (self.session, self.filed.actor(self.filed.finance))
        if step is LineStep.APPROVE:
            deciding.approve(*council, one[0], {line.id: version}, at=self.at)
        elif step is LineStep.QUERY:
            deciding.query(*council, *one, version=version, question="Who?", at=self.at)
        elif step is LineStep.REFUSE:
            why = RefusalReason.DUPLICATE
            deciding.refuse(*council, *one, version=version, reason=why, words="", at=self.at)
        elif step is LineStep.DISPUTE:
            dispute(*provider, *one, version=version, words="We were there", at=self.at)
        elif step in {LineStep.UPHOLD, LineStep.ALLOW}:
            other = (self.session, self.filed.actor(self.filed.second))
            allow = step is LineStep.ALLOW
            decide(*other, *one, version=version, allow=allow, words="Seen", at=self.at)
        elif step is LineStep.ANSWER:
            replying.answer(*provider, *one, version=version, words="Sam", at=self.at)
        else:
            most = self.read(UNITS, line_id=line.id)[0]
            less = {most.id: most.parts - 1}
            replying.amend(*provider, *one, version=version, parts=less, words="Less", at=self.at)

    def _pay(self) -> None:
        waiting = [line for line in self.now if line.state is LineState.APPROVED]
        try:
            with self.one_effect():
                paid = paying.pay(
                    self.session,
                    self.filed.actor(self.filed.approver),
                    self.filed.invoice_id,
                    version=self.now[0].invoice_version,
                    paid_on=local_date(self.at),
                    remittance=f"R{uuid4().hex}",
                    at=self.at,
                )
                assert paid.amount == Money.total(line.net for line in waiting)
        except paying.NothingToPay:
            assert not waiting

    @invariant()
    def the_invoice_is_what_its_lines_are(self) -> None:
        """State and sums follow from the lines, and each decision stands once."""
        invoice = self.now[0]
        granted = [line for line in self.now if line.state in GRANTED]
        paid = [line for line in self.now if line.state is LineState.PAID]
        assert invoice.invoice_state is invoice_state(line.state for line in self.now)
        assert invoice.invoice_net == Money.total(line.net for line in self.now)
        assert invoice.approved == Money.total(line.net for line in granted)
        assert invoice.paid == Money.total(line.net for line in paid)
        for line in self.now:
            assert line.approvals == (line.state in GRANTED)
            assert line.disputes <= 1
            assert line.disputes or line.state is not LineState.DISPUTED


def test_an_invoice_is_always_what_its_lines_are(
    engine_name: str, database: Database, owner_database: Database
) -> None:
    load_handlers()  # a dispute is told to the council by a job
    filed = file_invoice(owner_database, database, sections=3, minutes=60)

    class Here(Lines):
        pass

    Here.database, Here.filed = owner_database, filed
    run_state_machine_as_test(Here, settings=runs(engine_name, 5))
