"""Telling people, and what each of them does about it.

Neither is recorded in the audit record: what is told was recorded where it happened, and what
somebody has read is nobody else's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from textwrap import shorten
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.identity.permissions import Permission
from portal.kernel.jobs import enqueue
from portal.notices.models import Notice, Preference
from portal.notices.rules import Frequency, NoticeKind

LONGEST = 300  # characters of a sentence


def tell(
    session: Session,
    kind: NoticeKind,
    *,
    sentence: str,
    endpoint: str,
    values: Mapping[str, Any] | None = None,
    organisation_id: UUID,
    permission: Permission | None = None,
    person_id: UUID | None = None,
    at: datetime,
    key: str | None = None,
) -> None:
    """Tell one person of an organisation, or everybody in it with a permission, of one thing.

    A job puts it before each of them, so that one organisation may tell another, and they are
    told if and only if this transaction commits. Under the same ``key`` nobody is told twice.
    ``sentence`` names no young person; ``endpoint`` and ``values`` are the page that it is about.
    Mentors who are nothing else see only some agreements: they are told by ``person_id`` alone.
    """
    enqueue(
        session,
        "notices:deliver",
        at=at,
        key=None if key is None else f"{organisation_id.hex} {person_id or permission} {key}",
        arguments={
            "kind": kind.value,
            "sentence": shorten(sentence, LONGEST, placeholder="…"),
            "endpoint": endpoint,
            "values": {name: _plain(value) for name, value in (values or {}).items()},
            "recipients_of": organisation_id.hex,
            "permission": permission and permission.value,
            "recipient": person_id and person_id.hex,
            "key": key,
        },
    )


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value


def read(notice: Notice, *, at: datetime) -> None:
    """The person has read this; reading it again changes nothing."""
    notice.read_at = notice.read_at or at
    notice.waits_for = None


def read_all(session: Session, person_id: UUID, organisation_id: UUID, *, at: datetime) -> None:
    """The person has read everything that the organisation's work brought them so far."""
    session.execute(
        update(Notice)
        .where(
            Notice.person_id == person_id,
            Notice.organisation_id == organisation_id,
            Notice.read_at.is_(None),
            Notice.at <= at,
        )
        .values(read_at=at, waits_for=None)
        .execution_options(synchronize_session=False)
    )


def prefer(
    session: Session,
    person_id: UUID,
    organisation_id: UUID,
    chosen: Mapping[NoticeKind, Frequency],
) -> None:
    """How often a person wants each of these kinds by e-mail from now on."""
    for kind, frequency in chosen.items():
        session.merge(
            Preference(
                person_id=person_id,
                organisation_id=organisation_id,
                kind=kind.value,
                frequency=frequency,
            )
        )
