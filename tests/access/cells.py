"""Every (rule, method) of the portal against everybody of the world: the table of access.

A rule's parameters are filled by their names. A name that PARAMETERS does not know stops the
tests with a sentence, so that each new page joins the table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from portal.complaints.guidance.rules import slug
from portal.identity.allowed import ALLOWED
from portal.identity.models import Organisation, Person
from portal.identity.rules import OrganisationKind, Role
from portal.kernel.access import Kind, Mark, mark_of
from tests.dealings import Dealings
from tests.makers.changes import Changes
from tests.makers.lots import SetUp
from tests.makers.paying import Ran
from tests.makers.rights import Rights
from tests.makers.telling import Told
from tests.world import World, roles_of


@dataclass(frozen=True)
class Identity:
    """Somebody with one role in one organisation."""

    organisation: Organisation
    role: Role
    person: Person

    @property
    def narrowed(self) -> bool:
        """Whether they see only the agreements they are assigned to."""
        return self.role is Role.DELIVERY


@dataclass(frozen=True)
class Target:
    """A rule's parameters filled with what one council and one provider have between them."""

    world: World
    dealings: Dealings

    def party(self, who: Identity) -> bool:
        """Whether somebody's organisation is one of the two."""
        return who.organisation in (self.dealings.council, self.dealings.provider)

    def council(self, who: Identity) -> bool:
        """Whether somebody works for the council of the two."""
        return who.organisation is self.dealings.council

    def provider(self, who: Identity) -> bool:
        """Whether somebody works for the provider of the two."""
        return who.organisation is self.dealings.provider

    def assigned(self, who: Identity) -> bool:
        """The same, and for a mentor, whether the agreements are theirs."""
        own = self.dealings.mentor.person_id == who.person.id
        return self.party(who) and (own or not who.narrowed)

    def referred(self, who: Identity) -> bool:
        """Whether it is one of the two, and of the provider more than a mentor."""
        return self.party(who) and not who.narrowed

    def concerned(self, who: Identity) -> bool:
        """Whether somebody reads the concern: the council, who raised it, an administrator."""
        administers = who.role is Role.PROVIDER_ADMINISTRATOR and self.provider(who)
        raised = who.person.id == self.dealings.cared.concern.by_person_id
        return self.council(who) or administers or raised

    def on_framework(self, who: Identity) -> bool:
        """Whether somebody's organisation buys or delivers on the framework."""
        return any(
            who.organisation in (other.council, other.provider)
            for other in self.world.dealings
            if other.framework is self.dealings.framework
        )

    def buys(self, who: Identity) -> bool:
        """Whether it is the provider itself, or a council of its framework."""
        council = who.organisation.kind is OrganisationKind.COUNCIL
        return who.organisation is self.dealings.provider or (council and self.on_framework(who))

    def spends(self, who: Identity) -> bool:
        """Whether it is the budget's council, or a provider that its cap stops."""
        council = who.organisation.kind is OrganisationKind.COUNCIL
        return who.organisation is self.dealings.council or (not council and self.on_framework(who))

    def drafts(self, who: Identity) -> bool:
        """Whether it is a provider on the framework, who drafts invoices to its councils."""
        council = who.organisation.kind is OrganisationKind.COUNCIL
        return not council and self.on_framework(who)

    def runs(self, who: Identity) -> bool:
        """Whether it is the one council of the framework whose round is only a draft."""
        return who.organisation is self.world.copperholt

    def evaluates(self, who: Identity) -> bool:
        """Whether it is the one council of the framework whose round was opened."""
        return who.organisation is self.world.copperholt

    def manages(self, who: Identity) -> bool:
        """Whether it is a party, and not a mentor who sees only their own agreements."""
        return self.party(who) and not who.narrowed

    def keeps_terms(self, who: Identity) -> bool:
        """Whether it is the council of the two, or a provider that works for it."""
        return any(
            who.organisation in (other.council, other.provider)
            for other in self.world.dealings
            if other.council is self.dealings.council
        )

    def everybody(self, _who: Identity) -> bool:
        """What keeps nothing from anybody."""
        return True


