"""What an organisation decides for all its people."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.audit.actions import Actor, Subject, record
from portal.identity.models import OrganisationSetting
from portal.identity.people.events import Event
from portal.identity.people.queries import lock_organisation
from portal.identity.queries import setting_of
from portal.kernel.errors import NotFound, Stale


def change_settings(
    session: Session,
    actor: Actor,
    *,
    second_factor_for_all: bool,
    contact_email: str,
    version: int,
    at: datetime,
) -> OrganisationSetting:
    """Keep what the organisation decided; everybody without a second factor is asked for one.

    Raises Stale when somebody changed the settings since the form of that version was opened.
    """
    if actor.organisation_id is None:
        raise NotFound
    organisation = lock_organisation(session, actor.organisation_id)
    setting = setting_of(session, organisation.id)
    if setting.version != version:
        raise Stale
    setting.second_factor_for_all = second_factor_for_all
    setting.contact_email = contact_email.lower() or None
    setting.version += 1
    session.add(setting)
    record(
        session,
        actor,
        Event.SETTING_CHANGED,
        Subject("organisation", organisation.id, organisation.name),
        at=at,
        second_factor_for_all=second_factor_for_all,
    )
    return setting
