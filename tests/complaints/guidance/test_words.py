"""Every message of the public pages is said in every language that they are offered in."""

from __future__ import annotations

import re

import pytest
from babel.messages.pofile import read_po

from portal.kernel.reading.languages import CATALOGUES, OTHERS, Language
from portal.kernel.reading.messages import messages

PLACEHOLDER = re.compile(r"%\((\w+)\)s")


@pytest.mark.parametrize("language", OTHERS, ids=lambda language: language.code)
def test_every_message_is_translated(language: Language) -> None:
    with (CATALOGUES / f"{language.code}.po").open("rb") as file:
        found = read_po(file, locale=language.code)
        catalogue = {str(one.id): str(one.string or "") for one in found if one.id}
    words = messages()
    assert len(words) > 200
    assert [one for one in words if not catalogue.get(one)] == [], "run bin/translations"
    assert sorted(set(catalogue) - set(words)) == [], "no page says it any more"
    wrong = [
        one
        for one in words
        if sorted(PLACEHOLDER.findall(one)) != sorted(PLACEHOLDER.findall(catalogue[one]))
    ]
    assert wrong == [], "a value is lost or unknown"
