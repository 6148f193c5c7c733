"""Passwords: argon2id, twelve characters, a deny list; no forced expiry or complexity (C7)."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher, profiles
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app, has_app_context

SHORTEST = 12
DENIED = frozenset(
    {
        "password1234",
        "passwordpassword",
        "123456789012",
        "1234567890123",
        "qwertyuiop12",
        "qwertyuiopas",
        "letmeinletmein",
        "iloveyou1234",
        "administrator",
        "welcome12345",
        "childrensservices",
        "councilcouncil",
    }
)


def problem_with(password: str) -> str | None:
    """The sentence that says why a new password will not do; None when it will."""
    if len(password) < SHORTEST:
        return f"Use at least {SHORTEST} characters. Three unrelated words work well."
    if password.lower() in DENIED or len(set(password)) < 4:
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
