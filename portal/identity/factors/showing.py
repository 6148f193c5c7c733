"""Recovery codes, shown once and given as a file: only their hashes are kept."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import Response, current_app

from portal.kernel.fragments import render
from portal.kernel.sealing import sealing

PURPOSE = "recovery codes"


def show_codes(person_id: UUID, codes: Sequence[str], *, onward: str) -> Response:
    """The page that shows new codes; the form on it brings them back sealed, for the file."""
    return render(
        "identity/factors/new_recovery_codes.html",
        codes=codes,
        sealed=sealing(PURPOSE).seal("\n".join(codes), of=person_id),
        onward=onward,
    )


def codes_as_file(person_id: UUID, sealed: str) -> Response:
    """The codes of that page as a text file. Raises BadSeal, also after half an hour."""
    codes = sealing(PURPOSE).open(sealed, of=person_id, lasting=False)
    name = current_app.config["PRODUCT_NAME"]
    said = (
        f"Recovery codes for {name}. Each works once, in place of a code or passkey.\n\n{codes}\n"
    )
    return Response(
        said.replace("\n", "\r\n"),
        mimetype="text/plain",
        headers={"Content-Disposition": 'attachment; filename="recovery-codes.txt"'},
    )