@dataclass(frozen=True)
class Parameter:
    """What a parameter of this name is filled with, and who may see what it names."""

    value: Callable[[Target], Any]
    seen_by: Callable[[Target, Identity], bool]


PARAMETERS: dict[str, Parameter] = {
    "absence_id": Parameter(lambda t: t.dealings.mentored.absence.id, Target.party),
    "agreement_id": Parameter(lambda t: t.dealings.hourly.id, Target.assigned),
    "answer_file_id": Parameter(lambda t: t.world.evaluated.file.id, Target.evaluates),
    "entry_id": Parameter(lambda t: _run(t).entry.id, Target.council),
    "run_id": Parameter(lambda t: _run(t).run.id, Target.council),
    "change_id": Parameter(lambda t: t.world.accounts[t.dealings.provider.id].id, Target.buys),
    "applied_id": Parameter(lambda t: t.world.evaluated.application.id, Target.evaluates),
    "appointment_id": Parameter(
        lambda t: t.dealings.handled.appointed.id,
        lambda t, who: who.person.id == t.dealings.handled.appointed.person_id,
    ),
    "application_id": Parameter(
        lambda t: t.world.drafted.application.id,
        lambda t, who: who.organisation.id == t.world.drafted.application.provider_id,
    ),
    "asked_id": Parameter(lambda t: t.world.drafted.asks.question_id, Target.everybody),
    "asked_about_id": Parameter(lambda t: t.dealings.referred.question.id, Target.referred),
    "attached_id": Parameter(lambda t: t.dealings.cared.attached.id, Target.everybody),
    "attachment_id": Parameter(lambda t: t.dealings.handled.attachment.id, Target.everybody),
    "band_id": Parameter(lambda t: _set_up(t).band.id, Target.on_framework),
    "bid_category_id": Parameter(lambda t: t.world.evaluated.award.category_id, Target.evaluates),
    "bidder_id": Parameter(lambda t: t.world.evaluated.provider.id, Target.evaluates),
    "budget_id": Parameter(lambda t: t.dealings.budget.id, Target.spends),
    "clarification_id": Parameter(
        lambda t: t.world.advertised.of_draft.clarification.id, Target.runs
    ),
    "category_code": Parameter(lambda _t: "1a", Target.everybody),
    "category_id": Parameter(lambda t: t.dealings.category.id, Target.on_framework),
    "complaint_id": Parameter(lambda t: t.dealings.complaint.id, Target.council),
    "check_id": Parameter(lambda t: t.dealings.mentored.check.id, Target.party),
    "contact_id": Parameter(lambda t: t.dealings.mentored.contact.id, Target.assigned),
    "contribution_id": Parameter(lambda t: t.dealings.term_work.contribution.id, Target.assigned),
    "concern_id": Parameter(lambda t: t.dealings.cared.concern.id, Target.concerned),
    "contact_code": Parameter(lambda _t: "childline", Target.everybody),
    "correction_id": Parameter(lambda t: t.dealings.correction.id, Target.assigned),
    "copy_id": Parameter(lambda t: _rights(t).copy.id, lambda _t, _who: False),  # not made yet
    "council_id": Parameter(lambda t: t.dealings.council.id, Target.drafts),
    "document_id": Parameter(lambda t: t.dealings.document.id, Target.buys),
    "credit_id": Parameter(lambda t: t.dealings.settled.credit.id, Target.party),
    "dispute_id": Parameter(lambda t: t.dealings.settled.dispute.id, Target.party),
    "door_id": Parameter(lambda t: t.world.advertised.of_draft.door.id, Target.runs),
    "enclosed_id": Parameter(lambda t: t.dealings.cared.enclosed.id, Target.everybody),
    "evidence_kind": Parameter(lambda _t: "employers-liability", Target.everybody),
    "council_slug": Parameter(lambda t: slug(t.dealings.council.name), Target.everybody),
    "extension_id": Parameter(lambda t: t.world.advertised.of_draft.extension.id, Target.runs),
    "file_id": Parameter(lambda t: t.dealings.handled.stored.id, Target.everybody),
    "framework_id": Parameter(lambda t: t.dealings.framework.id, Target.on_framework),
    "group_code": Parameter(lambda _t: "all", Target.everybody),
    "hold_id": Parameter(lambda t: _rights(t).hold.id, Target.council),
    "invitation_id": Parameter(
        lambda t: t.world.papers[t.dealings.council.id].invitation.id, Target.council
    ),
    "invoice_id": Parameter(lambda t: t.dealings.issued.invoice.id, Target.party),
    "job_id": Parameter(
        lambda t: _told(t).job.id,
        lambda t, who: who.person == _told(t).person,
    ),
    "kind": Parameter(lambda _t: "sessions", Target.everybody),
    "line_id": Parameter(lambda t: t.dealings.issued.queried.id, Target.party),
    "lot_id": Parameter(lambda t: t.dealings.category.lot_id, Target.on_framework),
    "member_id": Parameter(
        lambda t: t.world.memberships[_finance(t).id].id,
        lambda t, who: who.organisation is t.dealings.provider,
    ),
    "membership_id": Parameter(
        lambda t: t.world.memberships[_finance(t).id].id,
        lambda t, who: who.person == _finance(t),
    ),
    "mentor_id": Parameter(lambda t: t.dealings.mentor.id, Target.party),
    "message_id": Parameter(lambda t: t.dealings.handled.letter.id, Target.council),
    "meeting_id": Parameter(lambda t: t.dealings.term_work.meeting.id, Target.manages),
    "todo_id": Parameter(lambda t: t.dealings.term_work.todo.id, Target.manages),
    "report_file_id": Parameter(lambda t: t.dealings.term_work.file.id, Target.assigned),
    "term_id": Parameter(lambda t: t.dealings.term_work.term.id, Target.keeps_terms),
    "month": Parameter(lambda _t: "2026-04", Target.everybody),
    "offer_id": Parameter(lambda t: t.dealings.ordered.offer.id, Target.party),
    "opener_id": Parameter(
        lambda t: t.world.person(t.world.copperholt, Role.COMMISSIONER).id, Target.everybody
    ),
    "opportunity_id": Parameter(lambda t: t.world.advertised.round.id, Target.everybody),
    "notice_id": Parameter(
        lambda t: _told(t).notice.id,
        lambda t, who: who.person == _told(t).person,
    ),
    "order_id": Parameter(lambda t: t.dealings.ordered.order.id, Target.party),
    "own_id": Parameter(lambda t: t.dealings.handled.own.id, Target.provider),
    "passkey_id": Parameter(
        lambda t: t.world.passkeys[_finance(t).id].id,
        lambda t, who: who.person == _finance(t),
    ),
    "place_id": Parameter(lambda t: t.dealings.place.id, Target.buys),
    "plan_id": Parameter(lambda t: t.dealings.plan.id, Target.assigned),
    "place_step": Parameter(lambda _t: "suspend", Target.everybody),
    "position": Parameter(lambda _t: 1, Target.everybody),
    "price_id": Parameter(lambda t: _set_up(t).price.id, Target.on_framework),
    "provider_id": Parameter(lambda t: t.dealings.provider.id, Target.buys),
    "question_name": Parameter(lambda _t: "happened", Target.everybody),
    "referral_id": Parameter(lambda t: t.dealings.referred.referral.id, Target.referred),
    "report_id": Parameter(lambda t: t.dealings.handled.report.id, Target.council),
    "request_id": Parameter(
        lambda t: t.world.papers[t.dealings.council.id].request.id, Target.council
    ),
    "secret": Parameter(lambda t: t.world.papers[t.dealings.council.id].secret, Target.everybody),
    "provider_slug": Parameter(lambda t: slug(t.dealings.provider.name), Target.everybody),
    "session_id": Parameter(lambda t: t.dealings.sessions[0].id, Target.assigned),
    "subcontractor_id": Parameter(lambda t: _changes(t).subcontractor.id, Target.assigned),
    "submission_id": Parameter(
        lambda t: t.world.applied.submission.id,
        lambda t, who: who.organisation is t.world.applied.provider,
    ),
    "question_id": Parameter(lambda t: t.world.advertised.of_draft.asks.question_id, Target.runs),
    "opened_id": Parameter(lambda t: t.world.evaluated.round.id, Target.evaluates),
    "outcome_id": Parameter(
        lambda t: t.world.evaluated.round.id,
        lambda t, who: who.organisation is t.world.evaluated.provider,
    ),
    "person_id": Parameter(lambda t: t.world.evaluated.evaluator.person_id, Target.evaluates),
    "recipient_id": Parameter(lambda t: t.dealings.referred.recipient.id, Target.party),
    "risk_id": Parameter(lambda t: t.dealings.cared.risk.id, Target.assigned),
    "reopening_id": Parameter(lambda t: t.world.evaluated.reopening.id, Target.evaluates),
    "round_id": Parameter(lambda t: t.world.advertised.draft.id, Target.runs),
    "shared_file_id": Parameter(lambda t: t.dealings.handled.shared_file.id, Target.provider),
    "shared_id": Parameter(lambda t: t.dealings.handled.shared.id, Target.party),
    "sign_in_id": Parameter(
        lambda t: t.world.sign_ins[_finance(t).id].id,
        lambda t, who: who.person == _finance(t),
    ),
    "step": Parameter(lambda _t: "close", Target.everybody),
    "set_name": Parameter(lambda _t: "mentoring", Target.everybody),
    "stay_id": Parameter(lambda t: t.dealings.stay.id, Target.assigned),
    "told_id": Parameter(lambda t: t.dealings.ordered.disclosures[0].id, Target.party),
    "transfer_id": Parameter(
        lambda t: _changes(t).transfer.id,
        lambda t, who: t.assigned(who) or who.organisation.id == _changes(t).transfer.to_id,
    ),
    "uplift_id": Parameter(
        lambda t: t.world.uplifts[t.dealings.framework.id].id,
        lambda t, who: who.organisation.kind is OrganisationKind.COUNCIL and t.on_framework(who),
    ),
    "young_person_id": Parameter(lambda t: t.dealings.referred.young_person.id, Target.council),
    "variation_id": Parameter(lambda t: _changes(t).variation.id, Target.assigned),
    "year_code": Parameter(lambda _t: "2026-27", Target.everybody),
}


