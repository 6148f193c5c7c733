"""The form field with which people send files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from werkzeug.datastructures import FileStorage
from wtforms.fields import MultipleFileField

from portal.kernel.fields import OneSentence
from portal.kernel.files.keeping import SAID_LARGEST, Examined, examine
from portal.kernel.files.kinds import DOCUMENTS, FileKind, say_kinds
from portal.kernel.files.refusals import FileRefused
from portal.kernel.reading.ways import gettext
from portal.kernel.wording import say_count


class UploadField(OneSentence, MultipleFileField):
    """Files of the named kinds, at most so many; its data are a list of Examined for ``keep``.

    A browser never gives a file twice, so the page asks again for the files of a refused form;
    whatever else was typed stays.
    """

    control = "file"
    data: list[Examined]

    def __init__(
        self,
        label: str = "",
        *args: Any,
        kinds: Sequence[FileKind] = DOCUMENTS,
        most: int = 1,
        **options: Any,
    ) -> None:
        self.kinds, self.most = tuple(kinds), most
        super().__init__(
            label, *args, **{"description": self._may_be_sent(), "default": list, **options}
        )

    @property
    def multiple(self) -> bool:
        """Whether more than one file may be chosen."""
        return self.most > 1

    @property
    def accept(self) -> str:
        """What the browser offers to choose: with it, a telephone turns its photos into JPEG."""
        endings = [f".{kind.ending}" for kind in self.kinds]
        return ",".join([*endings, ".jpeg"] if FileKind.JPEG in self.kinds else endings)

    def process_formdata(self, valuelist: Iterable[Any]) -> None:
        """Read the files. Every one that is refused is an error with its name."""
        sent = [one for one in valuelist if isinstance(one, FileStorage) and one.filename]
        self.data, self.raw_data = [], sent
        if len(sent) > self.most:
            raise ValueError(
                gettext("You can add at most %(most)s files.", most=self.most)
                if self.multiple
                else gettext("Choose one file only.")
            )
        for upload in sent:
            try:
                self.data.append(examine(upload, kinds=self.kinds))
            except FileRefused as refusal:
                named = f"{(upload.filename or '')[:60]}: " if self.multiple else ""
                self.process_errors.append(f"{named}{refusal.sentence}")

    def refuse(self, refusal: FileRefused) -> None:
        """Show beside the field why a file was not kept after all."""
        self.errors = [refusal.sentence]

    def _may_be_sent(self) -> str:
        several = f"at most {say_count(self.most, 'file')}, each " if self.multiple else ""
        return f"{say_kinds(self.kinds)}; {several}at most {SAID_LARGEST}"
