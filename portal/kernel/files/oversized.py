"""A form that was refused because its files are too large, and what was typed beside them."""

from __future__ import annotations

from flask import request

LARGEST_READ = 64 * 1024 * 1024  # bytes; whoever sends more is cut off


def let_it_be_read() -> bool:
    """Let the form of this request be read after all, to be shown again; nothing of it is kept.

    For a page that answers 413. False for one so large that it is not read at all.
    """
    if (request.content_length or 0) > LARGEST_READ:
        return False
    request.max_content_length = LARGEST_READ
    return True
