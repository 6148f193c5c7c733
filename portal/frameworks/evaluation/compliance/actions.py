"""Saying whether the parts of an application pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.audit.actions import Actor, record
from portal.frameworks.evaluation.compliance.queries import Sheet, sheet_of
from portal.frameworks.evaluation.events import Event, about
from portal.frameworks.evaluation.models import ComplianceCheck
from portal.frameworks.evaluation.steps import during, led_by, locked
from portal.frameworks.rounds.rules import RoundState
from portal.kernel.errors import Stale
from portal.kernel.local_time import local_date


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a part passes, and why not."""

    passed: bool
    reason: str


def check(
    session: Session,
    actor: Actor,
    round_id: UUID,
    application_id: UUID,
    verdicts: Mapping[str, Verdict],
    *,
    version: int,
    at: datetime,
) -> Sheet:
    """Keep what was found of these parts of an application; others stay as they are.

    Only until scoring begins, since whoever fails is not scored. Raises NotFound, Forbidden for
    a partner council, NotNow later, and Stale where somebody changed a check since ``version``.
    """
    round_ = locked(session, round_id)
    by_id = led_by(round_, actor)
    during(round_, at, RoundState.OPENED)
    sheet = sheet_of(session, round_, application_id, local_date(at))
    if sheet.version != version:
        raise Stale
    checks = dict(sheet.checks)
    for part in sheet.parts:
        verdict = verdicts.get(part.part)
        held = checks.get(part.part)
        if verdict is None or (held and (held.passed, held.reason) == _kept(verdict)):
            continue
        if held is None:
            held = checks[part.part] = ComplianceCheck(
                application_id=application_id,
                round_id=round_.id,
                framework_id=round_.framework_id,
                lead_council_id=round_.lead_council_id,
                provider_id=sheet.applicant.provider_id,
                part=part.part,
            )
            session.add(held)
        held.passed, held.reason = _kept(verdict)
        held.by_id, held.by_name, held.at = by_id, actor.name, at
    session.flush()
    now = Sheet(sheet.applicant, sheet.parts, checks)
    record(
        session,
        actor,
        Event.CHECKED,
        about(round_),
        at=at,
        application=application_id.hex,
        failed=[part.part for part in now.failed],
        waiting=len(now.unchecked),
    )
    return now


def _kept(verdict: Verdict) -> tuple[bool, str]:
    return verdict.passed, "" if verdict.passed else verdict.reason