def _run(t: Target) -> Ran:
    return t.world.runs[t.dealings.issued.invoice.id]


def _changes(target: Target) -> Changes:
    return target.world.changes[target.dealings.weekly.id]


def _told(target: Target) -> Told:
    return target.world.told[target.dealings.provider.id]


def _rights(target: Target) -> Rights:
    return target.world.rights[target.dealings.council.id]


def _set_up(target: Target) -> SetUp:
    return target.world.set_ups[target.dealings.framework.id]


def _finance(target: Target) -> Person:
    return target.world.person(target.dealings.provider, Role.FINANCE)


@dataclass(frozen=True)
class Cell:
    """One request: what is asked, by whom, as a page or as a part of one."""

    url: str
    endpoint: str
    method: str
    mark: Mark
    who: Identity | None
    fragment: bool
    seen: bool

    @property
    def permitted(self) -> bool:
        """Whether the mark lets this person come at all."""
        if self.mark.kind is Kind.PUBLIC:
            return True
        if self.who is None:
            return False
        return self.mark.kind is Kind.SIGNED_IN or self.mark.permission in ALLOWED[self.who.role]

    @property
    def refusal(self) -> int | None:
        """The status that keeps this person out; None when they are let in."""
        if self.who is None and not self.permitted:
            return 401 if self.fragment or self.method == "POST" else 303
        if not self.permitted:
            return 403
        return None if self.seen else 404

    def __str__(self) -> str:
        who = f"{self.who.role} of {self.who.organisation.name}" if self.who else "nobody"
        return f"{self.method} {self.url}{' by htmx' * self.fragment} as {who}"


