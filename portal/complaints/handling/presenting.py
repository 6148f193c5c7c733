"""A case in words, for its page: facts, clocks, people, what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.complaints.entering.rules import CHANNEL_NAMES
from portal.complaints.handling.clocks import Clock, Standing, Waits
from portal.complaints.handling.models import CasePerson, CaseStage
from portal.complaints.handling.queries import Queued, Whole
from portal.complaints.handling.rules import (
    ADVOCACY_NAMES,
    PART_NAMES,
    PAUSE_NAMES,
    STAGE_NAMES,
    STAGE_STATE_NAMES,
    TRACK_NAMES,
    WORKS_FOR_NAMES,
    Advocacy,
    Part,
)
from portal.complaints.rules import WHO_NAMES, Answer, Helper, Kind, State
from portal.kernel.local_time import local_date
from portal.kernel.wording import say_date, say_datetime, say_due

SOON_DAYS = 3
KIND_NAMES = {
    Kind.COMPLAINT: "Complaint",
    Kind.COMPLIMENT: "Compliment",
    Kind.WORRY: "Worry",
}
STATE_TAGS = {
    State.RECEIVED: ("New", "waiting"),
    State.BEING_LOOKED_AT: ("Being looked at", "info"),
    State.ANSWERED: ("Answered", "good"),
    State.CLOSED: ("Closed", "neutral"),
    State.WITHDRAWN: ("Withdrawn", "neutral"),
}
ANSWER_NAMES = {
    Answer.HERE: "On the page where they follow it, and in no other way",
    Answer.EMAIL: "By e-mail",
    Answer.PHONE: "By phone",
    Answer.TEXT: "By text message",
    Answer.LETTER: "By letter",
    Answer.SOMEBODY: "Through somebody they trust",
}
HELPER_NAMES = {
    Helper.WANTED: "Wants an advocate",
    Helper.HAS_ONE: "Has an advocate",
    Helper.NO: "Asked for none",
}
TONES = {
    Standing.RUNNING: "neutral",
    Standing.PAUSED: "info",
    Standing.OVERDUE: "bad",
    Standing.IN_TIME: "good",
    Standing.LATE: "bad",
}


@dataclass(frozen=True, slots=True)
class ClockShown:
    """A clock as the kit's ``deadline`` shows it."""

    what: str
    due: str
    counted: str
    tone: str
    running: bool


def clock_shown(clock: Clock, today: date) -> ClockShown:
    """What is due when, how that was counted, whom it waits for and what stopped it."""
    standing = clock.standing(today)
    running = clock.stopped_on is None
    tone = TONES[standing]
    if standing is Standing.RUNNING and (clock.due - today).days <= SOON_DAYS:
        tone = "warn"
    if standing is Standing.OVERDUE and clock.waits_for is Waits.COMPLAINANT:
        tone = "neutral"
    said = say_date(clock.due)
    if standing is Standing.PAUSED:
        assert clock.paused_on is not None
        said = f"paused since {say_date(clock.paused_on)}"
    elif running:
        said = f"{said}, {say_due(clock.due, today)}"
    else:
        said = f"{said}: {clock.stopped}, {standing.value}"
    counted = f"{clock.counted}. Waits for {clock.waits_for.value}." if running else clock.counted
    if running and clock.longest and clock.longest > clock.due:
        counted += f" It can be extended to {say_date(clock.longest)} at most."
    if running and clock.waits_for is Waits.COMPLAINANT:
        counted += " Nothing closes by itself: they may also ask later."
    return ClockShown(f"Stage {clock.stage}: {clock.name.lower()}", said, counted, tone, running)


def due_tag(row: Queued, today: date) -> tuple[str, str] | None:
    """The tag of a row in the queue; None where nothing is due."""
    if row.complaint.state is State.RECEIVED:
        return "Read it" if row.complaint.kind is Kind.COMPLIMENT else "Take it up", "waiting"
    if row.paused:
        return "Paused", "info"
    if row.due_on is None:
        return None
    if row.due_on < today:
        waits = row.complaint.state is State.ANSWERED
        return ("Prompt them", "neutral") if waits else ("Overdue", "bad")
    return (
        (say_due(row.due_on, today).capitalize(), "warn")
        if (row.due_on - today).days <= SOON_DAYS
        else (say_due(row.due_on, today).capitalize(), "neutral")
    )


