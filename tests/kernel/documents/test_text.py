import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from portal.kernel.documents.lettering import drawable
from portal.kernel.documents.text import plain_text, safe_cell


@pytest.mark.parametrize(
    ("typed", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+44 1332 000000", "'+44 1332 000000"),
        ("-5", "'-5"),
        ("\N{MINUS SIGN}5", "'\N{MINUS SIGN}5"),
        ("@here", "'@here"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("\nx", "'\nx"),
        ("  =1", "'  =1"),
        ("\x00=1", "'=1"),
        ("\N{FULLWIDTH EQUALS SIGN}1", "'\N{FULLWIDTH EQUALS SIGN}1"),
        ("", ""),
        ("Lot 2a - standard", "Lot 2a - standard"),
        ("£5.00", "£5.00"),
    ],
)
def test_cells_that_would_run_are_text(typed: str, cell: str) -> None:
    assert safe_cell(typed) == cell


@given(st.text(alphabet=st.characters()))
def test_plain_text_fits_in_xml(typed: str) -> None:
    etree.Element("text").text = plain_text(typed)


@pytest.mark.parametrize(
    ("typed", "drawn"),
    [
        ("Zoe\u0308 Łódź £½", "Zoë Łódź £½"),
        ("日 😀", "? ?"),
        ("two\nlines", "two\nlines"),
    ],
)
def test_what_the_font_cannot_draw_is_a_question_mark(typed: str, drawn: str) -> None:
    assert drawable(typed) == drawn
