"""A price in every form in which it could be found again, and looking for it in bytes."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from tests.support.databases import Address, Databases
from tests.support.postgres import Server
from tests.support.size import WHOLE

PENCE = 9_135_792_468  # large, so that chance does not make these bytes somewhere else
PRICE = "91357924.68"
SPELT = (PRICE, "91,357,924.68", str(PENCE), "91357924")


def needles() -> set[bytes]:
    """The price plain, in other alphabets and numbers, and as digests that anybody can make."""
    found: set[bytes] = set()
    for text in SPELT:
        plain = text.encode()
        found |= {plain, plain.hex().encode(), text.encode("utf-16-le"), text[::-1].encode()}
        for before in range(3):  # wherever the text begins within the three bytes of base64
            coded = b64encode(b"\0" * before + plain)
            found.add(coded[4 if before else 0 : len(coded) - 4])
        for algorithm in ("md5", "sha1", "sha256"):
            digest = hashlib.new(algorithm, plain)
            found |= {digest.digest(), digest.hexdigest().encode(), b64encode(digest.digest())}
    for number in (PENCE.to_bytes(5, "big"), PENCE.to_bytes(5, "little")):
        found |= {number, number.hex().encode()}
    return found


NEEDLES = needles()


def finds(where: bytes) -> set[bytes]:
    """Which forms of the price are there."""
    return {needle for needle in NEEDLES if needle in where}


def stored(address: Address, databases: Databases) -> Iterator[tuple[str, bytes]]:
    """Everything that a database has written down, by name: its rows, its files, its log, a dump.

    Of PostgreSQL every day the rows alone: the files are those of a whole server.
    """
    url = make_url(address.owner)
    if url.get_backend_name() == "sqlite":
        file = Path(url.database or "")
        for path in sorted(file.parent.iterdir()):
            yield path.name, path.read_bytes()
        with closing(sqlite3.connect(file)) as dumped:
            yield "dump", "\n".join(dumped.iterdump()).encode()
        return
    if WHOLE:
        server = Server(**json.loads((databases.folder / "server.json").read_text()))
        yield from _on_disk(server, url.database or "")
    with psycopg.connect(
        host=str(url.query["host"]), user=url.username, dbname=url.database
    ) as connection:
        connection.execute("SELECT set_config('app.task', 'operator', true)")
        tables = connection.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' "
            "AND relnamespace = current_schema()::regnamespace ORDER BY relname"
        ).fetchall()
        for (table,) in tables:
            for kind in ("TEXT", "BINARY"):
                name = psycopg.sql.Identifier(table)
                ask = psycopg.sql.SQL("COPY (SELECT * FROM {}) TO STDOUT (FORMAT {})")
                with connection.cursor().copy(ask.format(name, psycopg.sql.SQL(kind))) as copy:
                    yield f"{table} as {kind}", b"".join(bytes(part) for part in copy)


def _on_disk(server: Server, database: str) -> Iterator[tuple[str, bytes]]:
    """A database's dump and files, and its server's write-ahead log and log."""
    dumped = subprocess.run(
        [f"{server.programs}/pg_dump", f"--host={server.sockets}", "--username=postgres", database],
        capture_output=True,
        check=True,
    )
    yield "pg_dump", dumped.stdout
    with psycopg.connect(host=server.sockets, user="postgres", autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        ((oid,),) = connection.execute(
            "SELECT oid FROM pg_database WHERE datname = %s", [database]
        ).fetchall()
    data = Path(server.data)
    for folder in (data / "base" / str(oid), data / "pg_wal"):
        for path in sorted(folder.iterdir()):
            if path.is_file():
                yield f"{folder.name}/{path.name}", path.read_bytes()
    yield "server.log", (data / "server.log").read_bytes()


def links(page: str) -> list[str]:
    """The addresses within the portal that a page leads to."""
    return [
        found.replace("&amp;", "&").split("#")[0]
        for found in re.findall(r'(?:href|action|data-hx-get)="(/[^"]*)"', page)
        if not found.startswith(("/static", "/sign-out"))
    ]
