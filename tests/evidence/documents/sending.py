"""A form with files, as a browser sends it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from tests.kernel.files.samples import PDF
from tests.makers import csrf_token
from tests.support.visits import Read, Visitor

INSURANCE = {
    "valid_from-day": "1", "valid_from-month": "4", "valid_from-year": "2026",
    "valid_until-day": "31", "valid_until-month": "3", "valid_until-year": "2027",
    "cover": "10,000,000",
}  # fmt: skip


def from_day(day: int, month: int, year: int) -> dict[str, str]:
    """What is said of an insurance for the year from a day."""
    return {
        **INSURANCE, "valid_from-day": str(day), "valid_from-month": str(month),
        "valid_from-year": str(year), "valid_until-year": str(year + 1),
    }  # fmt: skip


def send(
    visitor: Visitor,
    kind: str = "public-liability",
    *,
    said: Mapping[str, str] = INSURANCE,
    content: bytes | None = PDF,
    name: str = "Certificate.pdf",
    token: str = "",
) -> Read:
    """Send evidence of a kind; no content is no file. The body is in memory."""
    path = f"/evidence/send/{kind}"
    token = token or csrf_token(visitor.client.get(path).get_data(as_text=True))
    form: MultiDict[str, Any] = MultiDict({**said, "csrf_token": token})
    if content is not None:
        form.add("file", FileStorage(io.BytesIO(content), name, content_type="text/html"))
    boundary, body = encode_multipart(form)
    answer = visitor.client.post(
        path, data=body, content_type=f"multipart/form-data; boundary={boundary}"
    )
    return Read(answer, 0)
