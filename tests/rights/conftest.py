"""The world in a database of each test's own, with the application over it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.identity.models import Membership, MembershipRole, Person
from portal.kernel.database import Database
from portal.kernel.tenancy import Scope, Task
from tests.support.background import RunJobs
from tests.world import World, make_world

OPERATOR = Scope.system(Task.OPERATOR)
SWEEP = "retention:sweep"


@dataclass(frozen=True)
class Kept:
    """The world, and how the tests change it, sweep it and look at what is left."""

    app: Flask
    owner: Database
    world: World
    run_jobs: RunJobs

    def sweep(self, at: datetime) -> None:
        """A night's sweep at that moment."""
        self.run_jobs(at, schedules=[SWEEP])

    def leaves(self, person: Person, at: datetime) -> None:
        """Somebody's access ends."""
        with self.owner.transaction(OPERATOR) as session:
            own = select(Membership.id).where(Membership.person_id == person.id)
            for role in session.scalars(
                select(MembershipRole).where(MembershipRole.membership_id.in_(own))
            ):
                session.delete(role)
            session.execute(
                update(Membership).where(Membership.person_id == person.id).values(ended_at=at)
            )


@pytest.fixture
def kept(app: Flask, owner_database: Database, run_jobs: RunJobs) -> Kept:
    """The world to be swept."""
    with owner_database.transaction(OPERATOR) as session:
        world = make_world(session)
    return Kept(app, owner_database, world, run_jobs)
