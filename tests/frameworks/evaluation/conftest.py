"""An opened round with the four councils that evaluate it."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.kernel.database import Database
from tests.frameworks.evaluation.scene import Scene, make_scene


@pytest.fixture
def scene(app: Flask, owner_database: Database) -> Scene:
    """One round whose bids were opened on 1 December 2026, and everybody around it."""
    return make_scene(app, owner_database)
