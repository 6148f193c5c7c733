"""Keys, and what is sealed under them: what opens, for whom, and for how long."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from itertools import product

import pytest

from portal.kernel import sealing as module
from portal.kernel.ids import new_id
from portal.kernel.keys import derived_key, is_signed, signature, signing_key
from portal.kernel.sealing import LASTING_SECONDS, BadSeal, Sealing

OWN, OTHER = new_id(), new_id()
SEALING = Sealing("a secret", "codes")
SEALED = SEALING.seal("Zoë’s code", of=OWN)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The real clock's seconds, to be set."""
    seconds = [1_790_000_000.0]
    monkeypatch.setattr(module, "real_seconds", lambda: seconds[0])
    return seconds


def test_a_key_is_of_its_secret_and_its_purpose() -> None:
    secrets = ("", "short", "s" * 64, "s" * 65, "s" * 64 + "t")
    made = {derived_key(*one) for one in product(secrets, ("codes", "drafts", "drafts "))}
    assert len(made) == 15
    assert {len(key) for key in made} == {32}
    assert derived_key("short", "codes") == derived_key("short", "codes")


def test_a_key_stays_the_same_from_release_to_release() -> None:
    """What was sealed and signed would be lost with another one."""
    assert (
        derived_key("a secret", "codes").hex()
        == "c03e4b4fd739db7f2412b7b6e8fd81df5eec67067c5a06e0782491361dc57eac"
    )


def test_a_signature_is_good_for_its_text_and_its_key_alone() -> None:
    key, other = signing_key("a secret", "statements"), signing_key("a secret", "receipts")
    signed = signature(key, "said")
    assert is_signed(key.verify_key, "said", signed)
    assert not is_signed(key.verify_key, "Said", signed)
    assert not is_signed(other.verify_key, "said", signed)
    for broken in ("", "a", "é", signed[:-4], signed.swapcase()):
        assert not is_signed(key.verify_key, "said", broken)


def test_what_is_sealed_opens_for_whom_it_was_sealed() -> None:
    assert SEALING.open(SEALED, of=OWN) == "Zoë’s code"
    assert SEALING.seal("Zoë’s code", of=OWN) != SEALED
    with pytest.raises(BadSeal, match="somebody else"):
        SEALING.open(SEALED, of=OTHER)


@pytest.mark.parametrize(
    "other", [Sealing("another secret", "codes"), Sealing("a secret", "drafts")]
)
def test_no_other_key_opens_it(other: Sealing) -> None:
    with pytest.raises(BadSeal):
        other.open(SEALED, of=OWN)
    with pytest.raises(BadSeal):
        other.seal_anew(SEALED)


def test_what_was_altered_in_any_byte_does_not_open() -> None:
    sealed = urlsafe_b64decode(SEALED)
    for place in range(len(sealed)):
        altered = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(BadSeal):
            SEALING.open(urlsafe_b64encode(altered).decode(), of=OWN)


@pytest.mark.parametrize(
    "broken",
    ["", "a", "é", "AAAA", SEALED[:-4], SEALED[:20]],
    ids=["nothing", "a letter", "an accent", "three bytes", "without its end", "its begin"],
)
def test_what_was_never_sealed_does_not_open(broken: str) -> None:
    with pytest.raises(BadSeal):
        SEALING.open(broken, of=OWN)


def test_it_lasts_unless_it_is_asked_for_within_half_an_hour(clock: list[float]) -> None:
    sealed = SEALING.seal("code", of=OWN)
    clock[0] += LASTING_SECONDS
    assert SEALING.open(sealed, of=OWN, lasting=False) == "code"
    clock[0] += 1
    with pytest.raises(BadSeal, match="too long ago"):
        SEALING.open(sealed, of=OWN, lasting=False)
    assert SEALING.open(sealed, of=OWN) == "code"


def test_what_an_earlier_key_sealed_opens_and_is_sealed_anew_as_old_as_it_was(
    clock: list[float],
) -> None:
    sealed = SEALING.seal("code", of=OWN)
    clock[0] += LASTING_SECONDS - 1
    changed = Sealing("newer", "codes", ["new", "a secret"])
    assert changed.open(sealed, of=OWN, lasting=False) == "code"
    anew = changed.seal_anew(sealed)
    assert Sealing("newer", "codes").open(anew, of=OWN, lasting=False) == "code"
    with pytest.raises(BadSeal):
        Sealing("a secret", "codes").open(anew, of=OWN)
    clock[0] += 2
    with pytest.raises(BadSeal, match="too long ago"):
        changed.open(anew, of=OWN, lasting=False)
