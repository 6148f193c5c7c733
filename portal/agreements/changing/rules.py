"""Steps of an agreement, why one ends, and what both sides must agree to. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Final, Protocol

from portal.agreements.rules import AgreementState, covers
from portal.frameworks.rules import Unfit
from portal.kernel.wording import say_date


class UnfitChange(Unfit):
    """A change that cannot be made like this; ``about`` is the form's field to put right."""

    def __init__(self, about: str, sentence: str) -> None:
        super().__init__(sentence)
        self.about = about


class AgreementStep(StrEnum):
    """What is done to an agreement."""

    SUSPEND = "suspend"
    RESUME = "resume"
    END = "end"
    TRANSFER = "transfer"


STEPS: Final[Mapping[tuple[AgreementState, AgreementStep], AgreementState]] = {
    (AgreementState.ACTIVE, AgreementStep.SUSPEND): AgreementState.SUSPENDED,
    (AgreementState.SUSPENDED, AgreementStep.RESUME): AgreementState.ACTIVE,
    (AgreementState.ACTIVE, AgreementStep.END): AgreementState.ENDED,
    (AgreementState.SUSPENDED, AgreementStep.END): AgreementState.ENDED,
    (AgreementState.ACTIVE, AgreementStep.TRANSFER): AgreementState.TRANSFERRED,
    (AgreementState.SUSPENDED, AgreementStep.TRANSFER): AgreementState.TRANSFERRED,
}
RUNNING = (AgreementState.ACTIVE, AgreementState.SUSPENDED)


class EndReason(StrEnum):
    """Why an agreement ends."""

    AS_PLANNED = "as-planned"
    NOT_NEEDED = "not-needed"
    YOUNG_PERSON_STOPPED = "young-person-stopped"
    MOVED_AWAY = "moved-away"
    OTHER_SERVICE = "other-service"
    PROVIDER_CANNOT = "provider-cannot"
    NOT_AS_AGREED = "not-as-agreed"
    OTHER = "other"


END_REASON_NAMES = {
    EndReason.AS_PLANNED: "The work came to its planned end",
    EndReason.NOT_NEEDED: "It is no longer needed",
    EndReason.YOUNG_PERSON_STOPPED: "The young person does not want to go on",
    EndReason.MOVED_AWAY: "The young person moved away",
    EndReason.OTHER_SERVICE: "Another service fits better",
    EndReason.PROVIDER_CANNOT: "The provider cannot go on",
    EndReason.NOT_AS_AGREED: "What was delivered is not what was agreed",
    EndReason.OTHER: "Another reason",
}


class EndOutcome(StrEnum):
    """How far the outcomes of the order were reached."""

    REACHED = "reached"
    PARTLY = "partly"
    NOT_REACHED = "not-reached"
    TOO_EARLY = "too-early"


END_OUTCOME_NAMES = {
    EndOutcome.REACHED: "The outcomes were reached",
    EndOutcome.PARTLY: "Some outcomes were reached",
    EndOutcome.NOT_REACHED: "The outcomes were not reached",
    EndOutcome.TOO_EARLY: "It ended too early to say",
}


class ProposalState(StrEnum):
    """Where something stands that one side proposes and the other agrees to."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


PROPOSAL_STATE_NAMES = {
    ProposalState.PROPOSED: "Waits for an answer",
    ProposalState.AGREED: "Agreed",
    ProposalState.REFUSED: "Not agreed",
    ProposalState.WITHDRAWN: "Taken back",
}


class ProposalStep(StrEnum):
    """What is done with a proposal: the side it goes to answers, the other may take it back."""

    AGREE = "agree"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


PROPOSAL_STEPS: Final[Mapping[tuple[ProposalState, ProposalStep], ProposalState]] = {
    (ProposalState.PROPOSED, ProposalStep.AGREE): ProposalState.AGREED,
    (ProposalState.PROPOSED, ProposalStep.REFUSE): ProposalState.REFUSED,
    (ProposalState.PROPOSED, ProposalStep.WITHDRAW): ProposalState.WITHDRAWN,
}


class Term(Protocol):
    """The days of an agreement, or of a suspension of it."""

    @property
    def starts_on(self) -> date: ...
    @property
    def ends_on(self) -> date | None: ...


def is_over(term: Term, today: date) -> bool:
    """Whether the last day has passed."""
    return term.ends_on is not None and term.ends_on < today


def state_on(
    term: Term, suspensions: Iterable[Term], today: date, *, moves: bool
) -> AgreementState:
    """Where an agreement stands on a day; ``moves`` says that another council takes it over."""
    if is_over(term, today):
        return AgreementState.TRANSFERRED if moves else AgreementState.ENDED
    if any(covers(one.starts_on, one.ends_on, today) for one in suspensions):
        return AgreementState.SUSPENDED
    return AgreementState.ACTIVE


def check_suspension(
    term: Term, earlier: Iterable[Term], first: date, last: date | None, recorded: date | None
) -> None:
    """Days to stand still are days of the agreement that nothing is recorded on.

    ``recorded`` is the last day on which something was delivered. Raises UnfitChange.
    """
    check_within(term, first, "first")
    if last is not None:
        if last < first:
            raise UnfitChange("last", "The last day must be the first or later")
        check_within(term, last, "last")
    if recorded is not None and recorded >= first:
        raise UnfitChange("first", f"{_recorded(recorded)} Suspend it from a later day")
    for one in earlier:
        if (last is None or one.starts_on <= last) and not is_over(one, first):
            until = f" until {say_date(one.ends_on)}" if one.ends_on else ""
            raise UnfitChange(
                "first", f"It is suspended from {say_date(one.starts_on)}{until} already"
            )


def check_return(suspension: Term, back: date) -> None:
    """Work goes on after the first day of a suspension, by the day after its last at the latest.

    Raises UnfitChange.
    """
    if back <= suspension.starts_on:
        raise UnfitChange(
            "back", f"Enter a day after {say_date(suspension.starts_on)}, when it was suspended"
        )
    if suspension.ends_on is not None and back > suspension.ends_on:
        raise UnfitChange(
            "back", f"It goes on after {say_date(suspension.ends_on)} in any case. Enter that day "
            "or an earlier one",
        )  # fmt: skip


def check_last_day(term: Term, last_day: date, recorded: date | None) -> None:
    """An agreement ends no later than it would, and not before what was delivered.

    Raises UnfitChange.
    """
    if last_day < term.starts_on:
        raise UnfitChange("last_day", f"The agreement began on {say_date(term.starts_on)}")
    if term.ends_on is not None and last_day > term.ends_on:
        raise UnfitChange(
            "last_day",
            f"The agreement ends on {say_date(term.ends_on)}. If it should go on for longer, "
            "propose a variation to the other side",
        )
    if recorded is not None and last_day < recorded:
        raise UnfitChange("last_day", f"{_recorded(recorded)} Enter that day or a later one")


def check_within(term: Term, day: date, about: str) -> None:
    """A day is one of the agreement. Raises UnfitChange."""
    if day < term.starts_on:
        raise UnfitChange(about, f"The agreement began on {say_date(term.starts_on)}")
    if is_over(term, day):
        assert term.ends_on is not None
        raise UnfitChange(about, f"The agreement ends on {say_date(term.ends_on)}")


def _recorded(day: date) -> str:
    return f"Something that happened on {say_date(day)} is recorded."
