"""Reminders: asked for by the clock, worked out for each organisation as that organisation."""

from __future__ import annotations

from collections.abc import Callable

from portal.identity.rules import OrganisationKind
from portal.kernel.jobs import Work, enqueue, every, job
from portal.kernel.tenancy import Task
from portal.notices.queries import organisations

Reminder = Callable[[Work], None]


def reminder(name: str, *, daily: str, of: OrganisationKind) -> Callable[[Reminder], Reminder]:
    """Register a reminder that runs once a day (London) for every council, or every provider.

    Each is a job of its own that sees what the organisation sees, so that one that fails keeps
    nobody else from being reminded. It tells with a ``key``, since it may come again.
    """

    def register(remind: Reminder) -> Reminder:
        job(f"{name}:one")(remind)

        @every(name, daily=daily, scope=Task.JOBS)
        def remind_each(work: Work) -> None:
            for organisation_id in organisations(work.session, of):
                enqueue(work.session, f"{name}:one", at=work.at, organisation_id=organisation_id)

        return remind

    return register
