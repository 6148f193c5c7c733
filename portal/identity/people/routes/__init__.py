"""The pages about an organisation's people, one module a journey, in the blueprint ``people``."""

from __future__ import annotations

from portal.identity.people.routes import (
    invitations,
    listing,
    requests,
    reviews,
    roles,
    settings,
)
from portal.identity.people.routes.blueprint import routes

__all__ = ["invitations", "listing", "requests", "reviews", "roles", "routes", "settings"]
