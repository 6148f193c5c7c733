"""The rows of a preview, kept in its own form: signed, compressed, and good for an hour.

Nothing is kept on the server, and what comes back is held against every rule again. The seal is
bound to the person and the organisation it was made for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from itsdangerous import BadData, URLSafeTimedSerializer

from portal.delivery.upload.rows import Kind, NightsRow, SessionRow
from portal.kernel.errors import DomainError

GOOD_FOR = 60 * 60  # seconds
LONGEST_SEAL = 1_500_000  # characters, within what a form may hold


class SealBroken(DomainError):
    """The preview is too old, was changed, or was made for somebody else."""

    status = 422
    sentence = (
        "This preview is more than an hour old, or was not made for you. Nothing was saved: "
        "upload the file again."
    )


class TooLongToSeal(DomainError):
    """The summaries of the file are too long to be sent back and forth."""

    status = 422
    sentence = (
        "The summaries in this file are too long to be checked all at once. "
        "Split the file, and send the parts one after the other."
    )


def seal(
    rows: list[SessionRow] | list[NightsRow],
    kind: Kind,
    *,
    keys: Sequence[str],
    person_id: UUID,
    organisation_id: UUID,
) -> str:
    """The rows as one hidden value. Raises TooLongToSeal."""
    text = _serializer(keys, person_id, organisation_id).dumps(
        {"kind": kind.value, "rows": [row.packed() for row in rows]}
    )
    if len(text) > LONGEST_SEAL:
        raise TooLongToSeal
    return text


def unseal(
    text: str, *, keys: Sequence[str], person_id: UUID, organisation_id: UUID
) -> tuple[Kind, list[SessionRow] | list[NightsRow]]:
    """The rows again. Raises SealBroken."""
    try:
        said: dict[str, Any] = _serializer(keys, person_id, organisation_id).loads(
            text, max_age=GOOD_FOR
        )
    except BadData as error:
        raise SealBroken from error
    kind = Kind(said["kind"])
    if kind is Kind.SESSIONS:
        return kind, [SessionRow.unpacked(row) for row in said["rows"]]
    return kind, [NightsRow.unpacked(row) for row in said["rows"]]


def _serializer(
    keys: Sequence[str], person_id: UUID, organisation_id: UUID
) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(
        keys, salt=f"delivery-upload:{person_id.hex}:{organisation_id.hex}"
    )