def identities(world: World) -> list[Identity]:
    """Everybody, with the one role that each has."""
    return [
        Identity(organisation, role, world.person(organisation, role))
        for organisation in world.organisations
        for role in roles_of(organisation.kind)
    ]


def targets(world: World) -> list[Target]:
    """What Aldermoor has with Larkspur, and Brackenvale with Millstone, on one framework."""
    return [
        Target(world, world.between(world.aldermoor, world.larkspur)),
        Target(world, world.between(world.brackenvale, world.millstone)),
    ]


def cells(app: Flask, world: World) -> Iterator[Cell]:
    """Every cell of the table.

    Raises LookupError for a rule with a parameter that PARAMETERS does not know.
    """
    everybody: list[Identity | None] = [None, *identities(world)]
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint)):
        mark = mark_of(app, rule.endpoint)
        assert mark is not None, f"{rule.endpoint} says nothing of who may use it"
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            for target in targets(world) if rule.arguments else targets(world)[:1]:
                url = _filled(app, rule, target)
                for who in everybody:
                    seen = who is None or all(
                        PARAMETERS[name].seen_by(target, who) for name in rule.arguments
                    )
                    for fragment in (False, True):
                        yield Cell(url, rule.endpoint, method, mark, who, fragment, seen)


def _filled(app: Flask, rule: Rule, target: Target) -> str:
    unknown = sorted(rule.arguments - PARAMETERS.keys())
    if unknown:
        raise LookupError(
            f"{rule.rule} has the parameter {', '.join(unknown)}: say in tests/access/cells.py, "
            "in PARAMETERS, with what to fill it and who may see what it names"
        )
    values = {name: PARAMETERS[name].value(target) for name in rule.arguments}
    return app.url_map.bind("").build(rule.endpoint, values)


