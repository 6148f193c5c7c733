"""What each bid of a category wins, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from portal.frameworks.evaluation.deciding.queries import CategoryMarks
from portal.frameworks.evaluation.rules import OUTCOME_NAMES, Outcome, tier
from portal.identity.people.forms import VersionedForm
from portal.kernel.fields import LongText, WholeNumberField


class ReopenForm(FlaskForm):
    """Why fixed decisions are to be opened again."""

    reason = LongText("Reason", [InputRequired("Say why they are opened again")], maximum=1000)


class DecideForm(VersionedForm):
    """The decisions; the version is that of the decisions the form was opened on."""

    tier_size = WholeNumberField("Ranks in each tier", [Optional()])

    def validate_tier_size(self, field: WholeNumberField) -> None:
        """A tier holds at least one rank."""
        if field.data == 0:
            raise ValueError("A tier holds at least 1 rank. Leave this empty without tiers")

    def given(self, bid_id: UUID) -> tuple[str, str]:
        """What a bid wins and why, as chosen and typed."""
        outcome, reason = fields_of(bid_id)
        return self[outcome].data or "", self[reason].data or ""

    def words(self, found: CategoryMarks) -> dict[str, str]:
        """What was chosen and typed, in words, by the name of whom it is about."""
        given = {one.name: self.given(one.bid.id) for one in found.bids if one.ranked}
        return _words(
            {name: (Outcome(outcome), reason) for name, (outcome, reason) in given.items()},
            self.tier_size.data,
        )


def saved_words(found: CategoryMarks) -> dict[str, str]:
    """What is decided by now, in the same words."""
    awards = {one.name: one.award for one in found.bids if one.ranked and one.award}
    return _words(
        {name: (award.outcome, award.reason) for name, award in awards.items()}, _tier_size(found)
    )


def _words(decided: Mapping[str, tuple[Outcome, str]], tier_size: int | None) -> dict[str, str]:
    said = {name: f"{OUTCOME_NAMES[won]}: {reason}" for name, (won, reason) in decided.items()}
    return {**said, "Ranks in each tier": str(tier_size or "No tiers")}


def fields_of(bid_id: UUID) -> tuple[str, str]:
    """The names of a bid's two fields: its outcome and the reason."""
    return f"outcome-{bid_id.hex}", f"reason-{bid_id.hex}"


def decide_form(found: CategoryMarks) -> DecideForm:
    """The form for one category, filled in with what was decided, else with the ranking."""
    fields: dict[str, Any] = {}
    given: dict[str, Any] = {"version": str(found.version)}
    for one in found.bids:
        if one.ranked is None:
            continue
        outcome, reason = fields_of(one.bid.id)
        fields[outcome] = RadioField(
            f"What {one.name} wins",
            [InputRequired(f"{one.name}: decide what it wins")],
            choices=[SelectChoice(each.value, name) for each, name in OUTCOME_NAMES.items()],
        )
        fields[reason] = LongText("Why", [InputRequired(f"{one.name}: say why")], maximum=2000)
        won = one.award.outcome if one.award else one.proposed
        given[outcome] = won.value if won else None
        given[reason] = one.award.reason if one.award else one.offered
    given["tier_size"] = _tier_size(found)
    form: DecideForm = type("ThisDecideForm", (DecideForm,), fields)(data=given)
    return form


def _tier_size(found: CategoryMarks) -> int | None:
    """How many ranks a tier holds by what was decided; None without tiers."""
    decided = [
        (one.award.rank, one.award.tier)
        for one in found.bids
        if one.award and one.award.rank and one.award.tier
    ]
    sizes = range(max((rank for rank, _ in decided), default=0), 0, -1)
    return next(
        (size for size in sizes if all(tier(rank, size) == given for rank, given in decided)), None
    )
