"""One application for many tests, each over a database of its own.

Putting the application together costs a tenth of a second, most of it for its two hundred
addresses, so a worker keeps one for each kind of settings and aims it at the next database.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from flask import Flask

from portal import create_app
from portal.config import Config
from portal.kernel.database import Database


@dataclass(frozen=True)
class Kept:
    """An application with its settings and parts as they were when it was put together."""

    app: Flask
    config: dict[str, Any]
    extensions: dict[str, Any]


_kept: dict[Config, Kept] = {}


@contextmanager
def application(config: Config) -> Iterator[Flask]:
    """The application with these settings, as new: what a test changed in it is put back.

    A test that adds pages to it must put its own together.
    """
    shape = replace(config, database_url="", operator_url="")
    kept = _kept.get(shape)
    if kept is None:
        app = create_app(config)
        kept = _kept[shape] = Kept(app, dict(app.config), dict(app.extensions))
        database = app.extensions["portal.database"]
    else:
        database = Database(config.database_url)
    app = kept.app
    app.config.clear()
    app.config.update(kept.config, OWNER_URL=config.owner_url)
    app.extensions.clear()
    app.extensions.update(kept.extensions)
    app.extensions["portal.database"] = database
    for limiter in app.extensions["limiter"]:
        limiter.reset()
    try:
        yield app
    finally:
        database.close()
