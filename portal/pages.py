"""Every blueprint, what all pages are given, and how errors are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from flask import Flask, current_app, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from portal.agreements.changing import routes as changing
from portal.agreements.clocks import routes as clocks
from portal.agreements.conversations import routes as conversations
from portal.agreements.disclosing import routes as disclosing
from portal.agreements.mentors import routes as mentors
from portal.agreements.mentors.keeping import routes as mentor_records
from portal.agreements.offers import routes as offers
from portal.agreements.orders import routes as orders
from portal.agreements.places import routes as places
from portal.agreements.subcontractors import routes as subcontractors
from portal.agreements.substitutes import routes as substitutes
from portal.agreements.transfers import routes as transfers
from portal.agreements.uplifts import routes as uplifts
from portal.agreements.variations import routes as variations
from portal.budgets import routes as budgets
from portal.complaints.alerts import routes as alerts
from portal.complaints.appointments import routes as appointments
from portal.complaints.browser import leaves_a_trace
from portal.complaints.entering import routes as entering
from portal.complaints.following import routes as following
from portal.complaints.guidance import routes as guidance
from portal.complaints.guidance import statements
from portal.complaints.guidance.contacts import routes as contacts
from portal.complaints.guidance.procedures import routes as procedures
from portal.complaints.guidance.rules import DEFAULT_EXIT
from portal.complaints.handling import routes as complaints
from portal.complaints.keeping import routes as keeping
from portal.complaints.learning import routes as learning
from portal.complaints.making import routes as making
from portal.complaints.sharing import routes as sharing
from portal.delivery import routes as delivery
from portal.delivery.concerns import routes as concerns
from portal.delivery.meetings import routes as meetings
from portal.delivery.meetings.contributions import routes as contributions
from portal.delivery.outcomes import routes as progress
from portal.delivery.reports import routes as reports
from portal.delivery.risks import routes as risks
from portal.delivery.terms import routes as terms
from portal.delivery.today import routes as today
from portal.evidence import routes as evidence
from portal.frameworks import routes as frameworks
from portal.frameworks.applications import routes as applications
from portal.frameworks.applications.receiving import routes as receipts
from portal.frameworks.evaluation import routes as evaluation
from portal.frameworks.evaluation.compliance import routes as compliance
from portal.frameworks.evaluation.deciding import routes as deciding
from portal.frameworks.evaluation.evaluators import routes as evaluators
from portal.frameworks.evaluation.letters import routes as letters
from portal.frameworks.evaluation.moderating import routes as moderating
from portal.frameworks.evaluation.outcomes import routes as outcomes
from portal.frameworks.evaluation.scoring import routes as scoring
from portal.frameworks.evaluation.signing import routes as signing
from portal.frameworks.lots import routes as lots
from portal.frameworks.lots.categories import routes as categories
from portal.frameworks.lots.demands import routes as demands
from portal.frameworks.lots.prices import routes as asked_prices
from portal.frameworks.lots.publishing import routes as published
from portal.frameworks.opening import routes as opening
from portal.frameworks.opening.keys import routes as opening_keys
from portal.frameworks.providers import routes as providers
from portal.frameworks.questions import routes as questions
from portal.frameworks.rounds import routes as rounds
from portal.frameworks.rounds.clarifications import routes as clarifications
from portal.frameworks.rounds.extending import routes as extending
from portal.frameworks.rounds.late_doors import routes as late_doors
from portal.frameworks.rounds.opportunities import routes as opportunities
from portal.frameworks.standing import routes as standing
from portal.home import routes as home
from portal.identity import routes as identity
from portal.identity.factors import routes as factors
from portal.identity.factors import second_step
from portal.identity.people import routes as people
from portal.identity.people.invitations import routes as joining
from portal.identity.recovery import routes as recovery
from portal.identity.registration import routes as registration
from portal.identity.sign_ins import routes as account
from portal.identity.viewing import viewer
from portal.invoicing import routes as invoicing
from portal.invoicing.caps import routes as caps
from portal.kernel.clock import now
from portal.kernel.errors import DomainError, SignedOut
from portal.kernel.fragments import render
from portal.kernel.jobs import routes as jobs
from portal.kernel.reading.ways import way
from portal.kernel.session import close_session, db
from portal.kernel.wording import say_datetime
from portal.navigation import Link, navigation_for
from portal.notices import routes as notices
from portal.notices.queries import unread
from portal.referrals import routes as referrals
from portal.referrals.answering import routes as inbox
from portal.referrals.asking import routes as referral_questions
from portal.referrals.capacity import routes as capacity
from portal.referrals.making import routes as referring
from portal.referrals.young_people import routes as known
from portal.reporting.agreements import routes as agreements
from portal.reporting.complaints import routes as complaint_figures
from portal.reporting.record import routes as record
from portal.reporting.rounds import routes as pictures
from portal.rights import routes as retention
from portal.rights.copies import routes as copies

if TYPE_CHECKING:
    from flask.typing import RouteCallable

BLUEPRINTS = (
    identity.routes,
    second_step.routes,
    account.routes,
    factors.routes,
    joining.routes,
    recovery.routes,
    registration.routes,
    people.routes,
    home.routes,
    notices.routes,
    jobs.routes,
    frameworks.routes,
    lots.routes,
    published.routes,
    categories.routes,
    asked_prices.routes,
    demands.routes,
    evaluation.routes,
    evaluators.routes,
    compliance.routes,
    scoring.routes,
    moderating.routes,
    deciding.routes,
    letters.routes,
    signing.routes,
    outcomes.routes,
    providers.routes,
    opening.routes,
    opening_keys.routes,
    receipts.routes,
    opportunities.routes,
    rounds.routes,
    questions.routes,
    clarifications.routes,
    extending.routes,
    late_doors.routes,
    applications.routes,
    places.routes,
    uplifts.routes,
    changing.routes,
    variations.routes,
    transfers.routes,
    subcontractors.routes,
    standing.routes,
    evidence.routes,
    referrals.routes,
    referring.routes,
    known.routes,
    inbox.routes,
    referral_questions.routes,
    capacity.routes,
    mentors.routes,
    mentor_records.routes,
    substitutes.routes,
    clocks.routes,
    offers.routes,
    orders.routes,
    agreements.routes,
    disclosing.routes,
    conversations.routes,
    concerns.routes,
    risks.routes,
    budgets.routes,
    caps.routes,
    delivery.routes,
    today.routes,
    terms.routes,
    progress.routes,
    reports.routes,
    meetings.routes,
    contributions.routes,
    record.routes,
    pictures.routes,
    retention.routes,
    copies.routes,
    invoicing.routes,
    guidance.routes,
    statements.routes,
    contacts.routes,
    procedures.routes,
    complaints.routes,
    alerts.routes,
    appointments.routes,
    sharing.routes,
    learning.routes,
    keeping.routes,
    complaint_figures.routes,
    making.routes,
    following.routes,
    entering.routes,
)
PUBLIC_SECTIONS = ("young-people", "accessibility", "privacy", "cookies")

# How often one address on the internet may send these; who is asked about has limits of its own.
THROTTLED = {
    "opening.give": "60 per hour",
    "opening_keys.change_phrase": "60 per hour",
    "identity.start": "30 per minute",
    "identity.start_with_passkey": "30 per minute",
    "joining.accept_as_new": "30 per hour",
    "joining.ask": "10 per hour",
    "recovery.ask_for_password": "20 per hour",
    "registration.register": "10 per hour",
    "registration.confirm_as_new": "30 per hour",
    "making.begin": "60 per hour",
    "making.send": "20 per hour",
    "following.open_it": "30 per 15 minutes",
}

HEADINGS = {
    400: "Nothing was saved",
    401: "You are no longer signed in",
    403: "You cannot do this",
    404: "Page not found",
    405: "Page not found",
    409: "That cannot be done now",
    410: "This link does not work any more",
    413: "The file is too large",
    422: "That cannot be saved as it is",
    429: "Too many attempts",
    500: "Something went wrong",
    503: "The portal cannot save at the moment",
}
SENTENCES = {
    400: "The portal could not understand what was sent.",
    403: "Your role does not let you do this. An administrator of your organisation can change it.",
    404: "There is nothing at this address that you can see.",
    405: "This address cannot be used that way.",
    413: "The file is too large. Send at most 20 MB at once, or send it in parts.",
    429: "There have been many attempts from here. Wait a minute, then try again.",
    500: "Something went wrong on our side. Nothing of what you sent was saved.",
    503: "The portal cannot save at the moment. Nothing was lost: try again in a minute.",
}


def register_pages(app: Flask, limiter: Limiter) -> None:
    """Add the blueprints, the shared context and the error pages."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for endpoint, most in THROTTLED.items():
        throttled = limiter.limit(most)(app.view_functions[endpoint])
        app.view_functions[endpoint] = cast("RouteCallable", throttled)
    app.context_processor(_shared)
    app.register_error_handler(CSRFError, _signed_out)
    app.register_error_handler(SignedOut, _signed_out)
    app.register_error_handler(DomainError, _refused)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(IntegrityError, _changed_meanwhile)
    app.register_error_handler(OperationalError, _cannot_save)


