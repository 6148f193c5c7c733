"""What happens while a framework is set up, each with its words for the record."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from portal.audit.actions import Subject
from portal.frameworks.models import Framework


class Event(StrEnum):
    """What happens to a framework and to what it is made of."""

    MADE = "frameworks:framework:made"
    CHANGED = "frameworks:framework:changed"
    EXTENDED = "frameworks:framework:extended"
    PUBLISHED = "frameworks:framework:published"
    COUNCILS_SET = "frameworks:councils:set"
    LOT_KEPT = "frameworks:lot:kept"
    LOT_REMOVED = "frameworks:lot:removed"
    CATEGORY_KEPT = "frameworks:category:kept"
    CATEGORY_REMOVED = "frameworks:category:removed"
    PRICE_KEPT = "frameworks:price-asked:kept"
    PRICE_REMOVED = "frameworks:price-asked:removed"
    BAND_KEPT = "frameworks:price-band:kept"
    BAND_REMOVED = "frameworks:price-band:removed"
    EVIDENCE_SET = "frameworks:evidence:set"


WORDS: Mapping[str, str] = {
    Event.MADE: "Made a framework",
    Event.CHANGED: "Changed a framework",
    Event.EXTENDED: "Extended a framework's term",
    Event.PUBLISHED: "Published a framework",
    Event.COUNCILS_SET: "Said which councils share a framework",
    Event.LOT_KEPT: "Added or changed a lot",
    Event.LOT_REMOVED: "Removed a lot",
    Event.CATEGORY_KEPT: "Added or changed a category",
    Event.CATEGORY_REMOVED: "Removed a category",
    Event.PRICE_KEPT: "Added or changed a price that is asked for",
    Event.PRICE_REMOVED: "Removed a price that was asked for",
    Event.BAND_KEPT: "Added or changed a price band",
    Event.BAND_REMOVED: "Removed a price band",
    Event.EVIDENCE_SET: "Said what evidence is demanded",
}


def about(framework: Framework) -> Subject:
    """A framework as the subject of what happens to it, in the record of its lead council."""
    return Subject(
        "framework", framework.id, framework.reference, council_id=framework.lead_council_id
    )
