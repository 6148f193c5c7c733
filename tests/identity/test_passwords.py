"""Twelve characters, a deny list, argon2id, and the same work for nobody (C7)."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.identity.passwords import hash_password, matches, problem_with


@pytest.mark.parametrize(
    "password",
    ["a calm grey heron", "Twelve chars", "пароль и ещё слово", "  spaces count "],
)
def test_a_password_of_twelve_characters_will_do(password: str) -> None:
    assert problem_with(password) is None


@pytest.mark.parametrize(
    ("password", "because"),
    [
        ("", "at least 12"),
        ("elevenchars", "at least 12"),
        ("password1234", "easy to guess"),
        ("PassWordPassWord", "easy to guess"),
        ("aaaaaaaaaaaaaaaa", "easy to guess"),
        ("ababababababab", "easy to guess"),
    ],
)
def test_a_short_or_common_one_will_not(password: str, because: str) -> None:
    assert because in (problem_with(password) or "")


def test_what_is_kept_is_argon2id_of_a_real_cost() -> None:
    kept = hash_password("a calm grey heron")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert kept != hash_password("a calm grey heron")


def test_only_the_right_one_matches(app: Flask) -> None:
    with app.app_context():
        kept = hash_password("a calm grey heron")
        assert matches(kept, "a calm grey heron")
        assert not matches(kept, "a calm grey hero")
        assert not matches(None, "nobody has this password")
        assert not matches("not a hash", "a calm grey heron")
