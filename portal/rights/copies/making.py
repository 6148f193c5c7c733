"""Making a copy in the background, and packing it for whoever takes it away."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from uuid import UUID

from portal.audit.actions import Actor, Subject, record
from portal.identity.models import Person
from portal.kernel.database import working_as
from portal.kernel.files import Examined, keep
from portal.kernel.files.kinds import FileKind
from portal.kernel.jobs import GiveUp, Work, job
from portal.kernel.tenancy import Task
from portal.rights.copies.contents import Sections, contents_of
from portal.rights.copies.models import PersonalCopy
from portal.rights.due import scope_for
from portal.rights.happenings import Event
from portal.rights.rules import COPY_DAYS

FIRST_LINES = (
    "What the portal keeps about one person. Other people's names and addresses are replaced. "
    "Complaints have copies of their own: ask the council's complaints manager."
)


@job("rights:copy", scope=Task.RETENTION, title="Making a copy of personal data")
def make(work: Work, *, copy_id: str) -> None:
    """Gather what is kept, and keep it as a file that only whoever asked can open, once."""
    with work.reading() as reading:
        asked = reading.get(PersonalCopy, UUID(copy_id))
        if asked is None:
            raise GiveUp("This copy is gone: it was asked for more than a week ago.")
        content = contents_of(
            reading, asked.person_id, None if asked.whole else asked.organisation_id
        )
    copy = work.session.get_one(PersonalCopy, asked.id)
    if copy.file_id is None:
        text = json.dumps(content, ensure_ascii=False, indent=1).encode()
        examined = Examined("personal-data.txt", FileKind.TEXT, text)
        copy.file_id = keep(work.session, examined, following_id=copy.id, at=work.at).id
        copy.made_at = work.at
        person = work.session.get_one(Person, copy.person_id)
        with working_as(work.session, scope_for(copy.organisation_id)):
            record(
                work.session,
                Actor(None, "Placewell", copy.organisation_id),
                Event.COPY_MADE,
                Subject("person", person.id, person.name),
                at=work.at,
                kept_days=COPY_DAYS,
            )
    work.shows("Open the copy", "copies.show", copy_id=str(copy.id))


def packed(content: Mapping[str, list[dict[str, str]]]) -> bytes:
    """The copy as a ZIP: the same words to read and as data."""
    lines = [FIRST_LINES]
    for title, rows in content.items():
        lines += ["", title.upper()]
        lines += ["; ".join(f"{label}: {words}" for label, words in row.items()) for row in rows]
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("personal-data.txt", "\r\n".join(lines) + "\r\n")
        opened.writestr("personal-data.json", json.dumps(content, ensure_ascii=False, indent=1))
    return archive.getvalue()


def unpacked(text: bytes) -> Sections:
    """What a kept copy says."""
    content: Sections = json.loads(text)
    return content
