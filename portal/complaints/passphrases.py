"""The four words that open what somebody sent, and what was saved before it was sent."""

from __future__ import annotations

import re
import secrets
from base64 import urlsafe_b64encode
from functools import cache
from pathlib import Path
from uuid import UUID

from argon2.low_level import Type, hash_secret_raw
from flask import current_app

WORDS_IN_ONE = 4


@cache
def words() -> tuple[str, ...]:
    """2,048 short, friendly words: 11 bits each, so that four chosen by chance hold 44 bits.

    Guessed at the rate that ``following`` allows, that is longer than anybody lives; guessed from
    a stolen database, each try costs an argon2id.
    """
    return tuple((Path(__file__).parent / "words.txt").read_text().split())


def new_passphrase() -> str:
    """As "apple river candle blanket", by chance."""
    return " ".join(secrets.choice(words()) for _ in range(WORDS_IN_ONE))


def read_passphrase(typed: str) -> str:
    """A passphrase as somebody typed it, in the way that it was made: case and marks are free."""
    return " ".join(re.findall(r"[a-z]+", typed.lower()))[:100]


def key_of(passphrase: str, unsent_id: UUID) -> str:
    """The key that seals what is not yet sent, made of its passphrase by argon2id.

    As slow to make as a password's hash, so that a wrong one takes as long as any other.
    """
    cheap = bool(current_app.config["CHEAP_PASSWORDS"])
    return urlsafe_b64encode(
        hash_secret_raw(
            passphrase.encode(),
            unsent_id.bytes,
            time_cost=1 if cheap else 2,
            memory_cost=8 if cheap else 19 * 1024,
            parallelism=1,
            hash_len=32,
            type=Type.ID,
        )
    ).decode()
