"""Nothing in a test run reaches beyond this machine.

An audit hook refuses every connection, datagram and name look-up that Python makes to an address
that is not the machine's own. (Browsers and databases are separate processes: the browser is
told to resolve no other name, and PostgreSQL listens on a socket file alone.)
"""

from __future__ import annotations

import ipaddress
import socket
import sys

_OWN_NAMES = frozenset({"", "localhost", "localhost.localdomain", socket.gethostname()})


class OutgoingConnection(RuntimeError):
    """A test tried to reach an address that is not this machine's own."""


def is_own(host: object) -> bool:
    """True for a loopback address or one of the machine's own names."""
    if isinstance(host, bytes | bytearray):
        host = host.decode("ascii", "replace")
    if host is None or host in _OWN_NAMES:
        return True
    try:
        address = ipaddress.ip_address(str(host).partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event in {"socket.connect", "socket.sendto"}:
        sender, address = arguments[0], arguments[1]
        inet = {socket.AF_INET, socket.AF_INET6}
        if getattr(sender, "family", None) not in inet or not isinstance(address, tuple):
            return
        host: object = address[0]
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if not is_own(host):
        raise OutgoingConnection(f"a test tried to reach {host!r}; tests stay on this machine")


_installed = False


def stay_on_this_machine() -> None:
    """Refuse outgoing connections from now until the process ends."""
    global _installed  # noqa: PLW0603 - an audit hook cannot be taken out again
    if not _installed:
        sys.addaudithook(_refuse)
        _installed = True
