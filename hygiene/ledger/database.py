"""Connections: which driver, how transactions begin, and whose fault a failure is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import SQLITE_BUSY, OperationalError
from sqlite3 import Connection as SqliteConnection

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError
from sqlalchemy.pool import QueuePool

from hygiene.ledger.errors import LedgerUnusable, Unreadable

BUSY_SECONDS = 30
"""How long a connection waits for another one's transaction, or for an answer of the server."""


def connect(url: str) -> Engine:
    """An engine for `sqlite:///path`, `sqlite://` (in memory) or `postgresql://…`; not yet used.

    Makes the folder of an SQLite file. Raises `LedgerUnusable`.
    """
    parsed = _parsed(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed.set(drivername="sqlite"))
    if parsed.get_backend_name() in ("postgresql", "postgres"):
        return _postgresql(parsed.set(drivername="postgresql+psycopg2"))
    raise LedgerUnusable(
        where(parsed),
        f"{parsed.get_backend_name()} is not supported",
        "Use sqlite:///path/to/ledger.db or postgresql://user:password@host/database.",
    )


def where(url: URL) -> str:
    """The URL as people may see it: no password, and no query, which may hold another one."""
    return url.set(query={}).render_as_string(hide_password=True)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that only reads.

    Raises `LedgerUnusable` where the database fails, or something inside is `Unreadable`.
    """
    with _blamed(engine), engine.begin() as connection:
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that is kept whole or not at all.

    Raises `LedgerUnusable` where the database fails, `IntegrityError` where a constraint refuses.
    """
    # A lock that is taken up front can be waited for. One that a reader grows into cannot:
    # SQLite fails it at once, since what was read is out of date by then.
    with _blamed(engine), engine.execution_options(begin="BEGIN IMMEDIATE").begin() as connection:
        yield connection


def _parsed(url: str) -> URL:
    # The URL itself may hold a password, so no message and no chained error repeats it.
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        parsed = None
    if parsed is None or "@" in (parsed.host or ""):
        raise LedgerUnusable(
            "the given URL (not shown, it may hold a password)",
            "it is not a database URL",
            "Use sqlite:///path/to/ledger.db or postgresql://user:password@host/database, "
            "with special characters of the password percent-encoded.",
        )
    return parsed


def _sqlite(url: URL) -> Engine:
    in_memory = url.database in (None, "", ":memory:")
    if not in_memory:
        _make_folder(url)
    engine = create_engine(
        url,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        poolclass=QueuePool,
        # Each connection to memory is a database of its own, so its threads take turns with one.
        pool_size=1 if in_memory else 5,
        max_overflow=0 if in_memory else 10,
        hide_parameters=True,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_folder(url: URL) -> None:
    folder = Path(url.database or "").parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LedgerUnusable(
            where(url),
            f"its folder cannot be made: {error.strerror}",
            "Name a folder that this user may write.",
        ) from error


def _prepare_sqlite(connection: SqliteConnection, _record: object) -> None:
    # The driver begins no transactions by itself from here on: `_begin_sqlite` does.
    connection.isolation_level = None
    # Readers and the one writer do not block each other. Every commit is synced to the disk
    # (synchronous stays FULL): an intent must outlive a power cut.
    try:
        connection.execute("PRAGMA journal_mode = WAL")
    except OperationalError as error:
        # SQLite does not wait here. Whoever else switches a new file does it for this one as well.
        if error.sqlite_errorcode & 0xFF != SQLITE_BUSY:
            raise


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))


def _postgresql(url: URL) -> Engine:
    try:
        return create_engine(
            url,
            connect_args={} if "connect_timeout" in url.query else {"connect_timeout": 10},
            pool_pre_ping=True,
            hide_parameters=True,
        )
    except ModuleNotFoundError as error:
        raise LedgerUnusable(
            where(url),
            "the PostgreSQL driver is not installed",
            "Install the package with its extra: cloud-hygiene[postgres].",
        ) from error


@contextmanager
def _blamed(engine: Engine) -> Iterator[None]:
    try:
        yield
    except IntegrityError:
        raise
    except Unreadable as error:
        raise LedgerUnusable(
            where(engine.url),
            f"it holds what this version cannot read: {error}",
            "Use the version of cloud-hygiene that wrote it, or a newer one.",
        ) from error
    except DBAPIError as error:
        raise LedgerUnusable(
            where(engine.url),
            _one_line(error, engine.url),
            "Check that the database exists, can be reached, and may be written by this user.",
        ) from error


def _one_line(error: DBAPIError, url: URL) -> str:
    text = re.sub(r"\s+", " ", str(error.orig)).strip().rstrip(".")
    return text.replace(url.password, "***") if url.password else text
