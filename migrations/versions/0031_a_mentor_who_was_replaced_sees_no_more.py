"""A mentor who was replaced or rejected sees no more; a person is asked after in two places"""

from __future__ import annotations

from alembic import op

from portal.kernel.row_security import protect, unprotect

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

# Who may read and who may write each table's rows, as the models said when this was written.
ROW_SECURITY = {
    "agreement": (
        "(agreement.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR agreement.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = agreement.id AND assignment_1.over_at IS NULL AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID)))) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'referrals'",
        "agreement.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR agreement.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "agreement_clock": (
        "(agreement_clock.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR agreement_clock.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = agreement_clock.agreement_id AND assignment_1.over_at IS NULL AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID))))",
        "agreement_clock.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR agreement_clock.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "agreement_ending": (
        "(agreement_ending.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR agreement_ending.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = agreement_ending.agreement_id AND assignment_1.over_at IS NULL AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID))))",
        "agreement_ending.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR agreement_ending.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "agreement_price": (
        "(agreement_price.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR agreement_price.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = agreement_price.agreement_id AND assignment_1.over_at IS NULL AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID))))",
        "agreement_price.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR agreement_price.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "contact_record": (
        "(contact_record.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR contact_record.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = contact_record.agreement_id AND assignment_1.over_at IS NULL AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID))))",
        "contact_record.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "contribution": (
        "(contribution.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR contribution.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = contribution.agreement_id AND assignment_1.over_at IS NULL AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID))))",
        "contribution.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR contribution.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "conversation": (
        "(conversation.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR conversation.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = conversation.agreement_id AND assignment_1.over_at IS NULL AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID))))",
        "conversation.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR conversation.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "conversation_file": (
        "EXISTS (SELECT conversation_1.id FROM conversation AS conversation_1 WHERE conversation_1.id = conversation_file.conversation_id AND (conversation_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR conversation_1.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = conversation_1.agreement_id AND assignment_1.over_at IS NULL AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID)))))",
        "conversation_file.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR conversation_file.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "conversation_message": (
        "EXISTS (SELECT conversation_1.id FROM conversation AS conversation_1 WHERE conversation_1.id = conversation_message.conversation_id AND (conversation_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR conversation_1.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = conversation_1.agreement_id AND assignment_1.over_at IS NULL AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID)))))",
        "conversation_message.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR conversation_message.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "delivery_correction": (
        "(delivery_correction.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR delivery_correction.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = delivery_correction.agreement_id AND assignment_1.over_at IS NULL AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID)))) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'presence'",
        "delivery_correction.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "delivery_session": (
        "(delivery_session.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR delivery_session.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = delivery_session.agreement_id AND assignment_1.over_at IS NULL AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID)))) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'presence'",
        "delivery_session.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "disclosure": (
        "(disclosure.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR disclosure.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = disclosure.agreement_id AND assignment_1.over_at IS NULL AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID))))",
        "disclosure.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR disclosure.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "mentor": (
        "mentor.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 WHERE assignment_1.mentor_id = mentor.id AND assignment_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'presence'",
        "mentor.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "order_form": (
        "(order_form.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR order_form.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = order_form.agreement_id AND assignment_1.over_at IS NULL AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID))))",
        "order_form.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR order_form.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "outcome_score": (
        "(outcome_score.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR outcome_score.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = outcome_score.agreement_id AND assignment_1.over_at IS NULL AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID))))",
        "outcome_score.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "outcome_scoring": (
        "(outcome_scoring.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR outcome_scoring.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = outcome_scoring.agreement_id AND assignment_1.over_at IS NULL AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID))))",
        "outcome_scoring.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "report_draft": (
        "report_draft.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) AND (report_draft.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR report_draft.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = report_draft.agreement_id AND assignment_1.over_at IS NULL AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID))))",
        "report_draft.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "report_file": (
        "(report_file.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR report_file.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = report_file.agreement_id AND assignment_1.over_at IS NULL AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID)))) AND (report_file.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR report_file.sent_at IS NOT NULL)",
        "report_file.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "report_submission": (
        "(report_submission.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR report_submission.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = report_submission.agreement_id AND assignment_1.over_at IS NULL AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID))))",
        "report_submission.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR report_submission.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "risk": (
        "(risk.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR risk.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = risk.agreement_id AND assignment_1.over_at IS NULL AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID))))",
        "risk.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR risk.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "session_plan": (
        "(session_plan.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR session_plan.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = session_plan.agreement_id AND assignment_1.over_at IS NULL AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID))))",
        "session_plan.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "stay": (
        "(stay.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR stay.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = stay.agreement_id AND assignment_1.over_at IS NULL AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID))))",
        "stay.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "subcontractor": (
        "(subcontractor.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR subcontractor.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = subcontractor.agreement_id AND assignment_1.over_at IS NULL AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID))))",
        "subcontractor.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR subcontractor.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "substitution": (
        "(substitution.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR substitution.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = substitution.agreement_id AND assignment_1.over_at IS NULL AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID))))",
        "substitution.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR substitution.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "suspension": (
        "(suspension.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR suspension.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = suspension.agreement_id AND assignment_1.over_at IS NULL AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID))))",
        "suspension.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR suspension.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "termly_report": (
        "(termly_report.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR termly_report.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = termly_report.agreement_id AND assignment_1.over_at IS NULL AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID))))",
        "termly_report.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR termly_report.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "transfer": (
        "(transfer.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR transfer.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = transfer.agreement_id AND assignment_1.over_at IS NULL AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID)))) OR transfer.to_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
        "transfer.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR transfer.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR transfer.to_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "variation": (
        "(variation.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR variation.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR (EXISTS (SELECT assignment_1.id FROM assignment AS assignment_1 JOIN mentor AS mentor_1 ON mentor_1.id = assignment_1.mentor_id WHERE assignment_1.agreement_id = variation.agreement_id AND assignment_1.over_at IS NULL AND mentor_1.person_id = CAST(nullif(current_setting('app.assigned', true), '') AS UUID))))",
        "variation.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR variation.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
}
SINCE = (
    " AND assignment_1.over_at IS NULL",
    " OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'presence'",
)
OVER_AT = "over_at {instant} CONSTRAINT over_after_a_last_day CHECK (over_at IS NULL OR ends_on IS NOT NULL)"


def upgrade() -> None:
    own = op.get_bind().dialect.name == "postgresql"
    over_at = OVER_AT.format(instant="TIMESTAMP WITH TIME ZONE" if own else "DATETIME")
    op.execute(f"ALTER TABLE assignment ADD COLUMN {over_at}")
    op.execute(
        f"ALTER TABLE delivery_correction ADD COLUMN instead_id {'UUID' if own else 'CHAR(32)'}"
    )
    for table, (seen, written) in ROW_SECURITY.items():
        unprotect(table)
        protect(table, seen=seen, written=written)


def downgrade() -> None:
    for table, (seen, written) in ROW_SECURITY.items():
        unprotect(table)
        before = seen.replace(SINCE[0], "").replace(SINCE[1], "")
        protect(table, seen=before, written=written)
    op.execute("ALTER TABLE delivery_correction DROP COLUMN instead_id")
    op.execute("ALTER TABLE assignment DROP COLUMN over_at")