def _shared() -> dict[str, Any]:
    """What the layout shows: who is signed in, where they can go, which clock this is."""
    person = current_user if current_user and current_user.is_authenticated else None
    clock = None
    if current_app.config["DEMONSTRATION"]:
        clock = f"The clock is set to {say_datetime(now())}. Nothing here is real."
    return {
        "viewer": person,
        "navigation": navigation_for(person) if person and person.scope else [],
        "footer_links": [
            Link("Accessibility", url_for("statements.accessibility")),
            Link("Privacy", url_for("statements.privacy")),
            Link("Cookies", url_for("statements.cookies")),
        ],
        "demonstration_clock": clock,
        "unread_notices": _unread_notices,
        "usual_exit": DEFAULT_EXIT,
        "leaves_a_trace": way() is not None and leaves_a_trace(),
    }


def _unread_notices() -> int:
    """Asked by the layout alone, so that a fragment does not count them."""
    person = viewer()
    if person.scope is None:
        return 0
    return unread(db(), person.person_id, person.organisation_id)


def _answer(status: int, sentence: str) -> Response:
    response = render(
        "_kit/public_error.html" if way() else "_kit/error.html",
        status=status,
        heading=HEADINGS.get(status, HEADINGS[500]),
        sentence=sentence,
        what_next=None,
        unread_notices=None,  # the database may be what is wrong
    )
    response.status_code = status
    return response


