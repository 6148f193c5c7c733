"""The application that a page is about, of the provider that one works for."""

from __future__ import annotations

from uuid import UUID

from portal.frameworks.applications import queries
from portal.frameworks.applications.draft import Draft
from portal.identity.viewing import viewer
from portal.kernel.clock import local_date, now
from portal.kernel.session import db


def own_draft(application_id: UUID) -> Draft:
    """One's own application with all that it is held against today. Raises NotFound."""
    application = queries.get_application(db(), viewer().organisation_id, application_id)
    return queries.draft_of(db(), application, local_date(now()))
