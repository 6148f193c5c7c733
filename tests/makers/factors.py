"""What people prove themselves with beyond the password, invented."""

from __future__ import annotations

from datetime import datetime

import pyotp
from sqlalchemy.orm import Session

from portal.identity.factors.models import Authenticator, Passkey, RecoveryCode, UsedChallenge
from portal.identity.models import Person
from portal.kernel.sealing import Sealing
from tests.makers.rows import RECORDED_AT, add, numbers

SECRET_KEY = "for tests only"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def make_authenticator(
    session: Session, *, person: Person, secret: str = SECRET, secret_key: str = SECRET_KEY
) -> Authenticator:
    """An app that shows codes for this secret, sealed as the application with that key does."""
    sealed = Sealing(secret_key, "authenticator").seal(secret, of=person.id)
    return add(
        session,
        Authenticator(person_id=person.id, sealed_secret=sealed, last_step=0, added_at=RECORDED_AT),
    )


def make_factors(session: Session, *, person: Person) -> Passkey:
    """An app, a passkey that nothing can sign with, and a recovery code that nobody knows."""
    make_authenticator(session, person=person)
    add(session, RecoveryCode(person_id=person.id, number=1, code_hash="unknown"))
    add(session, UsedChallenge(digest=f"{next(numbers):064}", used_at=RECORDED_AT))
    return add(
        session,
        Passkey(
            person_id=person.id,
            credential_id=f"credential{next(numbers):06}",
            public_key=b"a public key",
            sign_count=1,
            name="Work laptop",
            added_at=RECORDED_AT,
        ),
    )


def code_at(moment: datetime, secret: str = SECRET) -> str:
    """The code that an app with this secret shows at a moment."""
    return str(pyotp.TOTP(secret).at(moment))
