"""What the list of notices is narrowed by, and how often each kind is e-mailed."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import SelectField

from portal.kernel.filters import Choice, Filters
from portal.notices.rules import (
    FREQUENCY_WORDS,
    KINDS,
    Frequency,
    NoticeKind,
    frequency_of,
    may_choose,
)


class NoticeFilters(Filters):
    """All notices, or those not read yet."""

    show = Choice("Show", everything="All notices", choices=[("unread", "Not read yet")])


class PreferencesForm(FlaskForm):
    """One list for each kind that the person may choose about; built for them."""

    @property
    def fields(self) -> dict[NoticeKind, SelectField]:
        """The list of each kind."""
        return {kind: self[kind.value] for kind in NoticeKind if kind.value in self}

    @property
    def chosen(self) -> dict[NoticeKind, Frequency]:
        """What was chosen, of a form that is valid."""
        return {kind: Frequency(field.data) for kind, field in self.fields.items()}


def preferences_form(
    kinds: tuple[NoticeKind, ...], chosen: dict[str, Frequency]
) -> PreferencesForm:
    """The form for somebody whom these kinds concern, filled with what they chose before."""
    words = {frequency.value: said for frequency, said in FREQUENCY_WORDS.items()}
    lists = {
        kind.value: SelectField(
            KINDS[kind].name,
            choices=words,
            default=frequency_of(kind, chosen.get(kind.value)).value,
        )
        for kind in kinds
        if may_choose(kind)
    }
    form: type[PreferencesForm] = type("PreferencesForm", (PreferencesForm,), lists)
    return form()
