"""What a file would save, as its preview shows it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from portal.delivery.rules import MODE_NAMES, SESSION_STATE_NAMES, SessionState
from portal.delivery.upload.queries import Checked
from portal.delivery.upload.rows import Kind, NightsRow, RowError, SessionRow
from portal.kernel.months import Month
from portal.kernel.wording import say_count, say_date, say_hours, say_period, say_time

MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Preview:
    """Tables and sentences; ``months`` are those that the rows of the file fall in."""

    kind: Kind
    columns: list[str | tuple[str, str]]
    rows: list[list[str]]
    total_columns: list[str | tuple[str, str]]
    totals: list[list[str]]
    sound: int
    already: int
    errors: Sequence[RowError]
    months: list[Month]

    @property
    def noun(self) -> str:
        """What one row is."""
        return "session" if self.kind is Kind.SESSIONS else "row"

    @property
    def heading(self) -> str:
        """As "37 sessions can be saved, 3 rows cannot"."""
        if not self.sound and not self.errors:
            return "Nothing new in this file"
        can = f"{say_count(self.sound, self.noun)} can be saved"
        wrong = len({error.row for error in self.errors})
        return f"{can}, {say_count(wrong, 'row')} cannot" if wrong else can

    @property
    def not_shown(self) -> int:
        """How many of the rows to save are not in the table."""
        return self.sound - len(self.rows)


def preview_sessions(checked: Checked[SessionRow], unread: Sequence[RowError]) -> Preview:
    """The preview of a file of sessions; ``unread`` are the errors of cells."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for sound in checked.sound:
        entry = sums[f"{sound.agreement.reference}, {sound.agreement.council.name}"]
        entry[0] += 1
        entry[1] += sound.row.minutes if sound.row.state is SessionState.DELIVERED else 0
    days = [sound.row.day for sound in checked.sound] + [row.day for row in checked.already]
    return Preview(
        kind=Kind.SESSIONS,
        columns=["Row", "Agreement", "When", ("Length", "numeric"), "Mentor", "What happened"],
        rows=[
            [
                str(sound.row.row),
                sound.agreement.reference,
                f"{say_date(sound.row.day)}, {say_time(sound.row.start)}",
                say_hours(sound.row.minutes),
                sound.row.mentor,
                f"{SESSION_STATE_NAMES[sound.row.state]}, {MODE_NAMES[sound.row.mode].lower()}",
            ]
            for sound in checked.sound[:MOST_SHOWN]
        ],
        total_columns=["Agreement", ("Sessions", "numeric"), ("Delivered", "numeric")],
        totals=[
            [name, str(number), say_hours(minutes)]
            for name, (number, minutes) in sorted(sums.items())
        ],
        sound=len(checked.sound),
        already=len(checked.already),
        errors=sorted([*unread, *checked.errors], key=lambda error: error.row),
        months=sorted({Month.of(day) for day in days}),
    )


def preview_nights(checked: Checked[NightsRow], unread: Sequence[RowError]) -> Preview:
    """The preview of a file of nights."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for sound in checked.sound:
        entry = sums[f"{sound.agreement.reference}, {sound.agreement.council.name}"]
        entry[0 if sound.row.present else 1] += len(sound.row.nights)
    days = [sound.row.first for sound in checked.sound] + [row.first for row in checked.already]
    return Preview(
        kind=Kind.NIGHTS,
        columns=["Row", "Agreement", "Nights", ("Number", "numeric"), "Young person"],
        rows=[
            [
                str(sound.row.row),
                sound.agreement.reference,
                say_period(sound.row.first, sound.row.last),
                str(len(sound.row.nights)),
                "Present" if sound.row.present else "Absent",
            ]
            for sound in checked.sound[:MOST_SHOWN]
        ],
        total_columns=["Agreement", ("Nights present", "numeric"), ("Absent", "numeric")],
        totals=[
            [name, str(present), str(absent)] for name, (present, absent) in sorted(sums.items())
        ],
        sound=len(checked.sound),
        already=len(checked.already),
        errors=sorted([*unread, *checked.errors], key=lambda error: error.row),
        months=sorted({Month.of(day) for day in days}),
    )
