"""Who needs a second factor, when a code counts, and where a passkey belongs. Pure."""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import urlsplit

import pyotp

from portal.identity.rules import Role

STEP_SECONDS = 30
DRIFT = 1  # steps each way: a telephone's clock may be half a minute out (RFC 6238, 5.2)
CODE_DIGITS = 6
RECOVERY_CODES = 10
RECOVERY_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that looks like something else
RECOVERY_LENGTH = 8
CEREMONY_LASTS = timedelta(minutes=10)
ALONE = frozenset({Role.BIDS})
"""The one role that neither decides, nor opens bids, nor sees anything of a young person."""


class Method(StrEnum):
    """How somebody came in."""

    PASSWORD = "password"  # noqa: S105 - a word
    CODE = "password and code"
    RECOVERY_CODE = "password and recovery code"
    SECOND_PASSKEY = "password and passkey"
    PASSKEY = "passkey"


def needs_second_factor(roles: Iterable[Role], *, everybody: bool) -> bool:
    """Whether these roles ask for a second factor, or the organisation asks it of everybody.

    Roles that approve, open bids, see young people or administer always do (issue 7, C7).
    """
    return everybody or bool(set(roles) - ALONE)


def step_of(at: datetime) -> int:
    """The number of the half minute that a moment lies in (RFC 6238)."""
    return int(at.timestamp()) // STEP_SECONDS


def code_of(secret: str, step: int) -> str:
    """The code that an app shows in this step."""
    return str(pyotp.TOTP(secret).generate_otp(step))


def step_that_matches(secret: str, typed: str, at: datetime) -> int | None:
    """The step whose code was typed, spaces or not, at most one step early or late."""
    code = re.sub(r"[\s-]", "", typed)
    if not re.fullmatch(rf"[0-9]{{{CODE_DIGITS}}}", code, flags=re.ASCII):
        return None
    now = step_of(at)
    matching = [
        step
        for step in range(now - DRIFT, now + DRIFT + 1)
        if hmac.compare_digest(code_of(secret, step), code)
    ]
    return matching[-1] if matching else None


def next_usable_step(last_step: int, at: datetime) -> int | None:
    """The step whose code will be taken now; None when all near ones have been used up."""
    step = max(step_of(at), last_step + 1)
    return step if step <= step_of(at) + DRIFT else None


def spaced(code: str) -> str:
    """A code as people read it: 123 456."""
    return f"{code[:3]} {code[3:]}"


def in_groups(secret: str) -> str:
    """A secret to type, in groups of four."""
    return " ".join(re.findall(".{1,4}", secret))


def read_recovery_code(typed: str) -> tuple[int, str] | None:
    """The number and the secret part of a recovery code such as "3-k7mq-2x9d"; None for no code."""
    plain = re.sub(r"[\s-]", "", typed).lower()
    match = re.fullmatch(rf"(10|[1-9])([{RECOVERY_ALPHABET}]{{{RECOVERY_LENGTH}}})", plain)
    return (int(match[1]), match[2]) if match else None


def say_recovery_code(number: int, secret: str) -> str:
    """A recovery code as it is given out."""
    return f"{number}-{secret[:4]}-{secret[4:]}"


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """Whom a passkey belongs to: the site's name on the network, and its whole origin."""

    id: str
    origin: str


def relying_party(url: str) -> RelyingParty | None:
    """The site at this address; None where passkeys do not work, at a number for a name."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        ip_address(host)
    except ValueError:
        return RelyingParty(host, f"{parts.scheme}://{parts.netloc}") if host else None
    return None
