"""The one place that reads the clock; in demonstration and training it can be set.

Pages and commands read it once and pass the moment on; nothing below them asks for the time.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from math import ceil

from flask import Flask, g, has_app_context
from sqlalchemy import BigInteger, Integer, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.kernel.local_time import LONDON, local_date, to_utc
from portal.kernel.tenancy import Base, Rule, everyone

__all__ = [
    "LONDON",
    "ClockSetting",
    "database_moment",
    "init_clock",
    "local_date",
    "now",
    "now_of",
    "read_offset",
    "real_seconds",
    "set_clock",
    "to_utc",
]


class ClockSetting(Base):
    """How far the demonstration's clock stands from the real one, in seconds."""

    __tablename__ = "clock_setting"
    __seen_by__ = Rule(everyone)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    offset_seconds: Mapped[int] = mapped_column(BigInteger)


def now() -> datetime:
    """This moment, in UTC."""
    offset: timedelta = g.get("clock_offset", timedelta()) if has_app_context() else timedelta()
    return datetime.now(UTC) + offset


def real_seconds() -> float:
    """Seconds by the real clock, however the demonstration's is set: for what ends by itself."""
    return datetime.now(UTC).timestamp()


def set_clock(session: Session, moment: datetime) -> None:
    """Let the demonstration go on from this moment (UTC), never from before it."""
    offset = ceil((moment - datetime.now(UTC)).total_seconds())
    session.merge(ClockSetting(id=1, offset_seconds=offset))


def read_offset(session: Session) -> timedelta:
    """How far the clock has been set from the real time."""
    setting = session.get(ClockSetting, 1)
    return timedelta(seconds=setting.offset_seconds) if setting else timedelta()


def now_of(session: Session) -> datetime:
    """This moment by the clock that a database keeps, in UTC: for a command, outside any page."""
    return datetime.now(UTC) + read_offset(session)


def database_moment(session: Session) -> datetime:
    """This moment by the database's own clock, in UTC, asked within the transaction.

    For what a deadline decides: every web process asks the same clock, at the moment of the write.
    """
    if session.get_bind().dialect.name == "postgresql":
        read: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
        return read.astimezone(UTC) + read_offset(session)
    said: str = session.execute(select(func.strftime("%Y-%m-%dT%H:%M:%f", "now"))).scalar_one()
    return datetime.fromisoformat(said).replace(tzinfo=UTC) + read_offset(session)


def init_clock(app: Flask, session: Callable[[], Session]) -> None:
    """In demonstration and training mode, keep the set time throughout each request.

    ``session`` gives the request's session.
    """
    if app.config["DEMONSTRATION"]:

        @app.before_request
        def keep_the_set_time() -> None:
            g.clock_offset = read_offset(session())
