"""Passkeys (WebAuthn): what the browser is asked, and whether its answer is right.

The challenge goes out in the page with a signature over it, and comes back with the answer; that
it is answered once is for ``actions.take_challenge``. The library that judges answers is large and
few processes ever need it, so that it is imported where an answer comes in.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from secrets import token_bytes
from uuid import UUID

from flask import current_app, request
from itsdangerous import BadData, URLSafeSerializer
from itsdangerous.encoding import base64_decode, base64_encode

from portal.identity.factors.models import Passkey
from portal.identity.factors.rules import CEREMONY_LASTS, RelyingParty, relying_party
from portal.identity.models import Person
from portal.kernel.sealing import signing_keys

CHALLENGE_BYTES = 32
SIGNATURES = (-7, -8, -257)
"""What a passkey may sign with, by its number in COSE: ES256, EdDSA, RS256 (WebAuthn 5.4)."""


class Purpose(StrEnum):
    """What a challenge may be answered for."""

    ADD = "add"
    SECOND_STEP = "second step"
    SIGN_IN = "sign in"


class PasskeyRefused(ValueError):
    """The answer is not right, too late, or not for this; nobody is told which."""


@dataclass(frozen=True, slots=True)
class Ceremony:
    """What a page gives the browser: the options for its passkeys, and the signed challenge."""

    options: str
    token: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the browser answered, read but not yet believed."""

    challenge: str
    credential_id: str
    user_handle: str
    credential: dict[str, object]


def site() -> RelyingParty | None:
    """Whom passkeys belong to: the public address, or in a trial at a number, the one asked for.

    None where that is a number too.
    """
    return relying_party(current_app.config["PUBLIC_URL"]) or relying_party(request.host_url)


def ask_to_add(person: Person, existing: Sequence[Passkey], *, at: datetime) -> Ceremony | None:
    """What makes the browser offer a new passkey; None where passkeys do not work."""
    here = site()
    if here is None:
        return None
    challenge = token_bytes(CHALLENGE_BYTES)
    options = {
        "challenge": _text(challenge),
        "rp": {"id": here.id, "name": current_app.config["PRODUCT_NAME"]},
        "user": {
            "id": _text(person.id.bytes),
            "name": person.email,
            "displayName": person.name,
        },
        "pubKeyCredParams": [{"type": "public-key", "alg": kind} for kind in SIGNATURES],
        "excludeCredentials": _described(existing),
        "authenticatorSelection": {
            "residentKey": "preferred",
            "userVerification": "preferred",
        },
        "attestation": "none",
    }
    return Ceremony(json.dumps(options), _token(Purpose.ADD, challenge, person.id, at))


def ask_to_use(
    purpose: Purpose, person_id: UUID | None, passkeys: Sequence[Passkey], *, at: datetime
) -> Ceremony | None:
    """What makes the browser use a passkey: one of these, or without any, whichever it holds."""
    here = site()
    if here is None or (purpose is Purpose.SECOND_STEP and not passkeys):
        return None
    challenge = token_bytes(CHALLENGE_BYTES)
    options = {
        "challenge": _text(challenge),
        "rpId": here.id,
        "allowCredentials": _described(passkeys),
        "userVerification": "required" if purpose is Purpose.SIGN_IN else "discouraged",
    }
    return Ceremony(json.dumps(options), _token(purpose, challenge, person_id, at))


def read_answer(
    purpose: Purpose, person_id: UUID | None, token: str, said: str, *, at: datetime
) -> Answer:
    """The browser's answer to a challenge that was given for this, to this person, not long ago.

    Raises PasskeyRefused.
    """
    try:
        signed_for, challenge, whose, since = _signer().loads(token)
        credential = json.loads(said)
        credential_id = str(credential["id"])
        user_handle = str(credential["response"].get("userHandle") or "")
    except (BadData, ValueError, TypeError, KeyError, AttributeError) as error:
        raise PasskeyRefused("this cannot be read") from error
    wanted = person_id.hex if person_id else ""
    age = at.timestamp() - since
    if (signed_for, whose) != (purpose.value, wanted) or not (
        0 <= age <= CEREMONY_LASTS.total_seconds()
    ):
        raise PasskeyRefused("this challenge was not for that")
    return Answer(challenge, credential_id, user_handle, credential)


def new_passkey(person: Person, answer: Answer, *, name: str, at: datetime) -> Passkey:
    """The passkey that the browser has made.

    Raises PasskeyRefused.
    """
    here = site()
    if here is None:
        raise PasskeyRefused("passkeys do not work here")
    from webauthn import verify_registration_response
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        verified = verify_registration_response(
            credential=answer.credential,
            expected_challenge=base64_decode(answer.challenge),
            expected_rp_id=here.id,
            expected_origin=here.origin,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError) as error:
        raise PasskeyRefused("this is no new passkey") from error
    return Passkey(
        person_id=person.id,
        credential_id=_text(verified.credential_id),
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        name=name,
        added_at=at,
    )


def verified_sign_count(passkey: Passkey, answer: Answer, *, alone: bool) -> int:
    """How often the passkey now says it has signed, when its answer is right.

    ``alone``: it stands for the password too, so the device must have made sure of its holder,
    and must say whose it is. A count that does not rise is a copy's, and is refused.

    Raises PasskeyRefused.
    """
    here = site()
    if here is None:
        raise PasskeyRefused("passkeys do not work here")
    if alone and answer.user_handle != _text(passkey.person_id.bytes):
        raise PasskeyRefused("this passkey does not say whose it is")
    from webauthn import verify_authentication_response
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        verified = verify_authentication_response(
            credential=answer.credential,
            expected_challenge=base64_decode(answer.challenge),
            expected_rp_id=here.id,
            expected_origin=here.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=alone,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError) as error:
        raise PasskeyRefused("this passkey did not sign") from error
    return verified.new_sign_count


def _described(passkeys: Sequence[Passkey]) -> list[dict[str, str]]:
    return [{"type": "public-key", "id": one.credential_id} for one in passkeys]


def _text(of: bytes) -> str:
    """Bytes as WebAuthn writes them: base64url without padding."""
    return base64_encode(of).decode()


def _token(purpose: Purpose, challenge: bytes, person_id: UUID | None, at: datetime) -> str:
    whose = person_id.hex if person_id else ""
    return str(_signer().dumps([purpose.value, _text(challenge), whose, at.timestamp()]))


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(signing_keys(), salt="passkey")
