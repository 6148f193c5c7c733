"""What is told of a sign-in: the browser, roughly, and what happened. Pure."""

from __future__ import annotations

from datetime import timedelta

HISTORY = timedelta(days=90)
UNKNOWN = "A browser that does not say what it is"
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
MACHINES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "Chromebook"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def describe_browser(user_agent: str) -> str:
    """As "Firefox on Windows": enough to know one's own again, and no more (data minimised)."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), None)
    machine = next((name for mark, name in MACHINES if mark in user_agent), None)
    if browser is None:
        return f"A browser on {machine}" if machine else UNKNOWN
    return f"{browser} on {machine}" if machine else browser
