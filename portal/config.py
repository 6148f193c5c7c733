"""Settings, all from the environment; see README, "How to deploy"."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Config:
    """How one process is set up.

    ``database_url`` is the application's connection, ``operator_url`` the one that owns the
    tables (migrations and commands; the same on SQLite). ``demonstration`` lets the clock be set.
    ``earlier_secret_keys`` open what was sealed before ``secret_key``; the latest of them first.
    ``cheap_passwords`` is for tests only. ``throttle_storage`` is a Flask-Limiter address.
    ``files`` is the folder, or the s3:// address, that sent files are kept in; ``scanner`` the
    virus scanner that looks at them first, if there is one. ``largest_upload`` is in bytes, of a
    whole form with its files.
    ``statements`` is the folder outside the database in which the record's statements are kept;
    ``statement_key`` the secret that signs them (the secret key's, where there is none).
    ``trusted_proxies`` is how many proxies in front tell who asks and over what.
    ``public_url`` begins the links in letters, ``post_from`` is who sends them. They leave by
    ``smtp_url`` (smtps://user:password@host), or by GOV.UK Notify, or are kept in a folder.
    """

    database_url: str
    secret_key: str
    operator_url: str = ""
    earlier_secret_keys: tuple[str, ...] = ()
    demonstration: bool = False
    secure_cookies: bool = True
    cheap_passwords: bool = False
    throttle_storage: str = "memory://"
    trusted_proxies: int = 0
    statements: str = "var/statements"
    statement_key: str = ""
    public_url: str = "http://127.0.0.1:5000"
    post_from: str = "Placewell <no-reply@localhost>"
    smtp_url: str = ""
    notify_key: str = ""
    notify_template: str = ""
    post_folder: str = ""
    files: str = "var/files"
    scanner: str = ""
    largest_upload: int = 20 * 1024 * 1024

    @property
    def owner_url(self) -> str:
        """The connection that owns the tables."""
        return self.operator_url or self.database_url

    @classmethod
    def from_environment(cls, env: Mapping[str, str] = os.environ) -> Config:
        """Read PORTAL_* variables.

        Raises KeyError for a missing secret key unless the data folder keeps one.
        """
        folder = Path(env.get("PORTAL_DATA", "var"))
        database_url = env.get(
            "PORTAL_DATABASE_URL", f"sqlite:///{(folder / 'portal.sqlite3').resolve()}"
        )
        return cls(
            database_url=database_url,
            public_url=env.get("PORTAL_PUBLIC_URL")
            or f"http://127.0.0.1:{env.get('PORT', '5000')}",
            post_from=env.get("PORTAL_POST_FROM", "Placewell <no-reply@localhost>"),
            smtp_url=env.get("PORTAL_SMTP_URL", ""),
            notify_key=env.get("PORTAL_NOTIFY_KEY", ""),
            notify_template=env.get("PORTAL_NOTIFY_TEMPLATE", ""),
            post_folder=str((folder / "post").resolve())
            if env.get("PORTAL_DEMONSTRATION") == "1"
            else "",
            operator_url=env.get("PORTAL_OPERATOR_DATABASE_URL", ""),
            secret_key=env.get("PORTAL_SECRET_KEY") or (folder / "secret-key").read_text().strip(),
            earlier_secret_keys=tuple(env.get("PORTAL_EARLIER_SECRET_KEYS", "").split()),
            demonstration=env.get("PORTAL_DEMONSTRATION") == "1",
            secure_cookies=env.get("PORTAL_INSECURE_COOKIES") != "1",
            throttle_storage=env.get("PORTAL_THROTTLE_STORAGE", "memory://"),
            files=env.get("PORTAL_FILES") or str((folder / "files").resolve()),
            scanner=env.get("PORTAL_SCANNER", ""),
            statements=env.get("PORTAL_STATEMENTS") or str((folder / "statements").resolve()),
            statement_key=env.get("PORTAL_STATEMENT_KEY", ""),
            trusted_proxies=int(env.get("PORTAL_TRUSTED_PROXIES", "0")),
        )