def _refused(error: Exception) -> ResponseReturnValue:
    assert isinstance(error, DomainError)
    return _answer(error.status, error.sentence)


def _http_error(error: Exception) -> ResponseReturnValue:
    assert isinstance(error, HTTPException)
    if error.response is not None:
        return error
    status = error.code or 500
    return _answer(status, SENTENCES.get(status, error.description or SENTENCES[400]))


def _signed_out(error: Exception) -> ResponseReturnValue:
    """A form sent by htmx stays on the page, so what was typed in it can still be copied."""
    kept = "HX-Request" in request.headers
    then = "Copy what you typed, sign in" if kept else "Sign in"
    status = 400 if isinstance(error, CSRFError) else SignedOut.status
    return _answer(status, f"{SignedOut.sentence} {then} again and send it once more.")


def _changed_meanwhile(error: Exception) -> ResponseReturnValue:
    current_app.logger.warning("refused by the database: %s", type(error.__cause__).__name__)
    return _answer(
        409,
        "Somebody else saved something at the same moment, so this was not saved. "
        "Open the page again to see it as it is now.",
    )


def _cannot_save(error: Exception) -> ResponseReturnValue:
    current_app.logger.error("the database did not answer: %s", type(error.__cause__).__name__)
    close_session()
    return _answer(503, SENTENCES[503])
