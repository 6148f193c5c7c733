"""Every module that registers itself: jobs, what runs by the clock, what counts for others."""

from __future__ import annotations

from importlib import import_module

MODULES = (
    "kernel.jobs.sweep",
    "kernel.files.background",
    "kernel.post.sending",
    "notices.delivery",
    "notices.returned",
    "evidence.reminders",
    "frameworks.applications.submitting.reminders",
    "frameworks.rounds.reminders",
    "frameworks.rounds.telling",
    "frameworks.standing.actions",
    "referrals.making.waiting",
    "agreements.occupancy",
    "agreements.clocks.reminders",
    "agreements.mentors.reminders",
    "agreements.substitutes.ending",
    "agreements.changing.turning",
    "delivery.ledger",
    "delivery.reports.reminders",
    "delivery.concerns.reaching",
    "invoicing.reminders",
    "complaints.alerts.actions",
    "complaints.handling.reminders",
    "complaints.keeping.actions",
    "complaints.making.retention",
    "complaints.guidance.jobs",
    "identity.people.invitations.actions.joining",
    "identity.people.reviews.reminders",
    "identity.recovery.actions.details",
    "identity.recovery.actions.links",
    "identity.registration.actions",
    "reporting.record.stating",
    "rights.sweeping",
    "rights.copies.making",
)


def load_handlers() -> None:
    """Import them, so that a job can be asked for and a worker knows what to do."""
    for name in MODULES:
        import_module(f"portal.{name}")
