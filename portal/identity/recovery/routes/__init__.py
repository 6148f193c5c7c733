"""Ways back in, and one's own details; all in the blueprint ``recovery``."""

from __future__ import annotations

from portal.identity.recovery.routes import addresses, details, links
from portal.identity.recovery.routes.blueprint import routes

__all__ = ["addresses", "details", "links", "routes"]
