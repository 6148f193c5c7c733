"""The same council as in the tests of its people."""

from tests.identity.people.conftest import council, office

__all__ = ["council", "office"]
