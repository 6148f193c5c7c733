"""The portal's own tasks: jobs, post, the public desk and retention read and record what they need"""

from __future__ import annotations

from portal.kernel.row_security import protect, unprotect

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Who may read and who may write each table's rows, as the models said when this was written.
ROW_SECURITY = {
    "audit_event": (
        "(audit_event.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR audit_event.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR audit_event.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR audit_event.person_id = CAST(nullif(current_setting('app.person', true), '') AS UUID)) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'jobs' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'post' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
        "audit_event.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR audit_event.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR audit_event.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'jobs' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'post' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
    ),
    "organisation": (
        "organisation.id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR CAST(nullif(current_setting('app.organisation', true), '') AS UUID) IS NOT NULL AND (organisation.kind = 'council' OR (EXISTS (SELECT place_1.id FROM place AS place_1 JOIN framework_council AS framework_council_1 ON framework_council_1.framework_id = place_1.framework_id WHERE place_1.provider_id = organisation.id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)))) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'jobs' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'post' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
        "organisation.id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
    ),
    "person": (
        "person.id = CAST(nullif(current_setting('app.person', true), '') AS UUID) OR (EXISTS (SELECT membership_1.id FROM membership AS membership_1 WHERE membership_1.person_id = person.id AND membership_1.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'jobs' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'post' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
        "coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
    ),
    "membership": (
        "membership.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR membership.person_id = CAST(nullif(current_setting('app.person', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'jobs' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'post' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
        "membership.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
    ),
    "membership_role": (
        "(EXISTS (SELECT membership_1.id FROM membership AS membership_1 WHERE membership_1.id = membership_role.membership_id AND (membership_1.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR membership_1.person_id = CAST(nullif(current_setting('app.person', true), '') AS UUID)))) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'jobs' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'post' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk' OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'retention'",
        "coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
    ),
    "framework": (
        "(EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = framework.id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR (EXISTS (SELECT place_1.id FROM place AS place_1 WHERE place_1.framework_id = framework.id AND place_1.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk'",
        "framework.lead_council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "framework_council": (
        "CAST(nullif(current_setting('app.organisation', true), '') AS UUID) IS NOT NULL OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk'",
        "framework_council.lead_council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "place": (
        "place.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = place.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'public-desk'",
        "place.lead_council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
}
BEFORE = {
    "audit_event": (
        "(audit_event.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR audit_event.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR audit_event.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)) AND (CAST(nullif(current_setting('app.assigned', true), '') AS UUID) IS NULL OR audit_event.person_id = CAST(nullif(current_setting('app.person', true), '') AS UUID)) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
        "audit_event.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR audit_event.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR audit_event.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
    ),
    "organisation": (
        "organisation.id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR CAST(nullif(current_setting('app.organisation', true), '') AS UUID) IS NOT NULL AND (organisation.kind = 'council' OR (EXISTS (SELECT place_1.id FROM place AS place_1 JOIN framework_council AS framework_council_1 ON framework_council_1.framework_id = place_1.framework_id WHERE place_1.provider_id = organisation.id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)))) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
        "organisation.id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
    ),
    "person": (
        "person.id = CAST(nullif(current_setting('app.person', true), '') AS UUID) OR (EXISTS (SELECT membership_1.id FROM membership AS membership_1 WHERE membership_1.person_id = person.id AND membership_1.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
        "coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
    ),
    "membership": (
        "membership.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR membership.person_id = CAST(nullif(current_setting('app.person', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
        "membership.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
    ),
    "membership_role": (
        "(EXISTS (SELECT membership_1.id FROM membership AS membership_1 WHERE membership_1.id = membership_role.membership_id AND (membership_1.organisation_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR membership_1.person_id = CAST(nullif(current_setting('app.person', true), '') AS UUID)))) OR coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
        "coalesce(CAST(nullif(current_setting('app.task', true), '') AS VARCHAR), '') = 'sign-in'",
    ),
    "framework": (
        "(EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = framework.id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID))) OR (EXISTS (SELECT place_1.id FROM place AS place_1 WHERE place_1.framework_id = framework.id AND place_1.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)))",
        "framework.lead_council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "framework_council": (
        "CAST(nullif(current_setting('app.organisation', true), '') AS UUID) IS NOT NULL",
        "framework_council.lead_council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
    "place": (
        "place.provider_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID) OR (EXISTS (SELECT framework_council_1.council_id FROM framework_council AS framework_council_1 WHERE framework_council_1.framework_id = place.framework_id AND framework_council_1.council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)))",
        "place.lead_council_id = CAST(nullif(current_setting('app.organisation', true), '') AS UUID)",
    ),
}


def upgrade() -> None:
    for table, (seen, written) in ROW_SECURITY.items():
        unprotect(table)
        protect(table, seen=seen, written=written)


def downgrade() -> None:
    for table, (seen, written) in BEFORE.items():
        unprotect(table)
        protect(table, seen=seen, written=written)
