"""Every public page, in the order in which somebody comes by it, for what holds for each of them.

``tour`` gives an address, and the page is there until the next one is asked for: between them
somebody chooses, writes, saves, sends and comes back. ``refusals`` are the pages that answer what
cannot be taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

from portal.complaints.making.forms import FORMS
from portal.complaints.making.steps import Step
from portal.complaints.rules import LONGEST_TEXT
from tests.complaints.somebody import Somebody

COUNCIL = "/young-people/larkminster-city-council"
COLD = "/young-people/ostleigh-borough-council"
"""A council that has published nothing of its own."""
CHILDREN = (
    "/young-people",
    "/young-people?name=zz",
    COUNCIL,
    f"{COUNCIL}/before-you-start",
    f"{COUNCIL}/who-can-help",
    f"{COUNCIL}/what-happens-next",
    f"{COUNCIL}/easy-read",
    f"{COUNCIL}/who-works-with-you",
    f"{COUNCIL}/lanternway-mentoring",
    f"{COUNCIL}/kitefield-youth-mentors",
    COLD,
    f"{COLD}/who-can-help",
    "/privacy/young-people",
    "/cookies",
)
ADULTS = ("/accessibility", "/privacy")
PAGES = (*CHILDREN, *ADULTS)
FRONTS = ("", "/cy", "/ar", "/large-print", "/cy/large-print", "/ar/large-print")
"""What stands in front of an address, for each way of reading it."""

SAID = {
    "about": {"about": "somebody-else", "about_whom": "My mentor"},
    "name": {"named": "yes", "name": "Sam"},
    "answer": {"answer_by": "email", "email": "sam@school.example"},
    "contact": {"safe_times": "After school", "message": "no"},
}


def in_world(path: str) -> str:
    """The same page of the council and providers of tests.world."""
    return (
        path.replace("larkminster-city-council", "aldermoor-council")
        .replace("ostleigh-borough-council", "copperholt-council")
        .replace("lanternway-mentoring", "larkspur-mentoring")
        .replace("kitefield-youth-mentors", "millstone-care")
    )


def tour(somebody: Somebody) -> Iterator[str]:
    """Every public page, read in the way that stands at the front of somebody's addresses."""
    front = somebody.front
    way = front.partition("/young-people")[0]
    for path in PAGES:
        yield way + (path if COUNCIL in front else in_world(path))
    yield from (f"{front}{path}" for path in ("/nowhere", "/tell-us", "/tell-us/what", "/follow"))
    somebody.say("what", kind="worry")
    somebody.post("/tell-us/safe", {"safe": "no", "then": "later"})
    yield from (f"{front}/tell-us/{step}" for step in FORMS)
    yield from (f"{front}/tell-us/{page}" for page in ("help", "saved"))
    somebody.say_all(**SAID, needs=None)
    somebody.say("files", files=(BytesIO(b"Monday. They took my bag."), "diary.txt"), then="more")
    yield f"{front}/tell-us/files"
    somebody.say("needs", speaks="", needs="")
    yield f"{front}/tell-us/check"
    somebody.send()
    yield f"{front}/tell-us/sent"
    somebody.open(*somebody.code())
    somebody.post("/follow/reply", {"text": "Please tell me when."})
    yield from (f"{front}/follow/{page}" for page in ("read", "name", "take-back"))
    somebody.post("/follow/take-back")
    yield f"{front}/follow/read"


def refusals(somebody: Somebody) -> Iterator[tuple[str, int, str]]:
    """What was done, the status and the markup of the page that answers it."""

    def answered(path: str, data: dict[str, object] | None = None) -> tuple[str, int, str]:
        answer = somebody.post(path, data)
        return f"{path} {list(data or ())}", answer.status_code, answer.text

    somebody.get("/tell-us/what")
    yield answered("/tell-us/what")
    somebody.say("what", kind="complaint")
    for step in FORMS:
        if step not in (Step.KIND, Step.WISH, Step.FILES, Step.NEEDS):
            yield answered(f"/tell-us/{step}")
    yield answered("/tell-us/happened", {"happened": "a" * (LONGEST_TEXT + 1)})
    yield answered("/tell-us/files", {"files": (BytesIO(b"MZ\x90\x00" * 40), "game.exe")})
    somebody.get("/follow")
    yield answered("/follow")
    yield answered("/follow", {"reference": "CT-2222-2222", "passphrase": "one two three four"})
    yield answered("/follow/reply", {"text": "What was typed after half an hour"})
    somebody.send_all(**SAID)
    somebody.open(*somebody.code())
    yield answered("/follow/reply")
    yield answered("/follow/name")
    somebody.token = "an old one"
    yield answered("/tell-us/happened", {"happened": "What was typed with an old page"})
