"""What happens to an organisation's people, with the words that its history says."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Event(StrEnum):
    """One name per happening."""

    INVITED = "people:invitation:sent"
    INVITED_AGAIN = "people:invitation:resent"
    INVITATION_WITHDRAWN = "people:invitation:withdrawn"
    ASKED_TO_JOIN = "people:request:received"
    REQUEST_DECLINED = "people:request:declined"
    JOINED = "people:member:joined"
    ROLES_CHANGED = "people:member:roles-changed"
    LEFT = "people:member:left"
    FACTOR_RESET_STARTED = "people:member:second-factor-reset-started"
    CONFIRMED = "people:review:confirmed"
    REVIEW_FINISHED = "people:review:finished"
    REVIEW_REMINDED = "people:review:reminded"
    SETTING_CHANGED = "people:setting:changed"
    ORGANISATION_CREATED = "people:organisation:created"
    REGISTERED = "people:organisation:registered"
    UNLOCKED = "people:member:unlocked"
    SIGN_INS_ENDED = "people:member:sign-ins-ended"


WORDS: Mapping[str, str] = {
    Event.INVITED: "Invited somebody",
    Event.INVITED_AGAIN: "Sent an invitation again",
    Event.INVITATION_WITHDRAWN: "Withdrew an invitation",
    Event.ASKED_TO_JOIN: "Asked to join",
    Event.REQUEST_DECLINED: "Declined a request to join",
    Event.JOINED: "Accepted an invitation",
    Event.ROLES_CHANGED: "Changed somebody's roles",
    Event.LEFT: "Ended somebody's access",
    Event.FACTOR_RESET_STARTED: "Let somebody set up a new second factor",
    Event.CONFIRMED: "Confirmed somebody's roles",
    Event.REVIEW_FINISHED: "Finished the review of access",
    Event.REVIEW_REMINDED: "Reminded the administrators to review access",
    Event.SETTING_CHANGED: "Changed the organisation's settings",
    Event.ORGANISATION_CREATED: "Created the organisation",
    Event.REGISTERED: "Registered the organisation",
    Event.UNLOCKED: "Unlocked somebody",
    Event.SIGN_INS_ENDED: "Ended somebody's sign-ins",
}
