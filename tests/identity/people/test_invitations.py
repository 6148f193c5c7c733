"""Inviting by a letter, accepting once, and every way in which a link is refused."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.identity.models import Membership, Person
from portal.identity.passwords import hash_password, matches
from portal.identity.people.invitations.actions.accepting import (
    ForSomebodyElse,
    HasAccount,
    LinkGone,
    join,
    join_as_new,
)
from portal.identity.people.invitations.actions.inviting import (
    HereAlready,
    NotWaiting,
    SecondAccount,
    invite,
    send_again,
    withdraw,
)
from portal.identity.people.invitations.models import Invitation
from portal.identity.queries import credential_of
from portal.identity.rules import Role
from portal.kernel.clock import set_clock
from portal.kernel.errors import DomainError, NotFound
from tests.identity.people.browsing import browser, link_in, words_of
from tests.identity.people.conftest import AT, OPERATOR, SIGN_IN, Council, Office
from tests.makers import make_council, make_person
from tests.support.background import Letters
from tests.visiting import stranger

NEW = {"name": "Nora Elm", "password": "maple otter lantern"}
SENTENCE = "It may have been used already, taken back, or be too old."


def _invite(
    office: Office,
    *roles: Role,
    name: str = "Nora Elm",
    email: str = "nora@aldermoor.example",
    difference: str = "",
) -> UUID:
    with office.working(office.council.first) as session:
        return invite(
            session,
            office.council.actor(office.council.first),
            name=name,
            email=email,
            roles=roles or (Role.COMMISSIONER,),
            difference=difference,
            at=AT,
        ).id


def _set_clock(council: Council, by: timedelta = timedelta()) -> None:
    with council.owner.transaction(OPERATOR) as session:
        set_clock(session, AT + by)


def test_an_invitation_is_followed_to_a_new_account(
    app: Flask, council: Council, letters: Letters
) -> None:
    _set_clock(council)
    administrator = browser(app, council, council.member(council.first))
    answered = administrator.post(
        "/people/invitations/new",
        {
            "name": "Nora Elm",
            "email": " Nora@Aldermoor.example ",
            "roles": ["commissioner", "evaluator"],
        },
    )
    assert (answered.status_code, answered.location) == (303, "/people/invitations")
    assert "Waiting for an answer" in words_of(administrator.get("/people/invitations"))
    (letter,) = letters()
    assert letter.to == "nora@aldermoor.example"
    assert "Ada Birch invites you to work with Aldermoor Council" in letter.body
    assert "as commissioner and evaluator" in letter.body
    link = link_in(letter, "invitations")

    nora = stranger(app)
    page = nora.get(link)
    assert "Ada Birch invites you, nora@aldermoor.example" in words_of(page)
    assert "See budgets" in words_of(page)
    weak = nora.post(f"{link}/new", {**NEW, "password": "short"})
    assert weak.status_code == 422
    assert "Choose a password of at least 12 characters" in weak.text
    for known in ("nora@aldermoor1", "aldermoorcouncil26"):
        guessed = nora.post(f"{link}/new", {**NEW, "password": known})
        assert guessed.status_code == 422
        assert "too easy to guess" in guessed.text
    made = nora.post(f"{link}/new", NEW)
    assert (made.status_code, made.location) == (303, "/sign-in")
    with council.owner.session(OPERATOR) as session:
        found = credential_of(session, "nora@aldermoor.example")
        assert found is not None
        assert matches(found[1].password_hash, NEW["password"])
        assert council.roles(found[0]) == {Role.COMMISSIONER, Role.EVALUATOR}
        since = council.member(found[0]).since
        assert since is not None and AT <= since < AT + timedelta(minutes=2)
    assert [event.event for event in council.events()] == [
        "people:invitation:sent",
        "people:member:joined",
    ]
    late = stranger(app)
    assert _gone(late.get(link)) == _gone(late.post(f"{link}/new", NEW))
    assert "Accepted" in words_of(administrator.get("/people/invitations"))


def _gone(answer: object) -> str:
    text = words_of(answer)  # type: ignore[arg-type]
    assert answer.status_code == 410  # type: ignore[attr-defined]
    assert SENTENCE in text
    return text


def test_every_link_that_does_not_work_says_the_same(
    app: Flask, office: Office, council: Council, letters: Letters
) -> None:
    _set_clock(council)
    withdrawn = _invite(office)
    with office.working(council.first) as session:
        withdraw(session, council.actor(council.first), withdrawn, at=AT)
    again = _invite(office)
    with office.working(council.first) as session:
        send_again(session, council.actor(council.first), again, at=AT + timedelta(days=3))
    first, second, third = (link_in(letter, "invitations") for letter in letters())
    nora = stranger(app)
    said = {_gone(nora.get(link)) for link in (first, second, "/invitations/made-up")}
    assert len(said) == 1
    assert nora.get(third).status_code == 200
    _set_clock(council, timedelta(days=10))
    assert _gone(nora.get(third)) in said
    assert _gone(nora.post(f"{third}/new", NEW)) in said


def test_only_the_digest_of_a_link_is_kept(
    office: Office, council: Council, letters: Letters
) -> None:
    invitation_id = _invite(office)
    secret = link_in(letters()[0], "invitations").rsplit("/", 1)[1]
    assert len(secret) >= 43  # 256 bits
    with council.owner.session(OPERATOR) as session:
        kept = session.get_one(Invitation, invitation_id)
        assert secret not in {str(value) for value in vars(kept).values()}


def test_somebody_with_an_account_accepts_by_signing_in(
    app: Flask, office: Office, council: Council, letters: Letters
) -> None:
    _set_clock(council)
    with council.owner.transaction(OPERATOR) as session:
        other = make_council(session, name="Brackenvale Council")
        person = make_person(
            session, organisation=other, roles=[Role.COMMISSIONER], email="nora@aldermoor.example"
        )
        stranger_here = make_person(session, organisation=other, roles=[Role.EVALUATOR])
        member = session.scalars(select(Membership).where(Membership.person_id == person.id)).one()
        foreign = session.scalars(
            select(Membership).where(Membership.person_id == stranger_here.id)
        ).one()
    _invite(office)
    link = link_in(letters()[0], "invitations")
    page = stranger(app).get(link)
    assert f'href="/sign-in?next={link}"' in page.text
    assert "password" not in words_of(page).lower()
    refused = browser(app, council, foreign).post(link)
    assert refused.status_code == 409
    assert ForSomebodyElse.sentence in words_of(refused)
    own = browser(app, council, member)
    assert ">Accept" in own.get(link).text.replace("\n", "").replace("  ", "")
    assert own.post(link).location == "/organisations"
    assert council.roles(person) == {Role.COMMISSIONER}
    assert own.post(link).status_code == 410


def test_a_link_cannot_take_over_an_account_that_is_there(
    office: Office, council: Council, letters: Letters
) -> None:
    _invite(office, email="nora@elsewhere.example")
    with council.owner.transaction(OPERATOR) as session:
        other = make_council(session)
        make_person(session, organisation=other, roles=[], email="nora@elsewhere.example")
    secret = link_in(letters()[0], "invitations").rsplit("/", 1)[1]
    with pytest.raises(HasAccount), office.within(SIGN_IN) as session:
        join_as_new(session, secret, name="x", password_hash="x", at=AT)


def test_whoever_left_comes_back_by_an_invitation(
    office: Office, council: Council, letters: Letters
) -> None:
    with council.owner.transaction(OPERATOR) as session:
        member = session.merge(council.member(council.approver))
        member.ended_at = AT
        for held in list(member.roles):
            session.delete(held)
    _invite(office, email=council.approver.email, name=council.approver.name)
    secret = link_in(letters()[0], "invitations").rsplit("/", 1)[1]
    with office.within(SIGN_IN) as session:
        join(session, secret, council.approver.id, at=AT + timedelta(days=1))
    back = council.member(council.approver)
    assert (back.ended_at, back.since) == (None, AT + timedelta(days=1))
    assert council.roles(council.approver) == {Role.COMMISSIONER}


def test_an_invitation_accepted_twice_at_once_is_accepted_once(
    office: Office, council: Council, letters: Letters
) -> None:
    """Promise 16."""
    _invite(office)
    secret = link_in(letters()[0], "invitations").rsplit("/", 1)[1]
    password_hash, ready = hash_password(NEW["password"]), Barrier(6)
    outcomes: list[str] = []

    def accept() -> None:
        ready.wait()
        try:
            with office.within(SIGN_IN) as session:
                join_as_new(session, secret, name="Nora", password_hash=password_hash, at=AT)
            outcomes.append("joined")
        except DomainError as error:
            outcomes.append(type(error).__name__)

    threads = [Thread(target=accept) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["LinkGone"] * 5 + ["joined"]
    with council.owner.session(OPERATOR) as session:
        statement = select(func.count(Person.id)).where(Person.email == "nora@aldermoor.example")
        assert session.execute(statement).scalar_one() == 1


def test_a_second_account_is_warned_about_and_noted(
    app: Flask, council: Council, letters: Letters
) -> None:
    administrator = browser(app, council, council.member(council.first))
    form = {"name": "Ruth  FERN", "email": "r.f@aldermoor.example", "roles": "commissioner"}
    warned = administrator.post("/people/invitations/new", form)
    assert warned.status_code == 422
    assert "Ruth Fern (ruth@aldermoor.example) works here already" in words_of(warned)
    assert "Why a second account is right" in words_of(warned)
    assert letters() == []
    why = "Two colleagues have this name"
    sent = administrator.post("/people/invitations/new", {**form, "difference": why})
    assert sent.status_code == 303
    (event,) = council.events()
    assert event.details["reason"] == why
    assert event.details["like"] == ["ruth@aldermoor.example"]


def test_a_second_account_cannot_bring_the_role_that_is_kept_apart(
    app: Flask, council: Council, letters: Letters
) -> None:
    administrator = browser(app, council, council.member(council.first))
    form = {
        "name": "R F", "email": "ruth+2@aldermoor.example", "roles": "budget-holder",
        "difference": "because",
    }  # fmt: skip
    refused = administrator.post("/people/invitations/new", form)
    assert refused.status_code == 422
    assert "One person cannot hold both" in words_of(refused)
    assert letters() == []


def test_the_role_given_meanwhile_stops_the_acceptance(
    office: Office, council: Council, letters: Letters
) -> None:
    _invite(office, Role.BUDGET_HOLDER, name="Cy Dale", email="cy+2@aldermoor.example")
    with council.owner.transaction(OPERATOR) as session:
        make_person(
            session,
            organisation=council.organisation,
            roles=[Role.APPROVER],
            email="cy@aldermoor.example",
        )
    secret = link_in(letters()[0], "invitations").rsplit("/", 1)[1]
    with (
        pytest.raises(DomainError, match="cannot hold both"),
        office.within(SIGN_IN) as session,
    ):
        join_as_new(session, secret, name="Cy", password_hash="x", at=AT)


def test_whoever_works_here_or_is_invited_is_not_invited_again(
    office: Office, council: Council, letters: Letters
) -> None:
    with pytest.raises(HereAlready, match="works here already"):
        _invite(office, email=council.approver.email)
    first = _invite(office)
    with pytest.raises(HereAlready, match="invited already"):
        _invite(office)
    with council.owner.transaction(OPERATOR) as session:
        session.get_one(Invitation, first).expires_at = AT
    _invite(office)
    with pytest.raises(NotWaiting), office.working(council.first) as session:
        send_again(session, council.actor(council.first), first, at=AT)
    with pytest.raises(SecondAccount):
        _invite(office, name="Ruth Fern", email="other@aldermoor.example")
    assert len(letters()) == 2


def test_another_organisation_touches_no_invitation(office: Office, council: Council) -> None:
    invitation_id = _invite(office)
    with council.owner.transaction(OPERATOR) as session:
        other = make_council(session)
        person = make_person(session, organisation=other, roles=[Role.COUNCIL_ADMINISTRATOR])
    foreign = Council(other, person, person, person, person, council.owner)
    for action in (send_again, withdraw):
        with pytest.raises(NotFound), office.within(foreign.scope(person)) as session:
            action(session, foreign.actor(person), invitation_id, at=AT)


def test_a_made_up_link_never_reaches_anything(office: Office) -> None:
    with pytest.raises(LinkGone), office.within(SIGN_IN) as session:
        join_as_new(session, "made up", name="x", password_hash="x", at=AT)
