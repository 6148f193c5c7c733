"""Beginning an application, with what an earlier one lends it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.actions import Actor, record
from portal.frameworks.applications import rules
from portal.frameworks.applications.actions import Event, new_part, subject
from portal.frameworks.applications.drafts import Part
from portal.frameworks.applications.files import answering_file
from portal.frameworks.applications.models import Application, ApplicationFile, DraftPart
from portal.frameworks.applications.queries import application_to, late_until
from portal.frameworks.applications.starting import queries
from portal.frameworks.applications.starting.rules import asks_the_same, may_be_lent
from portal.frameworks.questions.queries import Asked
from portal.frameworks.questions.rules import QuestionKind, is_answered
from portal.frameworks.rounds.models import Round
from portal.kernel.errors import Forbidden
from portal.kernel.files import copied
from portal.kernel.ids import new_id


def start(
    session: Session,
    actor: Actor,
    round_: Round,
    *,
    lent_by: Application | None,
    at: datetime,
) -> Application:
    """Begin an application to an open round; one that was begun already is given back.

    What ``lent_by`` holds is carried over by category, band and question code: an answer to the
    same wording as it stands, one to another wording to be confirmed. Raises NotOpen.
    """
    provider_id = actor.organisation_id
    if provider_id is None or actor.person_id is None:
        raise Forbidden
    rules.check_open(round_, late_until(session, round_.id, provider_id), at)
    if (there := application_to(session, provider_id, round_.id)) is not None:
        return there
    application = Application(
        id=new_id(),
        round_id=round_.id,
        framework_id=round_.framework_id,
        lead_council_id=round_.lead_council_id,
        provider_id=provider_id,
        started_at=at,
        started_by_id=actor.person_id,
        prefilled_from_id=lent_by and lent_by.id,
    )
    session.add(application)
    session.flush()
    parts: list[DraftPart] = []
    if lent_by is not None:
        parts = list(_lent(session, actor, application, lent_by, at))
        session.add_all(parts)
        session.flush()
    record(session, actor, Event.STARTED, subject(application), at=at, carried_over=len(parts))
    return application


def _lent(
    session: Session, actor: Actor, application: Application, earlier: Application, at: datetime
) -> Iterator[DraftPart]:
    """The parts of an earlier application that the new round asks for as well."""
    held = queries.parts_of(session, earlier)
    opening = queries.opening(session, application.round)
    for ask in opening.asks:
        code = ask.category.code
        names = [rules.category_part(code)]
        names += [rules.price_part(code, asked.band) for asked in ask.prices]
        for name in names:
            if (part := held.get(name)) is not None and part.value is not None:
                yield new_part(application, name, part.value, by=actor, at=at)
    yield from _lent_answers(session, actor, application, earlier, opening, held, at)


def _lent_answers(
    session: Session,
    actor: Actor,
    application: Application,
    earlier: Application,
    opening: queries.Opening,
    held: Mapping[str, Part],
    at: datetime,
) -> Iterator[DraftPart]:
    versions = queries.versions_of(session, earlier.round_id)
    files = queries.files_of(session, earlier)
    for one in opening.asked:
        name = rules.answer_part(one.code)
        part = held.get(name)
        if part is None or part.question_version_id is None or not is_answered(part.value):
            continue
        then = versions.get(part.question_version_id)
        if then is None or not may_be_lent(then[1], one.version, part.value):
            continue
        value = part.value
        if one.version.kind is QuestionKind.FILE:
            if value not in files:
                continue
            value = _file_again(session, application, one, files[value], at)
        same = asks_the_same(then[1], one.version)
        version_id: UUID = one.version.id if same else part.question_version_id
        yield new_part(application, name, value, by=actor, at=at, question_version_id=version_id)


def _file_again(
    session: Session,
    application: Application,
    one: Asked,
    earlier: ApplicationFile,
    at: datetime,
) -> str:
    """A file of its own for the new application, since each answers one question."""
    stored = copied(session, earlier.file, at=at)
    session.add(answering_file(application, stored.id, one.question.id))
    session.flush()
    return str(stored.id)
