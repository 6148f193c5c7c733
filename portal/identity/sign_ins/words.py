"""What happened to a person's sign-in, in the words of their history and of the record."""

from __future__ import annotations

from collections.abc import Mapping

from portal.identity.actions import Event as SignInEvent
from portal.identity.factors.actions import Event as FactorEvent
from portal.identity.sign_ins.actions import Event as OwnEvent

IN_HISTORY: Mapping[str, str] = {
    SignInEvent.SIGNED_IN: "Signed in",
    SignInEvent.PASSWORD_GIVEN: "Gave the password; the second step was still to come",
    SignInEvent.SIGN_IN_FAILED: "Gave a wrong password",
    SignInEvent.SECOND_STEP_FAILED: "Gave a wrong code or passkey",
    SignInEvent.LOCKED_OUT: "Was locked out for 15 minutes after ten wrong passwords or codes",
    SignInEvent.SIGNED_OUT: "Signed out",
    OwnEvent.ENDED: "Signed out another browser",
    OwnEvent.PASSWORD_CHANGED: "Changed the password",
    FactorEvent.APP_ADDED: "Added an app that shows codes",
    FactorEvent.APP_REMOVED: "Removed the app that shows codes",
    FactorEvent.PASSKEY_ADDED: "Added a passkey",
    FactorEvent.PASSKEY_REMOVED: "Removed a passkey",
    FactorEvent.PASSKEY_REFUSED: "A passkey was refused; it may have been copied",
    FactorEvent.CODES_MADE: "Made new recovery codes",
    FactorEvent.CODE_USED: "Used a recovery code",
}
WORDS: Mapping[str, str] = {
    **IN_HISTORY,
    SignInEvent.ORGANISATION_CHOSEN: "Began to work as",
}
