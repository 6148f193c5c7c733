"""What one browser keeps of somebody without an account, until they leave or close it.

It is a cookie of the browser's session, set only when somebody begins to write or opens what they
sent: which unsent complaint and the key that opens it, and which complaint is followed.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import session as cookie

from portal.kernel.clock import real_seconds

FOLLOWED_FOR = timedelta(minutes=30)
"""Without a page being opened; counted in real time, whatever the demonstration's clock says."""


def remember_draft(unsent_id: UUID, key: str) -> None:
    """This browser writes this complaint."""
    cookie["making"] = [unsent_id.hex, key]


def remembered_draft() -> tuple[UUID, str] | None:
    """The unsent complaint that this browser writes, and its key."""
    kept = cookie.get("making")
    return (UUID(kept[0]), str(kept[1])) if kept else None


def forget_draft() -> None:
    """This browser writes nothing any more."""
    cookie.pop("making", None)


def remember_followed(complaint_id: UUID) -> None:
    """This browser showed the reference and the passphrase of this complaint, or still reads it."""
    cookie["following"] = [complaint_id.hex, real_seconds()]


def remembered_followed() -> UUID | None:
    """The complaint that this browser may follow; None when it has rested for half an hour."""
    kept = cookie.get("following")
    if not kept or real_seconds() - kept[1] > FOLLOWED_FOR.total_seconds():
        return None
    return UUID(kept[0])


def leaves_a_trace() -> bool:
    """Whether this browser holds something that "Exit this page" must make it forget."""
    return (bool(cookie) and "sign_in" not in cookie) or "making" in cookie or "following" in cookie


def forget_everything() -> None:
    """Leave no trace of a complaint in this browser, nor the cookie; a staff sign-in stays."""
    for name in ("making", "following"):
        cookie.pop(name, None)
    if "sign_in" not in cookie:
        cookie.clear()
