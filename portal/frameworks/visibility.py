"""Who sees what belongs to a framework, as conditions that its tables share."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, or_, select

from portal.kernel.tenancy import Looker, Sees, another, column


def its_councils(framework_id: Any, looker: Looker) -> ColumnElement[bool]:
    """The lead and partner councils of a framework."""
    framework_council = another("framework_council")
    return (
        select(framework_council.c.council_id)
        .where(
            framework_council.c.framework_id == framework_id,
            framework_council.c.council_id == looker.organisation,
        )
        .exists()
    )


def on_framework(id_column: str) -> Sees:
    """The framework's councils, the providers with a place on it, and everybody who signed in
    once a round of it is announced."""

    def sees(entity: Any, looker: Looker) -> ColumnElement[bool]:
        framework_id = column(entity, id_column)
        place = another("place")
        round_ = another("round")
        has_place = (
            select(place.c.id)
            .where(
                place.c.framework_id == framework_id,
                place.c.provider_id == looker.organisation,
            )
            .exists()
        )
        announced = (
            select(round_.c.id)
            .where(
                round_.c.framework_id == framework_id,
                round_.c.announced_at.is_not(None),
                looker.organisation.is_not(None),
            )
            .exists()
        )
        return or_(its_councils(framework_id, looker), has_place, announced)

    return sees


def of_an_announced_round(entity: Any, looker: Looker) -> ColumnElement[bool]:
    """Everybody once its round is announced; before that the framework's councils."""
    round_ = another("round")
    announced = (
        select(round_.c.id)
        .where(round_.c.id == column(entity, "round_id"), round_.c.announced_at.is_not(None))
        .exists()
    )
    return or_(its_councils(column(entity, "framework_id"), looker), announced)
