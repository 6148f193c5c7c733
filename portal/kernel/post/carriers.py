"""The ways a letter can leave: SMTP, GOV.UK Notify, or a folder where there is neither."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any, Protocol, cast
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import UUID

from portal.kernel.jobs import GiveUp

TIMEOUT = 20  # seconds for each step of a conversation


@dataclass(frozen=True, slots=True)
class Envelope:
    """A letter as it leaves. Its reference stays the same however often it is tried."""

    id: UUID
    address: str
    subject: str
    body: str
    written_at: datetime
    sender: str
    host: str

    @property
    def reference(self) -> str:
        """What tells a second copy, sent after a crash, from a second letter."""
        return f"<{self.id.hex}@{self.host}>"

    def message(self) -> EmailMessage:
        """The letter as mail. A line break in a header raises ValueError."""
        message = EmailMessage(policy=SMTP)
        message["From"] = self.sender
        message["To"] = self.address
        message["Subject"] = self.subject
        message["Date"] = self.written_at
        message["Message-ID"] = self.reference
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(self.body, cte="quoted-printable")
        return message


class Carrier(Protocol):
    """Something that takes a letter away, or raises: GiveUp where trying again is of no use."""

    def send(self, envelope: Envelope) -> None: ...


class NoCarrier(RuntimeError):
    """The portal has not been told how to send e-mail; see README, How to deploy."""


@dataclass(frozen=True, slots=True)
class Smtp:
    """A mail server: smtp://user:password@host:port, or smtps:// for TLS from the first byte.

    Over smtp:// the conversation is lifted to TLS (STARTTLS) before any password or letter, and
    is not held without; ?tls=no is for a server on the same machine.
    """

    url: str

    def send(self, envelope: Envelope) -> None:
        """Hand the letter over. Raises GiveUp when the server refuses it for good (5xx)."""
        try:
            with self._open() as server:
                server.send_message(envelope.message())
        except smtplib.SMTPRecipientsRefused as refused:
            _judge(*next(iter(refused.recipients.values())))
            raise
        except smtplib.SMTPResponseException as refused:
            if not isinstance(refused, smtplib.SMTPAuthenticationError | smtplib.SMTPConnectError):
                _judge(refused.smtp_code, refused.smtp_error)
            raise

    def _open(self) -> smtplib.SMTP:
        url = urlsplit(self.url)
        host, context = url.hostname or "localhost", ssl.create_default_context()
        if url.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, url.port or 465, timeout=TIMEOUT, context=context
            )
        else:
            server = smtplib.SMTP(host, url.port or 587, timeout=TIMEOUT)
        try:
            if url.scheme != "smtps" and parse_qs(url.query).get("tls") != ["no"]:
                server.starttls(context=context)
            if url.username:
                server.login(unquote(url.username), unquote(url.password or ""))
        except BaseException:
            server.close()
            raise
        return server


def _judge(code: int, _words: bytes | str) -> None:
    """A refusal of 5xx is for good, one of 4xx for now."""
    if 500 <= code < 600:
        raise GiveUp("The mail server of this address refused the e-mail.")


@dataclass(frozen=True, slots=True)
class Notify:
    """GOV.UK Notify, through a template of two fields: ((subject)) and ((body))."""

    key: str
    template: str

    def send(self, envelope: Envelope) -> None:
        """Hand the letter over. Raises GiveUp when Notify calls the request itself wrong."""
        from notifications_python_client.errors import HTTPError
        from notifications_python_client.notifications import NotificationsAPIClient

        client = cast("Any", NotificationsAPIClient)(self.key, timeout=TIMEOUT)
        try:
            client.send_email_notification(
                email_address=envelope.address,
                template_id=self.template,
                personalisation={"subject": envelope.subject, "body": envelope.body},
                reference=envelope.reference,
            )
        except HTTPError as refused:
            if refused.status_code == 400:
                raise GiveUp("GOV.UK Notify refused the e-mail.") from refused
            raise


@dataclass(frozen=True, slots=True)
class Folder:
    """Letters kept as .eml files instead of sent: in the demonstration and while developing."""

    path: Path

    def send(self, envelope: Envelope) -> None:
        """Keep the letter under its own name, so that a second copy replaces the first."""
        self.path.mkdir(parents=True, exist_ok=True)
        (self.path / f"{envelope.id.hex}.eml").write_bytes(envelope.message().as_bytes())


def carrier_of(config: Mapping[str, Any]) -> Carrier:
    """The way that the settings name. Raises NoCarrier when they name none."""
    if config["SMTP_URL"]:
        return Smtp(config["SMTP_URL"])
    if config["NOTIFY_KEY"]:
        return Notify(config["NOTIFY_KEY"], config["NOTIFY_TEMPLATE"])
    if config["POST_FOLDER"]:
        return Folder(Path(config["POST_FOLDER"]))
    raise NoCarrier("set PORTAL_SMTP_URL, or PORTAL_NOTIFY_KEY and PORTAL_NOTIFY_TEMPLATE")
