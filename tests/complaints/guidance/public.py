"""The addresses of every public page, for the tests that hold for each of them."""

from __future__ import annotations

COUNCIL = "/young-people/larkminster-city-council"
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
    "/privacy/young-people",
    "/cookies",
)
ADULTS = ("/accessibility", "/privacy")
PAGES = (*CHILDREN, *ADULTS)
COLD = "/young-people/ostleigh-borough-council"


def in_world(path: str) -> str:
    """The same page of the council and providers of tests.world."""
    return (
        path.replace("larkminster-city-council", "aldermoor-council")
        .replace("lanternway-mentoring", "larkspur-mentoring")
        .replace("kitefield-youth-mentors", "millstone-care")
    )
