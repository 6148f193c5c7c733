"""Passwords: argon2id, twelve characters, a deny list; no forced expiry or complexity (C7)."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher, profiles
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app, has_app_context

from portal.identity.guessable import is_guessable

SHORTEST = 12
LONGEST = 500
PORTAL = ("Placewell", "portal")


def problem_with(password: str, *context: str) -> str | None:
    """The sentence that says why a new password will not do; None when it will.

    ``context`` are the names and addresses that somebody who knows the person would try.
    """
    if len(password) < SHORTEST:
        return (
            f"Choose a password of at least {SHORTEST} characters. Three unrelated words work well."
        )
    if len(password) > LONGEST:
        return f"Choose a password of at most {LONGEST} characters."
    if is_guessable(password, (*PORTAL, *context)):
        return "This password is too easy to guess. Three unrelated words work well."
    return None


def hash_password(password: str) -> str:
    """The argon2id hash to keep."""
    return _hasher().hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether a password is the right one; as slow for an unknown person as for a known one."""
    try:
        _hasher().verify(password_hash or _of_nobody(_cheap()), password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether a hash was made with other parameters than today's, so that it is made anew."""
    return _hasher().check_needs_rehash(password_hash)


def _cheap() -> bool:
    return has_app_context() and bool(current_app.config["CHEAP_PASSWORDS"])


def _hasher() -> PasswordHasher:
    return _make_hasher(_cheap())


@cache
def _make_hasher(cheap: bool) -> PasswordHasher:
    if cheap:
        return PasswordHasher.from_parameters(profiles.CHEAPEST)
    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@cache
def _of_nobody(cheap: bool) -> str:
    return _make_hasher(cheap).hash("nobody has this password")
