"""Why a file is not taken, or not given: each a sentence that says what to do.

Public pages take files too, so each sentence is a message of the catalogues.
"""

from __future__ import annotations

from portal.kernel.errors import DomainError
from portal.kernel.reading.languages import message
from portal.kernel.reading.ways import gettext


class FileRefused(DomainError):
    """The file cannot be taken; shown beside its field, with the rest of the form kept.

    Its sentence is in the reader's language, with the %(named)s values filled in.
    """

    status = 422
    sentence = message("This file cannot be taken. Choose another one.")

    def __init__(self, sentence: str | None = None, **values: object) -> None:
        super().__init__(gettext(sentence or self.sentence, **values))


class UnknownKind(FileRefused):
    """The file is nothing that is taken anywhere; whoever asked for it says what to send."""

    sentence = message("This is not a kind of file that can be taken, whatever its name says.")


class NoRoom(FileRefused):
    """The storage is full or does not answer; nothing is wrong with the file."""

    status = 503
    sentence = message(
        "The portal cannot save files at the moment. Nothing was lost: "
        "choose the file again and send the form in a minute."
    )


class BeingChecked(DomainError):
    """The virus scanner has not yet said that the file is clean."""

    sentence = message("This file is being checked for viruses. Open it again in a minute.")


class FoundHarmful(DomainError):
    """The virus scanner found something in the file."""

    sentence = message(
        "The virus check found something in this file, so nobody can open it. "
        "Ask whoever sent it to send a clean one."
    )


class OutOfReach(DomainError):
    """The file is kept, but the storage does not give it."""

    status = 503
    sentence = "This file cannot be opened at the moment. Try again in a minute."
