"""Every table of the portal, for migrations and for start-up."""

from __future__ import annotations

from importlib import import_module

PACKAGES = (
    "kernel.clock",
    "kernel.session",
    "kernel.jobs.models",
    "kernel.post.models",
    "kernel.files.models",
    "audit.models",
    "identity.models",
    "identity.factors.models",
    "identity.people.invitations.models",
    "identity.people.reviews.models",
    "identity.recovery.models",
    "identity.registration.models",
    "notices.models",
    "evidence.models",
    "frameworks.models",
    "frameworks.lots.models",
    "frameworks.standing.models",
    "frameworks.questions.models",
    "frameworks.rounds.models",
    "frameworks.rounds.clarifications.models",
    "frameworks.applications.models",
    "frameworks.applications.opened",
    "frameworks.opening.models",
    "frameworks.evaluation.models",
    "frameworks.evaluation.deciding.models",
    "frameworks.evaluation.letters.models",
    "frameworks.evaluation.signing.models",
    "referrals.models",
    "referrals.asking.models",
    "referrals.capacity.models",
    "agreements.models",
    "agreements.mentors.models",
    "agreements.clocks.models",
    "agreements.substitutes.models",
    "agreements.offers.models",
    "agreements.orders.models",
    "agreements.disclosing.models",
    "agreements.uplifts.models",
    "agreements.changing.models",
    "agreements.variations.models",
    "agreements.transfers.models",
    "agreements.subcontractors.models",
    "delivery.models",
    "delivery.plans.models",
    "delivery.corrections.models",
    "budgets.models",
    "complaints.models",
    "complaints.guidance.models",
    "complaints.handling.models",
    "complaints.entering.models",
    "complaints.sharing.models",
    "complaints.learning.models",
    "complaints.keeping.models",
    "invoicing.models",
    "invoicing.corrections.models",
    "rights.models",
    "rights.copies.models",
)


def load_models() -> None:
    """Import each module that holds tables, so that the metadata is whole."""
    for name in PACKAGES:
        import_module(f"portal.{name}")
