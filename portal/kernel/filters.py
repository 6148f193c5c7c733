"""The forms above lists: sent by GET, never an error page, empty means everything."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_
from wtforms import Form, SelectField


class Choice(SelectField):
    """A list to filter by, of (code, words); its first choice, with the empty code, is everything.

    ``chosen`` is the code, or None for everything and for what is not in the list.
    """

    choices: dict[str, str]

    def __init__(
        self,
        label: str,
        *,
        everything: str,
        choices: list[tuple[str, str]] | None = None,
        **kw: Any,
    ) -> None:
        offered = {"": everything, **dict(choices or [])}
        super().__init__(label, choices=offered, validate_choice=False, **kw)

    def offer(self, choices: list[tuple[str, str]]) -> None:
        """Set what can be chosen, for a list that the database holds."""
        self.choices = {"": self.choices[""], **dict(choices)}

    @property
    def chosen(self) -> str | None:
        """The code that was chosen."""
        return self.data if self.data and self.data in self.choices else None

    @property
    def chosen_id(self) -> UUID | None:
        """The same, of a list whose codes are ids."""
        return UUID(self.chosen) if self.chosen else None


class Filters(Form):
    """What a list is narrowed by."""


def begins_with(column: Any, words: str) -> ColumnElement[bool] | None:
    """Rows whose column begins with what was typed, also in capitals or with capital initials.

    None for nothing typed. A range rather than LIKE, so that the column's own index finds it;
    on PostgreSQL the database is made with the collation C or C.UTF-8, in whose order it holds.
    """
    typed = words.strip()[:40]
    if not typed:
        return None
    spellings = {typed, typed.upper(), typed.title(), typed[:1].upper() + typed[1:]}
    ranges = [and_(column >= text, column < f"{text}\uffff") for text in sorted(spellings)]
    return or_(*ranges)
