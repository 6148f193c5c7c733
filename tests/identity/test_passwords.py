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


@pytest.mark.parametrize(
    "password",
    [
        "passwordqwerty", "P@ssw0rd2026!", "Summer2026!!", "1qaz2wsx3edc", "q1w2e3r4t5y6",
        "zxcvbnmasdfgh", "0987654321098", "311219842026", "letmeinletmein", "childrensservices",
        "thisismypassword", "liverpool1892", "monkeydragon1", "MillstoneCare22", "bea.larkspur1",
        "Placewell-2026", "bea@larkspur.example", "Larkspur Larkspur",
    ],
)  # fmt: skip
def test_what_guessers_try_first_is_denied(password: str) -> None:
    about = ("Millstone Care", "Bea Larkspur", "bea@larkspur.example")
    assert "easy to guess" in (problem_with(password, *about) or "")


@pytest.mark.parametrize(
    "password",
    [
        "kettle orbit maple", "garden spoon velvet", "8f3kq0zmw2xv", "xK9#mQ2$vL7@",
        "834719265037", "correct horse battery staple", "ein Fahrrad im Schnee", "x" * 6 + "yzabcq",
        "it's raining, Larkspur!", "gymnast oboe willow " * 20 + "and more",
    ],
)  # fmt: skip
def test_what_takes_long_to_guess_will_do(password: str) -> None:
    assert problem_with(password, "Bea Larkspur") is None


def test_a_thousand_common_ones_are_denied() -> None:
    endings = [*map(str, range(1950, 2030)), *(f"{number:03}" for number in range(100))]
    words = ("password", "welcome", "summer", "football", "charlie", "liverpool", "dragon")
    made = {(word + ending).ljust(12, "!") for word in words for ending in endings}
    assert len(made) > 1_000
    assert [one for one in made if problem_with(one) is None] == []


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
