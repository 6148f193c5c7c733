"""Passwords of twelve characters and more that guessers try first, known by how they are made.

A copied list of common passwords holds few of twelve characters, and those follow a handful of
habits: a common word or two with a year or a run of digits, one word said twice, a walk over the
keyboard, a short piece repeated. So the habits are the list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

FEWEST_DIFFERENT = 5
SHORTEST_CONTEXT = 4  # a name of three letters lies in too many honest words
WALK = 4  # neighbouring keys in a row, from which on they are a walk

COMMON_WORDS = """
    access account admin administrator adventure amazing angel animal apple arsenal august autumn
    baby banana baseball basketball batman beautiful bella birthday blessed boss bristol brother
    butterfly change changeme charlie cheese chelsea cherry children chocolate christmas city
    company computer cookie cooper council country county cricket daddy daisy daniel december
    default demo diamond dolphin doctor dragon education elephant england everton family fantastic
    february finance fishing flower football forever foster fostering freedom friday friend friends
    fuck garden george ginger goodbye google guest guitar hannah happy harry heaven hello holiday
    hockey home house hunter iloveyou internet invoice jackson january jasmine jennifer jessica
    jesus jordan july june justin killer king kitten lauren letmein lion liverpool login london
    love lovely lover magic manager manchester march margaret martin master matthew maverick
    mentor mentoring merlin michael michelle mickey midnight money monday monkey mother mummy music
    mustang naruto nicole nothing november october office officer oliver orange pass passcode
    passphrase passw0rd passwd password peaches peanut pepper pokemon police prince princess
    private provider purple qwerty rabbit rainbow ranger referral remember robert root samantha
    samsung saturday school secret secure security september service services shadow silver sister
    smith snoopy soccer social spring starwars summer sunday sunflower sunshine superman superstar
    support sweet system teacher tester testing thomas thursday tigger together trustno1 tuesday
    united university user victoria virtual wednesday welcome whatever william winter wolf woman
    work worker yellow
    """
SMALL_WORDS = re.compile(
    "(?:and|are|best|can|cat|dog|dont|for|god|good|live|lol|man|new|now|one|our|out|red|sex|sun"
    "|test|the|this|top|you|your|am|an|as|at|be|do|go|hi|in|is|it|me|my|no|of|on|or|so|to|up|us"
    "|we)*[a-z]{0,2}"
)
ROWS = (
    "12345678901234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qazwsxedcrfvtgbyhnujmikolp",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "q1w2e3r4t5y6u7i8o9p0", "1q2w3e4r5t6y7u8i9o0p",
    "abcdefghijklmnopqrstuvwxyz", "!\"£$%^&*()", "!@#$%^&*()",
)  # fmt: skip
AS_LETTERS = str.maketrans("013457@$!", "oieastasi")


def is_guessable(password: str, context: Iterable[str] = ()) -> bool:
    """Whether a password is made by one of the habits, or of the context's own words.

    ``context`` are names that a guesser of this person would try: the portal's, the
    organisation's, the person's own, their e-mail address.
    """
    plain = password.casefold()
    if len(set(plain)) < FEWEST_DIFFERENT or _is_repeated(plain):
        return True
    names = _words_of(context)
    disguised = re.sub(r"[\W\d_]+$", "", plain).translate(AS_LETTERS)
    return any(_is_made_of(read, names) for read in (plain, disguised))


def _is_repeated(plain: str) -> bool:
    """One piece again and again, cut off or not: abcabcabcabc, passwordpassword, secretsecre."""
    return any(
        plain == (plain[:length] * len(plain))[: len(plain)] for length in range(1, len(plain) // 2)
    ) or (plain[: len(plain) // 2] == plain[len(plain) - len(plain) // 2 :])


def _words_of(context: Iterable[str]) -> frozenset[str]:
    """The context's words, each alone and run together."""
    found: set[str] = set()
    for name in context:
        words = re.findall(r"[^\W\d_]+", name.casefold())
        found.update(word for word in words if len(word) >= SHORTEST_CONTEXT)
        if len(words) > 1:
            found.add("".join(words))
    return frozenset(found)


def _is_made_of(plain: str, names: frozenset[str]) -> bool:
    """Whether nothing unguessable is left when words, walks, digits and signs are taken out.

    Two common words that have nothing to do with each other are no common password, and three
    are what we advise. So at most two words may be common, and only one where no digits follow.
    """
    if re.sub(r"[\W_]", "", plain).isdigit():
        return _is_walk(plain) or _is_date(plain)
    left, words = plain, 0
    for name in sorted(names, key=len, reverse=True):
        left, times = re.subn(re.escape(name), " ", left)
        words += times
    named = words > 0
    for walk in _walks(left):
        left = left.replace(walk, " ")
        named = True
    for common in _common_in(left):
        left = left.replace(common, " ", 1)
        words += 1
    rest = re.sub(r"[\W_\d]+", " ", left).split()
    if not (named or words) or any(not SMALL_WORDS.fullmatch(word) for word in rest):
        return False
    separated = len(re.findall(r"[^\W\d_]+", plain)) > 2
    return named or words <= 1 or (words == 2 and not separated)


def _common_in(left: str) -> list[str]:
    """The common words in a text, the longest first, none inside another."""
    found = []
    for word in _by_length():
        while word in left:
            found.append(word)
            left = left.replace(word, " ", 1)
    return found


@cache
def _by_length() -> tuple[str, ...]:
    return tuple(sorted(COMMON_WORDS.split(), key=lambda word: (-len(word), word)))


def _walks(plain: str) -> list[str]:
    """The runs of at least four neighbouring keys, either way, the longest first."""
    found = []
    start = 0
    while start < len(plain):
        end = start + WALK
        if not _on_a_row(plain[start:end]):
            start += 1
            continue
        while end < len(plain) and _on_a_row(plain[start : end + 1]):
            end += 1
        found.append(plain[start:end])
        start = end
    return sorted(found, key=len, reverse=True)


def _on_a_row(run: str) -> bool:
    return len(run) >= WALK and any(run in row or run[::-1] in row for row in ROWS)


def _is_walk(plain: str) -> bool:
    digits = re.sub(r"\D", "", plain)
    return sum(len(walk) for walk in _walks(digits)) >= len(digits) - 2


def _is_date(plain: str) -> bool:
    """Digits that are years or days of the month and nothing else: 311219842026."""
    digits = re.sub(r"\D", "", plain)
    return bool(re.fullmatch(r"(?:(?:19|20)\d\d|[0-3]\d)+", digits))
