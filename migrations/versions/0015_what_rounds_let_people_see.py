"""What rounds let people see: announced frameworks, opened applicants, and more kinds of evidence"""

from __future__ import annotations

from portal.kernel.row_security import protect, unprotect, widen

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

# Who may read and who may write each table's rows, as the models said when this was written.
ROW_SECURITY = {
    "audit_event": (
        "(audit_event.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR audit_event.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR audit_event.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR audit_event.person_id = CAST(nullif(current_setting('app.person', true), '') AS UUID)) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'jobs' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'post' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
        "audit_event.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR audit_event.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR audit_event.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'jobs' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'post' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
    ),
    "place": (
        "place.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = place.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk'",
        "place.lead_council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds'",
    ),
    "job": (
        "job.person_id = CAST(nullif(current_setting('app.person', true), '') AS UUID) AND job.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'jobs' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'post' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
        "job.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'jobs' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'post' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
    ),
    "membership_role": (
        "(EXISTS (SELECT membership_1.id FROM membership AS membership_1 WHERE membership_1.id = membership_role.membership_id AND (membership_1.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR membership_1.person_id = CAST(nullif(current_setting('app.person', true), '') AS UUID)))) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'jobs' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'post' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
        "coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
    ),
    "evidence_judgement": (
        "evidence_judgement.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT place_1.id FROM place AS place_1 JOIN framework_council AS framework_council_1 ON framework_council_1.framework_id = place_1.framework_id WHERE place_1.provider_id = evidence_judgement.provider_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR (EXISTS (SELECT application_1.id FROM application AS application_1 JOIN round AS round_1 ON round_1.id = application_1.round_id JOIN framework_council AS framework_council_2 ON framework_council_2.framework_id = application_1.framework_id WHERE application_1.provider_id = evidence_judgement.provider_id AND round_1.opened_at IS NOT NULL AND framework_council_2.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)))",
        "evidence_judgement.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "stored_file": (
        "stored_file.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR stored_file.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR stored_file.following_id = CAST(nullif(current_setting('app.following', true), '') AS UUID) OR (EXISTS (SELECT shared_complaint_file_1.id FROM shared_complaint_file AS shared_complaint_file_1 JOIN shared_complaint AS shared_complaint_1 ON shared_complaint_1.id = shared_complaint_file_1.shared_id WHERE shared_complaint_file_1.stored_file_id = stored_file.id AND shared_complaint_file_1.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) AND shared_complaint_1.taken_back_at IS NULL)) OR (EXISTS (SELECT evidence_document_1.id FROM evidence_document AS evidence_document_1 WHERE evidence_document_1.file_id = stored_file.id AND (evidence_document_1.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT place_1.id FROM place AS place_1 JOIN framework_council AS framework_council_1 ON framework_council_1.framework_id = place_1.framework_id WHERE place_1.provider_id = evidence_document_1.provider_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR (EXISTS (SELECT application_1.id FROM application AS application_1 JOIN round AS round_1 ON round_1.id = application_1.round_id JOIN framework_council AS framework_council_2 ON framework_council_2.framework_id = application_1.framework_id WHERE application_1.provider_id = evidence_document_1.provider_id AND round_1.opened_at IS NOT NULL AND framework_council_2.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)))))) OR (EXISTS (SELECT application_file_1.id FROM application_file AS application_file_1 WHERE application_file_1.file_id = stored_file.id AND (application_file_1.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT framework_council_3.council_id FROM framework_council AS framework_council_3 WHERE framework_council_3.framework_id = application_file_1.framework_id AND framework_council_3.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) AND (EXISTS (SELECT round_2.id FROM round AS round_2 WHERE round_2.id = application_file_1.round_id AND round_2.opened_at IS NOT NULL))))) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'jobs' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
        "stored_file.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR stored_file.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'jobs' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
    ),
    "evidence_document": (
        "evidence_document.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT place_1.id FROM place AS place_1 JOIN framework_council AS framework_council_1 ON framework_council_1.framework_id = place_1.framework_id WHERE place_1.provider_id = evidence_document.provider_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR (EXISTS (SELECT application_1.id FROM application AS application_1 JOIN round AS round_1 ON round_1.id = application_1.round_id JOIN framework_council AS framework_council_2 ON framework_council_2.framework_id = application_1.framework_id WHERE application_1.provider_id = evidence_document.provider_id AND round_1.opened_at IS NOT NULL AND framework_council_2.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)))",
        "evidence_document.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "organisation": (
        "organisation.id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR CAST(nullif(current_setting('app.organisation', true), '') AS UUID) IS NOT NULL AND (organisation.kind = 'council' OR (EXISTS (SELECT place_1.id FROM place AS place_1 JOIN framework_council AS framework_council_1 ON framework_council_1.framework_id = place_1.framework_id WHERE place_1.provider_id = organisation.id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR (EXISTS (SELECT application_1.id FROM application AS application_1 JOIN round AS round_1 ON round_1.id = application_1.round_id JOIN framework_council AS framework_council_1 ON framework_council_1.framework_id = application_1.framework_id WHERE application_1.provider_id = organisation.id AND round_1.opened_at IS NOT NULL AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)))) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'jobs' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'post' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
        "organisation.id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
    ),
    "framework": (
        "(EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = framework.id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR (EXISTS (SELECT place_1.id FROM place AS place_1 WHERE place_1.framework_id = framework.id AND place_1.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR (EXISTS (SELECT round_1.id FROM round AS round_1 WHERE round_1.framework_id = framework.id AND round_1.announced_at IS NOT NULL AND CAST(nullif(current_setting('app.organisation', true), '') AS UUID) IS NOT NULL)) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds'",
        "framework.lead_council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "category": (
        "(EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = category.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR (EXISTS (SELECT place_1.id FROM place AS place_1 WHERE place_1.framework_id = category.framework_id AND place_1.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR (EXISTS (SELECT round_1.id FROM round AS round_1 WHERE round_1.framework_id = category.framework_id AND round_1.announced_at IS NOT NULL AND CAST(nullif(current_setting('app.organisation', true), '') AS UUID) IS NOT NULL)) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds'",
        "category.lead_council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "organisation_setting": (
        "organisation_setting.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'jobs' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'post' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
        "organisation_setting.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
    ),
    "lot": (
        "(EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = lot.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR (EXISTS (SELECT place_1.id FROM place AS place_1 WHERE place_1.framework_id = lot.framework_id AND place_1.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR (EXISTS (SELECT round_1.id FROM round AS round_1 WHERE round_1.framework_id = lot.framework_id AND round_1.announced_at IS NOT NULL AND CAST(nullif(current_setting('app.organisation', true), '') AS UUID) IS NOT NULL)) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds'",
        "lot.lead_council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "membership": (
        "membership.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR membership.person_id = CAST(nullif(current_setting('app.person', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'jobs' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'post' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
        "membership.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
    ),
    "place_price": (
        "place_price.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = place_price.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds'",
        "place_price.lead_council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds'",
    ),
    "evidence": (
        "evidence.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT place_1.id FROM place AS place_1 JOIN framework_council AS framework_council_1 ON framework_council_1.framework_id = place_1.framework_id WHERE place_1.provider_id = evidence.provider_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR (EXISTS (SELECT application_1.id FROM application AS application_1 JOIN round AS round_1 ON round_1.id = application_1.round_id JOIN framework_council AS framework_council_2 ON framework_council_2.framework_id = application_1.framework_id WHERE application_1.provider_id = evidence.provider_id AND round_1.opened_at IS NOT NULL AND framework_council_2.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)))",
        "evidence.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "person": (
        "person.id = CAST(nullif(current_setting('app.person', true), '') AS UUID) OR (EXISTS (SELECT membership_1.id FROM membership AS membership_1 WHERE membership_1.person_id = person.id AND membership_1.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'jobs' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'post' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
        "coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
    ),
    "framework_council": (
        "CAST(nullif(current_setting('app.organisation', true), '') AS UUID) IS NOT NULL OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'rounds'",
        "framework_council.lead_council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
}
BEFORE = {
    "audit_event": (
        "(audit_event.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR audit_event.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR audit_event.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR audit_event.person_id = CAST(nullif(current_setting('app.person', true), '') AS UUID)) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'jobs' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'post' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
        "audit_event.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR audit_event.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR audit_event.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'jobs' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'post' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
    ),
    "place": (
        "place.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = place.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk'",
        "place.lead_council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "job": (
        "job.person_id = CAST(nullif(current_setting('app.person', true), '') AS UUID) AND job.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'jobs' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'post' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
        "job.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'jobs' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'post' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
    ),
    "membership_role": (
        "(EXISTS (SELECT membership_1.id FROM membership AS membership_1 WHERE membership_1.id = membership_role.membership_id AND (membership_1.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR membership_1.person_id = CAST(nullif(current_setting('app.person', true), '') AS UUID)))) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'jobs' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'post' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
        "coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
    ),
    "evidence_judgement": (
        "evidence_judgement.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT place_1.id FROM place AS place_1 JOIN framework_council AS framework_council_1 ON framework_council_1.framework_id = place_1.framework_id WHERE place_1.provider_id = evidence_judgement.provider_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)))",
        "evidence_judgement.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "stored_file": (
        "stored_file.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR stored_file.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR stored_file.following_id = CAST(nullif(current_setting('app.following', true), '') AS UUID) OR (EXISTS (SELECT shared_complaint_file_1.id FROM shared_complaint_file AS shared_complaint_file_1 JOIN shared_complaint AS shared_complaint_1 ON shared_complaint_1.id = shared_complaint_file_1.shared_id WHERE shared_complaint_file_1.stored_file_id = stored_file.id AND shared_complaint_file_1.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) AND shared_complaint_1.taken_back_at IS NULL)) OR (EXISTS (SELECT evidence_document_1.id FROM evidence_document AS evidence_document_1 WHERE evidence_document_1.file_id = stored_file.id AND (evidence_document_1.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT place_1.id FROM place AS place_1 JOIN framework_council AS framework_council_1 ON framework_council_1.framework_id = place_1.framework_id WHERE place_1.provider_id = evidence_document_1.provider_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)))))) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'jobs' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
        "stored_file.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR stored_file.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'jobs' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
    ),
    "evidence_document": (
        "evidence_document.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT place_1.id FROM place AS place_1 JOIN framework_council AS framework_council_1 ON framework_council_1.framework_id = place_1.framework_id WHERE place_1.provider_id = evidence_document.provider_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)))",
        "evidence_document.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "organisation": (
        "organisation.id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR CAST(nullif(current_setting('app.organisation', true), '') AS UUID) IS NOT NULL AND (organisation.kind = 'council' OR (EXISTS (SELECT place_1.id FROM place AS place_1 JOIN framework_council AS framework_council_1 ON framework_council_1.framework_id = place_1.framework_id WHERE place_1.provider_id = organisation.id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)))) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'jobs' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'post' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
        "organisation.id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
    ),
    "framework": (
        "(EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = framework.id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR (EXISTS (SELECT place_1.id FROM place AS place_1 WHERE place_1.framework_id = framework.id AND place_1.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk'",
        "framework.lead_council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "category": (
        "(EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = category.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR (EXISTS (SELECT place_1.id FROM place AS place_1 WHERE place_1.framework_id = category.framework_id AND place_1.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)))",
        "category.lead_council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "organisation_setting": (
        "organisation_setting.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'jobs' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'post' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
        "organisation_setting.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
    ),
    "lot": (
        "(EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = lot.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR (EXISTS (SELECT place_1.id FROM place AS place_1 WHERE place_1.framework_id = lot.framework_id AND place_1.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)))",
        "lot.lead_council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "membership": (
        "membership.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR membership.person_id = CAST(nullif(current_setting('app.person', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'jobs' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'post' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
        "membership.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
    ),
    "place_price": (
        "place_price.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = place_price.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)))",
        "place_price.lead_council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "evidence": (
        "evidence.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT place_1.id FROM place AS place_1 JOIN framework_council AS framework_council_1 ON framework_council_1.framework_id = place_1.framework_id WHERE place_1.provider_id = evidence.provider_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)))",
        "evidence.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "person": (
        "person.id = CAST(nullif(current_setting('app.person', true), '') AS UUID) OR (EXISTS (SELECT membership_1.id FROM membership AS membership_1 WHERE membership_1.person_id = person.id AND membership_1.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'jobs' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'post' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
        "coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
    ),
    "framework_council": (
        "CAST(nullif(current_setting('app.organisation', true), '') AS UUID) IS NOT NULL OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk'",
        "framework_council.lead_council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
}
KINDS_BEFORE = (
    "employers-liability",
    "public-liability",
    "safeguarding-policy",
    "data-protection-policy",
    "data-protection-training",
    "uk-storage",
    "confidentiality",
    "equality-objectives",
)
KINDS = (
    *KINDS_BEFORE,
    "professional-indemnity",
    "enhanced-dbs",
    "safeguarding-lead",
    "information-sharing",
    "recruitment-policy",
    "volunteer-policy",
    "prevent-duty",
    "complaints-procedure",
    "health-and-safety",
    "quality-assurance",
    "business-continuity",
    "whistleblowing-policy",
    "ofsted-registration",
    "accounts",
)


def upgrade() -> None:
    widen("evidence", "evidence_kind", "kind", KINDS)
    for table, (seen, written) in ROW_SECURITY.items():
        unprotect(table)
        protect(table, seen=seen, written=written)


def downgrade() -> None:
    for table, (seen, written) in BEFORE.items():
        unprotect(table)
        protect(table, seen=seen, written=written)
    widen("evidence", "evidence_kind", "kind", KINDS_BEFORE)
