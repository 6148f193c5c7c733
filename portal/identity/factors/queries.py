"""What a person has to prove themselves with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.identity.factors.models import Authenticator, Passkey, RecoveryCode
from portal.identity.factors.rules import needs_second_factor
from portal.identity.models import Membership, OrganisationSetting


@dataclass(frozen=True, slots=True)
class Factors:
    """A person's second factors; recovery codes alone are none."""

    app: Authenticator | None
    passkeys: Sequence[Passkey]
    codes_left: int

    @property
    def any(self) -> bool:
        """Whether there is one at all."""
        return self.app is not None or bool(self.passkeys)

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.passkeys) + (self.app is not None)


def factors_of(session: Session, person_id: UUID) -> Factors:
    """Everything that a person may prove themselves with."""
    return Factors(
        session.get(Authenticator, person_id),
        session.scalars(
            select(Passkey)
            .where(Passkey.person_id == person_id)
            .order_by(Passkey.added_at, Passkey.id)
        ).all(),
        session.scalar(
            select(func.count(RecoveryCode.number)).where(
                RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None)
            )
        )
        or 0,
    )


def passkey_of(session: Session, credential_id: str) -> Passkey | None:
    """The passkey that a browser names, held until the transaction ends."""
    return session.scalars(
        select(Passkey)
        .where(Passkey.credential_id == credential_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def unused_recovery_code(session: Session, person_id: UUID, number: int) -> RecoveryCode | None:
    """A recovery code by its number, unless it has been used."""
    found = session.get(RecoveryCode, (person_id, number))
    return found if found is not None and found.used_at is None else None


def must_have_one(session: Session, memberships: Sequence[Membership]) -> bool:
    """Whether a role in any of these memberships, or an organisation, asks for a second factor."""
    everybody = set(
        session.scalars(
            select(OrganisationSetting.organisation_id)
            .where(
                OrganisationSetting.organisation_id.in_(
                    [one.organisation_id for one in memberships]
                ),
                OrganisationSetting.second_factor_for_all,
            )
            .order_by(OrganisationSetting.organisation_id)
        )
    )
    return any(
        needs_second_factor(
            [held.role for held in one.roles], everybody=one.organisation_id in everybody
        )
        for one in memberships
    )