def facts(whole: Whole, provider_name: str | None) -> list[tuple[str, str]]:
    """What came, from whom, and how they want to be answered."""
    complaint, case = whole.complaint, whole.case
    found = [
        ("What it is", KIND_NAMES[complaint.kind]),
        ("Received", say_date(complaint.received_on)),
        ("How it came", _how_it_came(whole)),
        ("From", WHO_NAMES[complaint.who]),
        ("Name", complaint.name or "Not given"),
        ("For", complaint.on_behalf_of),
        ("About", provider_name or complaint.about_whom or "The council"),
        ("Answer them", ANSWER_NAMES[complaint.answer_by]),
        ("How to reach them", complaint.contact),
        ("Safe times", complaint.safe_times),
        ("Messages", "May be left" if complaint.may_leave_message else ""),
        ("Language", complaint.language),
        ("Needs", complaint.needs),
        ("Helper", " ".join((HELPER_NAMES[complaint.helper], complaint.helper_contact)).strip()),
        (
            "Provider may know who",
            "Yes, they agreed" if complaint.tell_provider else "No. They did not agree",
        ),
    ]
    if complaint.track is not None:
        found.append(("Track", TRACK_NAMES[complaint.track]))
    if case is not None:
        found += [
            ("Why this track", case.triage_reason),
            ("Happened", say_date(case.happened_on) if case.happened_on else ""),
            ("Why it is looked into after a year", case.late_reason),
            ("Advocate", _advocate(whole)),
            (
                "Ombudsman",
                f"Since {say_date(case.ombudsman_on)}. {case.ombudsman_note}"
                if case.ombudsman_on
                else "",
            ),
            ("Legal hold", case.hold_reason),
        ]
    return [(name, words) for name, words in found if words]


def _how_it_came(whole: Whole) -> str:
    entry = whole.entry
    if entry is None:
        return ""
    how = (
        f"{CHANNEL_NAMES[entry.channel]}. Entered by {entry.person_name}, {say_datetime(entry.at)}."
    )
    if entry.code_given_at is None:
        return how
    return f"{how} They were given a code on {say_date(local_date(entry.code_given_at))}."


def _advocate(whole: Whole) -> str:
    case = whole.case
    if case is None or case.advocacy is Advocacy.NOT_OFFERED:
        return ADVOCACY_NAMES[Advocacy.NOT_OFFERED]
    on = f", {say_date(case.advocacy_on)}" if case.advocacy_on else ""
    return f"{ADVOCACY_NAMES[case.advocacy]}{on}{': ' + case.advocate if case.advocate else ''}"


def stage_title(whole: Whole) -> str:
    """The stage that it has come to, and where that stands."""
    track, stage = whole.complaint.track, whole.stage
    if track is None or stage is None:
        return "Not taken up yet"
    return f"{STAGE_NAMES[track][stage.number - 1]}: {STAGE_STATE_NAMES[stage.state].lower()}"


def people_rows(people: Sequence[CasePerson]) -> list[tuple[str, str, str, str]]:
    """Name, part, for whom they work, and whether anything stands between."""
    return [
        (
            one.name,
            PART_NAMES[one.part],
            one.organisation or WORKS_FOR_NAMES[one.works_for],
            _fit(one),
        )
        for one in people
    ]


def _fit(one: CasePerson) -> str:
    if one.part is Part.SUBJECT:
        return "Takes no part in it"
    if one.conflict:
        return f"Conflict: {one.conflict}"
    if one.left_on:
        return f"Left on {say_date(one.left_on)}"
    if one.declared_on:
        return f"Said on {say_date(one.declared_on)} that nothing stands between"
    return "Has not said yet whether anything stands between"


@dataclass(frozen=True, slots=True)
class Happened:
    """One entry of a case's history, as the kit's ``timeline`` shows it."""

    on: date
    what: str
    note: str = ""

    @property
    def when(self) -> str:
        """The day in words."""
        return say_date(self.on)


def history(whole: Whole) -> list[Happened]:
    """What happened in the case, the newest first."""
    complaint = whole.complaint
    found = [Happened(complaint.received_on, "Received")]
    for stage in whole.stages:
        found += _of_stage(stage)
    for pause in whole.pauses:
        found.append(Happened(pause.starts_on, f"Paused: {PAUSE_NAMES[pause.reason].lower()}"))
        if pause.ended_on:
            found.append(Happened(pause.ended_on, "Went on after the pause"))
    for promise in whole.promises:
        if promise.done_on:
            found.append(Happened(promise.done_on, f"Done: {promise.what}"))
    case = whole.case
    if case is not None and case.closed_on is not None:
        found.append(Happened(case.closed_on, STATE_TAGS[complaint.state][0]))
    return sorted(found, key=lambda one: one.on)[::-1]


def _of_stage(stage: CaseStage) -> list[Happened]:
    name = f"Stage {stage.number}"
    days = [
        (stage.begun_on, f"{name} began", ""),
        (stage.acknowledged_on, f"{name} acknowledged", ""),
        (stage.agreed_on, f"{name} agreed in writing", ""),
        (stage.met_on, "The panel met", ""),
        (stage.reported_on, "The panel reported", ""),
        (stage.answered_on, f"{name} answered by {stage.answered_by_name}", ""),
    ]
    if stage.extended_to:
        days.insert(
            3, (stage.begun_on, f"{name} extended to {say_date(stage.extended_to)}",
                stage.extension_reason),
        )  # fmt: skip
    return [Happened(on, what, note) for on, what, note in days if on is not None]
