"""Why a file is not taken is said in the language in which somebody reads."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.kernel.files import FileRefused
from portal.kernel.files.keeping import examine
from portal.kernel.reading.languages import ENGLISH, LANGUAGES, OTHERS, Language
from portal.kernel.reading.ways import WAY, Way
from tests.kernel.files.hostile import HOSTILE, TAKEN
from tests.kernel.files.samples import upload

REASONS = 10  # ways, at least, in which the hundred files are wrong


def reasons(language: Language) -> set[str]:
    """Every sentence with which a hostile file is refused, read in this language."""
    said = set()
    with Flask(__name__).test_request_context("/", environ_overrides={WAY: Way(language)}):
        for name in HOSTILE.keys() - TAKEN:
            sent_as, content = HOSTILE[name]
            with pytest.raises(FileRefused) as refused:
                examine(upload(content(), sent_as))
            said.add(refused.value.sentence)
    return said


@pytest.mark.slow
def test_a_file_is_refused_in_the_readers_language() -> None:
    english = reasons(ENGLISH)
    assert len(english) >= REASONS
    for language in OTHERS:
        theirs = reasons(language)
        assert len(theirs) == len(english) and not theirs & english, language.code


def test_the_kinds_are_listed_as_the_language_lists_them() -> None:
    three = ("PDF", "JPEG", "PNG")
    assert [language.say_choice(three) for language in LANGUAGES] == [
        "PDF, JPEG or PNG",
        "PDF, JPEG neu PNG",
        "PDF أو JPEG أو PNG",
    ]
