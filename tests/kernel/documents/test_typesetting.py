import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from portal.kernel.documents.typesetting import TypesettingFailed, typeset

DAY = date(2026, 10, 1)
HEAD = '#set document(title: "T")\n#set text(lang: "en", font: "Inter")\n= T\n'


def template(folder: Path, body: str) -> Path:
    folder.mkdir()
    path = folder / "page.typ"
    path.write_text(HEAD + body)
    return path


def test_nested_data_reach_the_template(tmp_path: Path) -> None:
    page = template(tmp_path / "t", "#json(bytes(sys.inputs.data)).rows.at(1).name")
    assert typeset(page, {"rows": [{}, {"name": "😀"}]}, dated=DAY).startswith(b"%PDF")


def test_a_template_reads_nothing_outside_its_folder(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    page = template(tmp_path / "t", '#read("../secret.txt")')
    with pytest.raises(TypesettingFailed):
        typeset(page, {}, dated=DAY)


def test_the_machines_own_fonts_are_not_used(tmp_path: Path) -> None:
    page = template(tmp_path / "t", '#set text(font: "DejaVu Sans")\nx')
    page_of_pdf = PdfReader(io.BytesIO(typeset(page, {}, dated=DAY))).pages[0]
    resources: Any = page_of_pdf["/Resources"]
    drawn_with = [resources["/Font"][name]["/BaseFont"] for name in resources["/Font"]]
    assert drawn_with and all("Inter" in name for name in drawn_with)
