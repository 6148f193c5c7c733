"""A round with everybody around it."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.kernel.database import Database
from tests.frameworks.opening.scene import Scene, make_scene


@pytest.fixture
def scene(app: Flask, owner_database: Database) -> Scene:
    """One open round, an application to it, and the two people who open it."""
    return make_scene(app, owner_database)
