"""The files that people sent: whose they are and what they are; their bytes lie in the storage."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, Index, String, UniqueConstraint, or_
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.columns import Instant, one_of
from portal.kernel.files.kinds import FileKind
from portal.kernel.ids import new_id
from portal.kernel.tenancy import Base, Looker, Rule, Sees, Task, column, named_in

PARTIES = ("council_id", "provider_id")


class FileState(StrEnum):
    """Whether a file may be opened."""

    QUARANTINED = "quarantined"
    RELEASED = "released"
    REFUSED = "refused"


_shown_by: list[Sees] = []


def shown_by(sees: Sees) -> Sees:
    """Let whoever sees a thing see the files that hang on it.

    For a package's models: ``sees`` takes the stored file and the looker.
    """
    _shown_by.append(sees)
    return sees


def _parties_follower_or_shown(entity: Any, looker: Looker) -> ColumnElement[bool]:
    return or_(
        named_in(*PARTIES)(entity, looker),
        column(entity, "following_id") == looker.following,
        *(sees(entity, looker) for sees in _shown_by),
    )


class StoredFile(Base):
    """One file, kept under its id. ``name`` is what it is shown as, ``size`` is in bytes.

    Its parties may be a council, a provider and whoever follows a thing without an account;
    any of them may be missing, not all. ``sha256`` is of the bytes as they are kept.
    """

    __tablename__ = "stored_file"
    __seen_by__ = Rule(
        _parties_follower_or_shown,
        writers=PARTIES,
        tasks=(Task.JOBS, Task.PUBLIC_DESK, Task.RETENTION),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    council_id: Mapped[UUID | None]
    provider_id: Mapped[UUID | None]
    following_id: Mapped[UUID | None]
    name: Mapped[str] = mapped_column(String(100))
    kind: Mapped[FileKind] = mapped_column(one_of(FileKind, "file_kind"))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[FileState] = mapped_column(one_of(FileState, "file_state"))
    stored_at: Mapped[datetime] = mapped_column(Instant())

    __table_args__ = (
        CheckConstraint(
            "council_id IS NOT NULL OR provider_id IS NOT NULL OR following_id IS NOT NULL",
            name="file_belongs_to_somebody",
        ),
        CheckConstraint("size > 0", name="file_is_not_empty"),
        UniqueConstraint("id", "provider_id", name="file_with_its_provider"),
        UniqueConstraint("id", "council_id", name="file_with_its_council"),
        Index("ix_stored_file_following_id", "following_id"),
    )
