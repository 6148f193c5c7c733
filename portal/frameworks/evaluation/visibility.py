"""Who sees what an evaluation leaves behind, as conditions that its tables share."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from portal.frameworks.visibility import its_councils
from portal.kernel.tenancy import Looker, another, column


def councils(entity: Any, looker: Looker) -> ColumnElement[bool]:
    """The framework's councils."""
    return its_councils(column(entity, "framework_id"), looker)


def councils_then_provider(entity: Any, looker: Looker) -> ColumnElement[bool]:
    """The framework's councils; the provider it is about once it was told its outcome."""
    round_ = another("round")
    told = (
        select(round_.c.id)
        .where(round_.c.id == column(entity, "round_id"), round_.c.standstill_until.is_not(None))
        .exists()
    )
    return or_(
        councils(entity, looker),
        and_(column(entity, "provider_id") == looker.organisation, told),
    )


def provider_and_councils(entity: Any, looker: Looker) -> ColumnElement[bool]:
    """The provider it is about, and the framework's councils."""
    return or_(column(entity, "provider_id") == looker.organisation, councils(entity, looker))
