"""What happens to complaints, in their senders' and everybody else's hands, in words."""

from __future__ import annotations

from collections.abc import Mapping

from portal.complaints.alerts import actions as alerts
from portal.complaints.entering import actions as entering
from portal.complaints.following import actions as following
from portal.complaints.handling.actions import case, taking_out
from portal.complaints.keeping import actions as keeping
from portal.complaints.learning import actions as learning
from portal.complaints.making import actions as making
from portal.complaints.sharing import actions as sharing

WORDS: Mapping[str, str] = {
    making.Event.SENT: "Sent a complaint, a compliment or a worry",
    following.Event.FOLLOWED: "Came back to what they had sent",
    following.Event.REPLIED: "Wrote to the council about what they had sent",
    following.Event.NAMED: "Said who they are, after they had sent it",
    following.Event.TAKEN_BACK: "Took back what they had sent",
    entering.Event.ENTERED: "Entered what somebody told the council",
    entering.Event.CODE_GIVEN: "Gave whoever complained a code to follow it with",
    case.Event.TAKEN_UP: "Put a complaint on its track",
    case.Event.WRITTEN_TO: "Wrote to whoever complained",
    case.Event.ACKNOWLEDGED: "Acknowledged a complaint",
    case.Event.EXTENDED: "Took longer for a complaint, and told why",
    case.Event.AGREED: "Noted that a complaint was agreed in writing",
    case.Event.PANEL_MET: "Noted that the panel met",
    case.Event.PANEL_REPORTED: "Noted the panel's report",
    case.Event.ANSWERED: "Answered a stage of a complaint",
    case.Event.WENT_FURTHER: "Began the next stage of a complaint",
    case.Event.PAUSED: "Paused a complaint for a court or the police",
    case.Event.RESUMED: "Went on with a paused complaint",
    case.Event.PERSON_ADDED: "Named a person in a complaint",
    case.Event.PERSON_DECLARED: "Said whether anything stands between them and a complaint",
    case.Event.PERSON_LEFT: "Ended somebody's part in a complaint",
    case.Event.POINT_ADDED: "Added a point to a complaint",
    case.Event.POINT_DECIDED: "Decided a point of a complaint",
    case.Event.ADVOCATE_NOTED: "Noted what became of the offer of an advocate",
    case.Event.PROMISED: "Promised an action because of a complaint",
    case.Event.PROMISE_KEPT: "Noted that a promised action was done",
    case.Event.OMBUDSMAN: "Noted that the Ombudsman has a complaint",
    case.Event.CLOSED: "Closed a complaint",
    case.Event.REOPENED: "Opened a complaint again",
    case.Event.WITHDRAWN: "Noted that a complaint was withdrawn",
    case.Event.HELD: "Put a legal hold on a complaint",
    case.Event.RELEASED: "Ended the legal hold on a complaint",
    taking_out.Event.LETTER: "Took a letter out as a file",
    taking_out.Event.COPY: "Took a copy of a complaint for the person it is about",
    alerts.Event.TAKEN: "Took a safeguarding alert",
    alerts.Event.ESCALATED: "Reminded of a safeguarding alert that nobody had taken",
    sharing.Event.SHARED: "Shared a complaint with a provider",
    sharing.Event.TAKEN_BACK: "Took a shared complaint back from a provider",
    sharing.Event.ANSWERED: "Answered a shared complaint",
    sharing.Event.LOGGED: "Put a complaint in the provider's own log",
    sharing.Event.LOG_CHANGED: "Noted what came of a complaint in the provider's own log",
    learning.Event.LEARNED: "Noted what was learned from a complaint",
    learning.Event.REPORTED: "Told the Virtual School of a complaint",
    learning.Event.READ: "Read a report to the Virtual School",
    keeping.Event.YEARS_SET: "Set how long complaints are kept",
    keeping.Event.REMOVED: "Removed a complaint whose years were over",
}
