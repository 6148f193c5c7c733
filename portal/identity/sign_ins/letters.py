"""The letters that tell a person what happened to their sign-in, so that they can object."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.identity.letters import write_to
from portal.identity.models import Person


def tell_of_new_browser(session: Session, person: Person, browser: str, *, at: datetime) -> None:
    """Somebody signed in as this person with a browser that was not known."""
    subject = "You signed in with a browser we have not seen before"
    template = "sign_ins/post/new_browser.txt"
    write_to(session, person, subject, template, at=at, browser=browser, when=at)


def tell_of_lock_out(session: Session, person: Person, *, at: datetime) -> None:
    """Ten wrong passwords or codes: nobody can sign in as this person for 15 minutes."""
    subject = "Nobody can sign in as you for 15 minutes"
    write_to(session, person, subject, "sign_ins/post/locked_out.txt", at=at, when=at)


def tell_of_change(session: Session, person: Person, what: str, *, at: datetime) -> None:
    """Something that signs the person in was added, changed or removed.

    ``what`` goes on after "On 2 October 2026 at 9am ": "a passkey was added to your account".
    """
    subject = "How you sign in has changed"
    write_to(session, person, subject, "sign_ins/post/changed.txt", at=at, what=what, when=at)
