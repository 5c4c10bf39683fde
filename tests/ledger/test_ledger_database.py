"""A database that cannot be used says so, says what to do, and gives no secret away."""

from __future__ import annotations

import sqlite3
import traceback
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from hygiene.ledger.database import connect, reading
from hygiene.ledger.errors import LedgerUnusable
from hygiene.ledger.store import open_ledger
from tests.ledger.samples import intent, posted

UNUSABLE = [
    ("", "not a database URL"),
    ("hunter2", "not a database URL"),
    ("postgresql://bot:hunter2@db:port/ledger", "not a database URL"),
    ("postgresql://bot:p@hunter2@db/ledger", "percent-encoded"),
    ("mysql://bot:hunter2@db/ledger", r"mysql://bot:\*\*\*@db/ledger .* mysql is not supported"),
    ("postgresql://bot:hunter2@127.0.0.1:1/ledger", r"bot:\*\*\*@127.0.0.1:1.*refused.*Check"),
    ("postgresql://127.0.0.1:1/ledger?password=hunter2", r"127.0.0.1:1/ledger cannot.*refused"),
    ("postgres+asyncpg://bot:hunter2@127.0.0.1:1/ledger", r"bot:\*\*\*@127.0.0.1:1.*refused"),
    ("postgresql://bot:x@127.0.0.1/ledger?hunter2=1", "invalid connection option"),
]


@pytest.mark.parametrize(("url", "message"), UNUSABLE)
def test_an_unusable_url_is_explained_without_its_secret(url: str, message: str) -> None:
    with pytest.raises(LedgerUnusable, match=message) as raised:
        open_ledger(url)
    shown = "".join(traceback.format_exception(raised.value))
    assert "hunter2" not in shown.replace('option "hunter2"', "")


def test_a_database_that_is_not_there_is_named(postgres_url: str) -> None:
    with pytest.raises(LedgerUnusable, match=r"does not exist.*Check that the database exists"):
        open_ledger(postgres_url.replace("/test_", "/missing_"))


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_name_of_postgresql_takes_our_driver(postgres_url: str, scheme: str) -> None:
    url = postgres_url.replace("postgresql", scheme, 1)
    assert connect(url).driver == "psycopg2"
    with open_ledger(url) as ledger:
        ledger.append(posted("a"))


def test_the_folder_of_a_file_is_made(tmp_path: Path) -> None:
    open_ledger(f"sqlite:///{tmp_path}/new/folder/ledger.db").close()
    assert (tmp_path / "new/folder/ledger.db").is_file()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LedgerUnusable, match=r"folder cannot be made: .*Name a folder"):
        open_ledger(f"sqlite:///{tmp_path}/file/ledger.db")


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "ledger.db").write_text("what a person noted " * 100)
    with pytest.raises(LedgerUnusable, match=r"ledger.db cannot be used: file is not a database"):
        open_ledger(f"sqlite:///{tmp_path}/ledger.db")


def test_a_file_that_somebody_is_creating_is_waited_for(tmp_path: Path) -> None:
    """SQLite answers the switch to WAL with `database is locked` at once, without waiting."""
    engine = connect(f"sqlite:///{tmp_path}/ledger.db")
    with closing(sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with reading(engine) as connection:
            assert connection.scalar(text("SELECT 1")) == 1
    engine.dispose()
    open_ledger(f"sqlite:///{tmp_path}/ledger.db").close()


def test_a_ledger_that_is_lost_later_says_so_too(tmp_path: Path) -> None:
    with open_ledger(f"sqlite:///{tmp_path}/ledger.db") as ledger:
        ledger.append(posted("a"))
        ledger.close()
        (tmp_path / "ledger.db").unlink()
        (tmp_path / "ledger.db").mkdir()
        with pytest.raises(LedgerUnusable, match="unable to open database file"):
            ledger.history()


def test_a_failed_write_does_not_show_what_was_written(ledger_url: str) -> None:
    """A preimage may hold the environment of a model's container."""
    secret = replace(intent(), preimage="hunter" + "2")
    with open_ledger(ledger_url) as ledger:
        engine = connect(ledger_url)
        with engine.begin() as connection:
            connection.execute(text("ALTER TABLE entry RENAME TO lost"))
            connection.execute(text("CREATE TABLE entry (type TEXT, resource TEXT)"))
        engine.dispose()
        with pytest.raises(LedgerUnusable, match="column") as raised:
            ledger.intend(secret)
    assert "hunter2" not in "".join(traceback.format_exception(raised.value))
