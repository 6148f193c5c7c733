"""The portal: from framework round to paid invoice."""

from __future__ import annotations

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from portal.background import load_handlers
from portal.config import Config
from portal.identity.looking import init_looking
from portal.identity.viewing import init_viewing
from portal.kernel.access import init_access, refuse_unmarked
from portal.kernel.clock import init_clock
from portal.kernel.command_line import Commands
from portal.kernel.database import Database
from portal.kernel.files import init_files
from portal.kernel.pages import init_pages
from portal.kernel.session import TransactionalFlask, close_session, db, refuse_nameless_parts
from portal.models import load_models
from portal.pages import PUBLIC_SECTIONS, register_pages
from portal.reporting.record.refusals import init_refusals


def create_app(config: Config | None = None) -> Flask:
    """Put the application together.

    Raises UnmarkedView when a page does not say who may use it, PowerfulRole when PostgreSQL
    would not hold the application to its own rows.
    """
    settings = config or Config.from_environment()
    load_models()
    load_handlers()
    app = TransactionalFlask(__name__, static_folder=None)
    app.config.from_mapping(
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=list(settings.earlier_secret_keys),
        WTF_CSRF_SECRET_KEY=[*reversed(settings.earlier_secret_keys), settings.secret_key],
        DEMONSTRATION=settings.demonstration,
        CHEAP_PASSWORDS=settings.cheap_passwords,
        OWNER_URL=settings.owner_url,
        STATEMENTS=settings.statements,
        STATEMENT_KEY=settings.statement_key or settings.secret_key,
        PUBLIC_URL=settings.public_url,
        POST_FROM=settings.post_from,
        SMTP_URL=settings.smtp_url,
        NOTIFY_KEY=settings.notify_key,
        NOTIFY_TEMPLATE=settings.notify_template,
        POST_FOLDER=settings.post_folder,
        MAX_CONTENT_LENGTH=settings.largest_upload,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        SESSION_COOKIE_NAME="__Host-portal" if settings.secure_cookies else "portal",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,  # public pages send no referrer; token and SameSite hold
        RATELIMIT_STORAGE_URI=settings.throttle_storage,
        RATELIMIT_HEADERS_ENABLED=False,
    )
    database = Database(settings.database_url)
    database.refuse_powerful_role()
    app.extensions["portal.database"] = database
    app.before_request(refuse_nameless_parts)
    app.teardown_request(close_session)
    init_files(app, settings.files, settings.scanner)
    init_pages(app, public_sections=PUBLIC_SECTIONS)
    init_clock(app, db)
    init_viewing(app)
    init_access(app)
    init_refusals(app)
    init_looking(app)
    CSRFProtect(app)
    limiter = Limiter(get_remote_address, app=app)
    register_pages(app, limiter)
    app.cli = Commands("portal.commands")
    refuse_unmarked(app)
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]
    return app
