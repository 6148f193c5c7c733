"""Keys, shares, sealed content and receipts: what opens with what, and what does not."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.frameworks.sealing.boxes import Cost, DoesNotOpen, KeyPair, Locked, seal
from portal.frameworks.sealing.content import SIZE, Content
from portal.frameworks.sealing.receipts import BadReceipt, Receipt, new_reference, receipt_key
from portal.frameworks.sealing.shares import (
    NotTwoShares,
    RoundKey,
    Share,
    combine,
    open_share,
    round_key,
    split,
)

QUICK = Cost(passes=1, kilobytes=8)
ROUND = UUID("01980000-0000-7000-8000-000000000001")
HOLDERS = tuple(KeyPair.new() for _ in range(3))
KEY = receipt_key("for tests only")
RECEIPT = Receipt(
    "BID-7KQ4-XW2M-9RTN", datetime(2026, 11, 3, 11, 59, 59, 999000, tzinfo=UTC), "0f" * 32
)


def made() -> RoundKey:
    first, second, third = (holder.public for holder in HOLDERS)
    return RoundKey.make(ROUND, openers=(first, second), escrow=third)


def opened_shares(key: RoundKey) -> list[Share]:
    sealed = (*key.openers, key.escrow)
    return [
        open_share(one, round_id=ROUND, holder=holder)
        for one, holder in zip(sealed, HOLDERS, strict=True)
    ]


def test_any_two_of_the_three_make_the_rounds_key() -> None:
    key = made()
    sealed = seal(b"a bid", to=key.public)
    for one, another in permutations(opened_shares(key), 2):
        assert round_key(one, another, public=key.public).open(sealed) == b"a bid"


def test_one_share_twice_is_one_share() -> None:
    key = made()
    for share in opened_shares(key):
        with pytest.raises(NotTwoShares):
            round_key(share, share, public=key.public)


def test_a_share_alone_lacks_a_whole_piece() -> None:
    """Each share of one key goes with a share of every other key: it tells nothing of its own."""
    private = KeyPair.new().private
    for lacking in range(3):
        share = split(private)[lacking]
        assert private not in bytes(share)
        assert len(share.numbered) == 2 and lacking not in share.numbered


def test_shares_of_two_rounds_make_nothing() -> None:
    mine, others = opened_shares(made()), opened_shares(made())
    for one, another in ((mine[0], others[1]), (others[0], mine[1])):
        with pytest.raises(NotTwoShares):
            combine(one, another)
    key = made()
    one, another, _ = opened_shares(key)
    with pytest.raises(NotTwoShares):
        round_key(one, another, public=KeyPair.new().public)


def test_a_share_opens_for_its_holder_and_its_round_alone() -> None:
    key = made()
    with pytest.raises(DoesNotOpen):
        open_share(key.openers[0], round_id=ROUND, holder=HOLDERS[1])
    with pytest.raises(DoesNotOpen):
        open_share(key.openers[0], round_id=uuid4(), holder=HOLDERS[0])
    for broken in (b"", b"\3" + bytes(64), bytes(40)):
        with pytest.raises(DoesNotOpen):
            Share.read(broken)


def test_nobody_holds_two_shares() -> None:
    one, another, _ = (holder.public for holder in HOLDERS)
    for openers, escrow in (((one, one), another), ((one, another), one)):
        with pytest.raises(ValueError, match="a key each"):
            RoundKey.make(ROUND, openers=openers, escrow=escrow)


def test_a_key_unlocks_with_its_pass_phrase_alone() -> None:
    pair = KeyPair.new()
    locked = Locked.lock(pair, "heron lantern orchard tuesday", cost=QUICK)
    assert pair.private not in locked.sealed
    assert locked.unlock("  heron  lantern orchard tuesday ") == pair, "spaces do not count"
    for other in ("", "Heron lantern orchard tuesday", "heron lantern orchard"):
        with pytest.raises(DoesNotOpen):
            locked.unlock(other)
    with pytest.raises(DoesNotOpen):
        Locked(b"", locked.salt).unlock("heron lantern orchard tuesday")


def test_neither_key_nor_share_is_ever_printed() -> None:
    pair = KeyPair.new()
    assert "private" not in repr(pair) and "pieces" not in repr(split(pair.private)[0])


CONTENTS = st.fixed_dictionaries(
    {
        "categories": st.lists(st.text(max_size=10), max_size=20),
        "answers": st.dictionaries(st.uuids().map(str), st.text(max_size=2000), max_size=20),
        "prices": st.dictionaries(
            st.text(max_size=10), st.dictionaries(st.text(max_size=10), st.integers(1, 10**9))
        ),
    }
)


@settings(max_examples=25)
@given(CONTENTS)
def test_what_is_sealed_is_read_again_and_its_size_tells_nothing(value: dict[str, object]) -> None:
    content = Content.of(value)
    padded = content.padded()
    assert Content.read(padded) == content
    assert (content.value, len(padded)) == (value, SIZE)


def test_long_answers_take_the_next_size() -> None:
    content = Content.of({"answers": {str(n): str(uuid4()) for n in range(4000)}})
    assert len(content.padded()) == 2 * SIZE
    assert Content.read(content.padded()) == content


def test_the_same_content_never_has_the_same_digest() -> None:
    """So that nobody finds a price by trying each until the digest on the receipt fits."""
    one, another = (Content.of({"prices": {"1a": {"": 4150}}}) for _ in range(2))
    assert one.text == another.text and one.digest != another.digest


@pytest.mark.parametrize("broken", [b"", bytes(SIZE), b"x" * SIZE, bytes(32) + b"\0\0\0\2{}"])
def test_what_is_no_content_does_not_open(broken: bytes) -> None:
    with pytest.raises(DoesNotOpen):
        Content.read(broken)


def test_a_receipt_is_read_again_as_it_was_signed() -> None:
    line = RECEIPT.line(RECEIPT.signature(KEY))
    assert Receipt.read(f"  {line}\n", [receipt_key("another"), KEY]) == RECEIPT


def test_a_receipt_that_was_altered_in_any_letter_is_refused() -> None:
    line = RECEIPT.line(RECEIPT.signature(KEY))
    for place, letter in enumerate(line[:-2]):  # after these only the padding of the signature
        other = "1" if letter != "1" else "2"
        with pytest.raises(BadReceipt):
            Receipt.read(line[:place] + other + line[place + 1 :], [KEY])


@pytest.mark.parametrize("line", ["", "a receipt", f"{RECEIPT.said} c2lnbmVk", RECEIPT.said])
def test_what_is_no_receipt_is_refused(line: str) -> None:
    with pytest.raises(BadReceipt):
        Receipt.read(line, [KEY])


def test_another_portals_receipt_is_refused() -> None:
    line = RECEIPT.line(RECEIPT.signature(receipt_key("another portal")))
    with pytest.raises(BadReceipt, match="not signed by this portal"):
        Receipt.read(line, [KEY])


def test_references_do_not_count() -> None:
    made = {new_reference() for _ in range(1000)}
    assert len(made) == 1000
    assert all(len(one) == len("BID-7KQ4-XW2M-9RTN") for one in made)