def hidden_words(world: World, who: Identity | None) -> frozenset[str]:
    """Names and references that no page may show to this person."""
    if who is None:
        return frozenset().union(
            *(_words(dealings) | _of_young_people(dealings) for dealings in world.dealings)
        )
    hidden: set[str] = set()
    known: set[str] = set()
    for dealings in world.dealings:
        target = Target(world, dealings)
        if target.buys(who):
            known.add(dealings.provider.name)
        if target.party(who):
            known |= {dealings.mentor.name}
        if not target.on_framework(who):
            hidden |= {dealings.framework.reference, dealings.framework.title}
        if not target.assigned(who):
            hidden |= _words(dealings)
        if not target.council(who):
            hidden |= _of_young_people(dealings)
        if not target.referred(who):
            hidden.add(dealings.referred.referral.reference)
    return frozenset(hidden - known)


def _of_young_people(dealings: Dealings) -> frozenset[str]:
    """Who somebody is, and a referral that their provider was left out of."""
    known = dealings.referred.young_person
    return frozenset(
        {
            known.given_name,
            known.family_name,
            known.reference,
            dealings.referred.elsewhere.reference,
        }
    )


def _words(dealings: Dealings) -> frozenset[str]:
    return frozenset(
        {
            dealings.hourly.reference,
            dealings.hourly.young_person,
            dealings.weekly.reference,
            dealings.weekly.young_person,
            dealings.mentor.name,
            dealings.provider.name,
            dealings.issued.invoice.reference,
            dealings.issued.invoice.provider_number,
        }
    )
