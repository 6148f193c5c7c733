"""What people send: checked, kept privately, given back as a download and in no other way.

``keep`` takes a file in and ``answer_with`` sends it back; ``forget`` removes it with its bytes.
What a file is follows from its content, never from its name.
"""

from portal.kernel.files.keeping import Examined, answer_with, copied, forget, keep
from portal.kernel.files.models import FileState, StoredFile, shown_by
from portal.kernel.files.refusals import FileRefused
from portal.kernel.files.store import Storage, init_files, storage

__all__ = [
    "Examined",
    "FileRefused",
    "FileState",
    "Storage",
    "StoredFile",
    "answer_with",
    "copied",
    "forget",
    "init_files",
    "keep",
    "shown_by",
    "storage",
]
