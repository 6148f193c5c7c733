"""What changed on an agreement, what waits for an answer, and what can be changed next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from flask import url_for
from sqlalchemy.orm import Session

from portal.agreements.changing.models import Ending, Proposal
from portal.agreements.changing.queries import current_suspension, endings_of
from portal.agreements.changing.rules import (
    END_OUTCOME_NAMES,
    END_REASON_NAMES,
    RUNNING,
    ProposalState,
)
from portal.agreements.models import Agreement, Suspension
from portal.agreements.rules import AgreementState
from portal.agreements.subcontractors.models import Subcontractor
from portal.agreements.subcontractors.queries import subcontractors_of
from portal.agreements.transfers.models import Transfer
from portal.agreements.transfers.queries import transfers_of
from portal.agreements.transfers.rules import first_day
from portal.agreements.variations.models import Variation
from portal.agreements.variations.queries import terms_of, variations_of
from portal.agreements.variations.rules import say_terms
from portal.identity.permissions import Permission
from portal.identity.viewing import Viewer
from portal.kernel.wording import say_date, say_datetime, say_period

P = TypeVar("P", bound=Proposal)
ANSWERS = {
    ProposalState.AGREED: "agreed",
    ProposalState.REFUSED: "not agreed",
    ProposalState.WITHDRAWN: "taken back",
}


@dataclass(frozen=True, slots=True)
class Next:
    """Something that is about to change, or waits for somebody."""

    sentence: str
    tag: str
    tone: str
    href: str = ""
    link: str = "See it"


@dataclass(frozen=True, slots=True)
class Happened:
    """One change, in words; ``when`` says the moment."""

    what: str
    at: datetime
    who: str
    note: str

    @property
    def when(self) -> str:
        """As "5 January 2027 at 4:30pm"."""
        return say_datetime(self.at)


@dataclass(frozen=True, slots=True)
class Changes:
    """The changes of an agreement as its page shows them, the latest first."""

    waiting: Sequence[Next]
    subcontractors: Sequence[Subcontractor]
    steps: Sequence[tuple[str, str]]
    history: Sequence[Happened]


def changes_of(session: Session, agreement: Agreement, who: Viewer, today: date) -> Changes:
    """Everything that changed or may change on an agreement. Five queries."""
    endings = endings_of(session, agreement.id)
    variations = variations_of(session, agreement.id)
    subcontractors = subcontractors_of(session, agreement.id)
    transfers = transfers_of(session, agreement.id)
    happened = [
        *_suspensions(agreement.suspensions),
        *(_ended(one) for one in endings),
        *(_varied(one, agreement) for one in variations if one.state in ANSWERS),
        *(_subcontracted(one) for one in subcontractors if one.state in ANSWERS),
        *(_moved(one, agreement) for one in transfers if one.state in ANSWERS),
    ]
    return Changes(
        waiting=list(_waiting(agreement, who, today, variations, subcontractors, transfers)),
        subcontractors=[
            one
            for one in subcontractors
            if one.state in (ProposalState.PROPOSED, ProposalState.AGREED)
        ],
        steps=list(_steps(agreement, who, today, transfers)),
        history=sorted(happened, key=lambda one: one.at, reverse=True),
    )


def _waiting(
    agreement: Agreement,
    who: Viewer,
    today: date,
    variations: Sequence[Variation],
    subcontractors: Sequence[Subcontractor],
    transfers: Sequence[Transfer],
) -> Iterator[Next]:
    if agreement.state in RUNNING:
        if (pause := current_suspension(agreement, today)) is not None:
            until = f" to {say_date(pause.ends_on)}" if pause.ends_on else ""
            begun = pause.starts_on <= today
            yield Next(
                f"Nothing is delivered from {say_date(pause.starts_on)}{until}: {pause.because}",
                "Suspended" if begun else "To be suspended",
                "warn",
            )
        for variation in _open(variations):
            href = url_for("variations.show", variation_id=variation.id)
            since = say_date(variation.starts_on)
            yield _asks(variation, who, f"New terms from {since} are proposed.", href)
        for one in _open(subcontractors):
            href = url_for("subcontractors.show", subcontractor_id=one.id)
            yield _asks(one, who, f"{one.name} is proposed as a sub-contractor.", href)
    for transfer in transfers:
        href = url_for("transfers.show", transfer_id=transfer.id)
        if transfer.new_agreement_id == agreement.id:
            since = say_date(agreement.starts_on)
            yield Next(
                f"Taken over from {transfer.council.name} on {since}.", "Moved", "info", href
            )
        elif transfer.state is ProposalState.AGREED:
            said = f"{transfer.receiving.name} takes it over from "
            said += f"{say_date(first_day(transfer.last_day))}."
            yield Next(said, "Moves" if agreement.state in RUNNING else "Moved", "info", href)
        elif transfer.state is ProposalState.PROPOSED:
            said = f"{transfer.receiving.name} is asked to take it over."
            yield _asks(transfer, who, said, href)


def _open(proposals: Iterable[P]) -> Iterator[P]:
    return (one for one in proposals if one.state is ProposalState.PROPOSED)


def _asks(proposal: Proposal, who: Viewer, sentence: str, href: str) -> Next:
    yours = proposal.to_id == who.organisation_id
    link = "Answer it" if yours and who.can(Permission.AGREEMENT_CHANGE) else "See it"
    return Next(
        sentence, "Waits for you" if yours else "Waits for an answer", "waiting", href, link
    )


def _steps(
    agreement: Agreement, who: Viewer, today: date, transfers: Sequence[Transfer]
) -> Iterator[tuple[str, str]]:
    """What somebody may change now, as (words, address)."""
    if not who.can(Permission.AGREEMENT_CHANGE) or agreement.state not in RUNNING:
        return
    yield "Propose new terms", _to("variations.new", agreement)
    if agreement.provider_id == who.organisation_id:
        yield "Ask for a sub-contractor", _to("subcontractors.new", agreement)
        return
    if current_suspension(agreement, today) or agreement.state is AgreementState.SUSPENDED:
        yield "Let the agreement go on", _to("changing.resume_form", agreement)
    else:
        yield "Suspend the agreement", _to("changing.suspend_form", agreement)
    moving = (ProposalState.PROPOSED, ProposalState.AGREED)
    if not any(one.agreement_id == agreement.id and one.state in moving for one in transfers):
        yield "Move the agreement to another council", _to("transfers.new", agreement)
        yield "End the agreement", _to("changing.end_form", agreement)


def _to(endpoint: str, agreement: Agreement) -> str:
    return url_for(endpoint, agreement_id=agreement.id)


def _suspensions(suspensions: Sequence[Suspension]) -> Iterator[Happened]:
    for one in suspensions:
        what = f"Suspended from {say_date(one.starts_on)}"
        if one.ends_on:
            what = f"Suspended {say_period(one.starts_on, one.ends_on)}"
        who = one.suspended_by_name
        if one.resumed_by_name:
            who = f"{who}; {one.resumed_by_name} said when it goes on"
        yield Happened(what, one.suspended_at, who, one.because)


def _ended(ending: Ending) -> Happened:
    note = f"{END_REASON_NAMES[ending.reason]}. {END_OUTCOME_NAMES[ending.outcome]}."
    if ending.words:
        note = f"{note} {ending.words}"
    return Happened(f"Ends after {say_date(ending.last_day)}", ending.at, ending.by_name, note)


def _varied(variation: Variation, agreement: Agreement) -> Happened:
    terms = say_terms(terms_of(variation), agreement.unit)
    said = ", ".join(f"{label.lower()} {words}" for label, words in terms)
    what = f"New terms from {say_date(variation.starts_on)} {ANSWERS[variation.state]}: {said}"
    return _answered(variation, what)


def _subcontracted(one: Subcontractor) -> Happened:
    return _answered(one, f"Sub-contractor {one.name} {ANSWERS[one.state]}")


def _moved(transfer: Transfer, agreement: Agreement) -> Happened:
    first = say_date(first_day(transfer.last_day))
    if transfer.new_agreement_id == agreement.id:
        return _answered(transfer, f"Taken over from {transfer.council.name} on {first}")
    said = f"Move to {transfer.receiving.name} on {first}"
    return _answered(transfer, f"{said} {ANSWERS[transfer.state]}")


def _answered(proposal: Proposal, what: str) -> Happened:
    at = proposal.answered_at or proposal.proposed_at
    return Happened(what, at, proposal.answered_by_name or "", proposal.answer or proposal.because)
