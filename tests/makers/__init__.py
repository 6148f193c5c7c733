"""Rows for tests, each with invented figures that a test may name instead.

Every maker takes an open session of the operator's, adds its rows, flushes, and gives the row:

    with owner_database.transaction(Scope.system(Task.OPERATOR)) as session:
        council = make_council(session)

A whole small world of councils and providers is in ``tests.world``.
"""

from tests.makers.agreements import (
    make_agreement,
    make_agreement_price,
    make_assignment,
    make_mentor,
)
from tests.makers.complaints import (
    make_attachment,
    make_complaint,
    make_entry,
    make_message,
    make_unsent_complaint,
)
from tests.makers.delivered import make_correction, make_plan, make_session, make_stay
from tests.makers.evidence import (
    make_bank_details,
    make_document,
    make_evidence,
    make_judgement,
    make_vat_standing,
)
from tests.makers.factors import make_authenticator, make_factors
from tests.makers.files import make_stored_file
from tests.makers.frameworks import make_budget, make_category, make_framework, make_place
from tests.makers.guidance import make_contact, make_exit_address, make_procedure
from tests.makers.handling import (
    make_case,
    make_case_person,
    make_learning,
    make_own_complaint,
    make_shared,
    make_whole_case,
)
from tests.makers.lots import (
    make_category_terms,
    make_demand,
    make_framework_change,
    make_place_change,
    make_set_up,
    make_terms,
)
from tests.makers.parties import make_council, make_membership, make_person, make_provider
from tests.makers.people import (
    make_invitation,
    make_link,
    make_papers,
    make_request,
    make_review,
)
from tests.makers.rights import make_hold, make_rights
from tests.makers.rounds import (
    make_application,
    make_open_round,
    make_opened_round,
    make_round,
    make_submission,
)
from tests.makers.rows import PASSWORD, RECORDED_AT
from tests.makers.signing_in import csrf_token, sign_in
from tests.makers.telling import (
    make_background,
    make_job,
    make_letter,
    make_notice,
    make_preference,
)

__all__ = [
    "PASSWORD",
    "RECORDED_AT",
    "csrf_token",
    "make_agreement",
    "make_agreement_price",
    "make_application",
    "make_assignment",
    "make_attachment",
    "make_authenticator",
    "make_background",
    "make_bank_details",
    "make_budget",
    "make_case",
    "make_case_person",
    "make_category",
    "make_category_terms",
    "make_complaint",
    "make_contact",
    "make_correction",
    "make_council",
    "make_demand",
    "make_document",
    "make_entry",
    "make_evidence",
    "make_exit_address",
    "make_factors",
    "make_framework",
    "make_framework_change",
    "make_hold",
    "make_invitation",
    "make_job",
    "make_judgement",
    "make_learning",
    "make_letter",
    "make_link",
    "make_membership",
    "make_mentor",
    "make_message",
    "make_notice",
    "make_open_round",
    "make_opened_round",
    "make_own_complaint",
    "make_papers",
    "make_person",
    "make_place",
    "make_place_change",
    "make_plan",
    "make_preference",
    "make_procedure",
    "make_provider",
    "make_request",
    "make_review",
    "make_rights",
    "make_round",
    "make_session",
    "make_set_up",
    "make_shared",
    "make_stay",
    "make_stored_file",
    "make_submission",
    "make_terms",
    "make_unsent_complaint",
    "make_vat_standing",
    "make_whole_case",
    "sign_in",
]
