"""Which roles go together, who may be the same person, and who must stay. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from portal.identity.rules import (
    ADMINISTRATORS,
    PROVIDER_ROLES,
    ROLE_NAMES,
    OrganisationKind,
    Role,
    role_fits,
)
from portal.kernel.wording import say_list


@dataclass(frozen=True, slots=True)
class Apart:
    """Two roles that nobody holds together in one organisation, and why (promise 4)."""

    one: Role
    other: Role
    why: str

    @property
    def sentence(self) -> str:
        """The pair by its names, with the reason."""
        return f"{ROLE_NAMES[self.one]} and {ROLE_NAMES[self.other].lower()}: {self.why}"


_AUDITS = "an auditor reads what everybody did, so nothing in the record is their own work."

KEPT_APART = (
    Apart(
        Role.APPROVER,
        Role.BUDGET_HOLDER,
        "one person approves spending under a cap and another can raise the cap, so that nobody "
        "does both for the same money.",
    ),
    *(
        Apart(Role.AUDITOR, role, _AUDITS)
        for role in Role
        if role not in PROVIDER_ROLES and role is not Role.AUDITOR
    ),
)
"""What is refused as roles. ``roles_kept_apart`` in the database refuses the same pairs."""

APART_BY_CASE = (
    "Whoever recorded, submitted or amended what a line charges never decides on that line, even "
    "if they work for the council as well. The portal checks this on each line."
)
"""What a person may be, and still not do with the same thing: checked where it is done."""


def refused_together(roles: Iterable[Role]) -> list[Apart]:
    """The pairs among these roles that nobody may hold together."""
    held = set(roles)
    return [apart for apart in KEPT_APART if held >= {apart.one, apart.other}]


def problems_with(kind: OrganisationKind, roles: Collection[Role]) -> list[str]:
    """Why these roles cannot be given to one person in such an organisation, in sentences."""
    if not roles:
        return ["Choose at least one role"]
    strange = [ROLE_NAMES[role] for role in roles if not role_fits(kind, role)]
    if strange:
        return [f"{say_list(strange)} is not a role of a {kind.value}"]
    return [f"These cannot go together. {apart.sentence}" for apart in refused_together(roles)]


def roles_of(kind: OrganisationKind) -> list[Role]:
    """The roles that there are in such an organisation, in their order."""
    return [role for role in Role if role_fits(kind, role)]


def administers(roles: Iterable[Role]) -> bool:
    """Whether these roles include the administrator's."""
    return not ADMINISTRATORS.isdisjoint(roles)


def may_change_own_roles(kind: OrganisationKind) -> bool:
    """A council's administrators ask each other; a provider may be one person and its books."""
    return kind is OrganisationKind.PROVIDER


class Likeness(StrEnum):
    """In what two accounts look like one person's."""

    MAILBOX = "mailbox"
    NAME = "name"


def mailbox_of(email: str) -> str:
    """The mailbox of an address: without what follows a plus, or dots before the @.

    The database's trigger ``roles_kept_apart`` counts in the same way.
    """
    local, _, domain = email.strip().lower().partition("@")
    return f"{local.split('+')[0].replace('.', '')}@{domain}"


def mailbox_digest(email: str) -> str:
    """A digest of an address's mailbox, to keep beside what one person may do once."""
    return sha256(mailbox_of(email).encode()).hexdigest()


def likeness(name: str, email: str, other_name: str, other_email: str) -> Likeness | None:
    """In what two accounts are alike: their mailbox, which is nearly proof, or only their name."""
    if mailbox_of(email) == mailbox_of(other_email):
        return Likeness.MAILBOX
    if _words(name) and _words(name) == _words(other_name):
        return Likeness.NAME
    return None


def _words(name: str) -> list[str]:
    return sorted(re.findall(r"\w+", name.casefold()))


@dataclass(frozen=True, slots=True)
class Twin:
    """Somebody of the organisation who may be the same person under another address."""

    name: str
    email: str
    roles: frozenset[Role]
    likeness: Likeness

    @property
    def sentence(self) -> str:
        """What is alike."""
        alike = "the same mailbox" if self.likeness is Likeness.MAILBOX else "the same name"
        return f"{self.name} ({self.email}) works here already, with {alike}."

    def problems_with(self, roles: Collection[Role]) -> list[str]:
        """Why these roles cannot be given beside the twin's: both accounts are one mailbox's."""
        if self.likeness is Likeness.NAME:
            return []
        return [
            f"{self.sentence} One person cannot hold both. {apart.sentence}"
            for apart in refused_together({*roles, *self.roles})
        ]
