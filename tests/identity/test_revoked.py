"""What was taken away works for no further request, with the page already open (promise 5)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.identity.models import Membership, MembershipRole, SignIn
from portal.identity.rules import Role
from portal.invoicing.models import InvoiceLine
from portal.kernel.tenancy import Scope, Task
from tests.makers import RECORDED_AT, csrf_token
from tests.support.visits import Visits

OPERATOR = Scope.system(Task.OPERATOR)
Take = Callable[[Session, Membership], None]


def _role(session: Session, membership: Membership) -> None:
    session.execute(delete(MembershipRole).where(MembershipRole.membership_id == membership.id))


def _membership(session: Session, membership: Membership) -> None:
    _role(session, membership)
    session.get_one(Membership, membership.id).ended_at = RECORDED_AT


def _sign_in(session: Session, membership: Membership) -> None:
    for one in session.scalars(select(SignIn).where(SignIn.membership_id == membership.id)):
        one.ended_at = RECORDED_AT


@pytest.mark.parametrize(
    ("role", "take", "statuses"),
    [
        (Role.APPROVER, _role, [403, 403, 403, 403]),
        (Role.AUDITOR, _membership, [303, 303, 303, 303]),
        (Role.BUDGET_HOLDER, _sign_in, [303, 401, 401, 401]),
    ],
    ids=["role", "membership", "sign-in"],
)
def test_page_fragment_download_and_post_are_refused(
    visits: Visits, role: Role, take: Take, statuses: list[int]
) -> None:
    world = visits.world
    client = visits.by(world.aldermoor, role).client
    issued = world.between(world.aldermoor, world.larkspur).issued
    invoice = f"/invoices/{issued.invoice.id}"
    open_before = client.get(invoice)
    assert open_before.status_code == 200
    form = {"csrf_token": csrf_token(open_before.text), "kind": "csv"}
    membership = world.memberships[world.person(world.aldermoor, role).id]
    with visits.standing.owner.transaction(OPERATOR) as session:
        take(session, membership)
    answers = [
        client.get(invoice),
        client.get(invoice, headers={"HX-Request": "true"}),
        client.post(f"{invoice}/download", data=form),
        client.post(f"{invoice}/approve", data={**form, "line": str(issued.queried.id)}),
    ]
    assert [one.status_code for one in answers] == statuses
    assert not any(issued.invoice.reference in one.text for one in answers)
    with visits.standing.owner.session(OPERATOR) as session:
        kept = session.get_one(InvoiceLine, issued.queried.id).state
    assert kept is issued.queried.state
