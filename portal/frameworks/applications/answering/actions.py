"""Saving categories and answers into a draft, and the files that answer."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.audit.actions import Actor
from portal.frameworks.applications import rules
from portal.frameworks.applications.actions import save_part
from portal.frameworks.applications.draft import Draft
from portal.frameworks.applications.files import answering_file
from portal.frameworks.questions.queries import Asked
from portal.kernel.files import Examined, forget, keep


def choose_categories(
    session: Session,
    actor: Actor,
    draft: Draft,
    chosen: Collection[str],
    *,
    versions: Mapping[str, int],
    at: datetime,
) -> None:
    """Keep which categories are bid for; what was written for one that is left out is kept.

    Saving confirms what the council has changed for them. Raises Conflict, NotOpen, Withdrawn.
    """
    for ask in draft.asks:
        code = ask.category.code
        part = rules.category_part(code)
        wanted = code in chosen
        if not wanted and part not in draft.parts:
            continue
        changes = [*draft.changes_of_lot(ask), *draft.changes_of_terms(ask)]
        save_part(
            session,
            actor,
            draft.application,
            part,
            wanted,
            version=versions.get(code, 0),
            at=at,
            confirms=max((one.at for one in changes), default=None),
        )


def save_answer(
    session: Session,
    actor: Actor,
    draft: Draft,
    one: Asked,
    value: Any,
    *,
    version: int,
    at: datetime,
    confirm: bool,
) -> int:
    """Keep the answer to a question as it is now worded, and give its version.

    ``confirm`` says that the person has read the wording; what is kept while somebody types
    leaves the wording that was answered before. Raises Conflict, NotOpen, Withdrawn.
    """
    part = rules.answer_part(one.code)
    before = draft.answered_version(one.code)
    answered = one.version.id if confirm or before is None else before
    return save_part(
        session,
        actor,
        draft.application,
        part,
        value,
        version=version,
        at=at,
        question_version_id=answered,
        confirms=at if confirm and draft.failed(part) else None,
    )


def save_file(
    session: Session,
    actor: Actor,
    draft: Draft,
    one: Asked,
    file: Examined,
    *,
    version: int,
    at: datetime,
) -> None:
    """Keep a file as the answer to a question; one that was never submitted makes way.

    Raises FileRefused, Conflict, NotOpen, Withdrawn.
    """
    application = draft.application
    stored = keep(session, file, provider_id=application.provider_id, at=at)
    session.add(answering_file(application, stored.id, one.question.id))
    session.flush()
    save_answer(session, actor, draft, one, str(stored.id), version=version, at=at, confirm=True)
    _make_way(session, draft, one, at=at)


def remove_file(
    session: Session, actor: Actor, draft: Draft, one: Asked, *, version: int, at: datetime
) -> None:
    """Take the file of an answer out of the draft. Raises Conflict, NotOpen, Withdrawn."""
    save_answer(session, actor, draft, one, None, version=version, at=at, confirm=True)
    _make_way(session, draft, one, at=at)


def _make_way(session: Session, draft: Draft, one: Asked, *, at: datetime) -> None:
    """Forget the file that answered before, unless a submission names it."""
    kept = draft.files.get(str(draft.answer(one.code)))
    if kept is None or (draft.submitted and draft.submitted.received_at >= kept.file.stored_at):
        return
    session.delete(kept)
    session.flush()
    forget(session, kept.file, at=at)
