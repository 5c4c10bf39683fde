"""The database itself refuses to forget, whoever asks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from hygiene.ledger.database import connect
from hygiene.ledger.schema import ENTRY, METADATA
from hygiene.ledger.store import open_ledger
from tests.ledger.samples import intent, plan, posted, scan

TABLES = ("entry", "scan", "plan")
COLUMN = {"entry": "body", "scan": "body", "plan": "digest"}


@pytest.fixture
def engine(ledger_url: str) -> Iterator[Engine]:
    """A ledger with one row in each table, by a connection that knows nothing of ours."""
    with open_ledger(ledger_url) as ledger:
        ledger.intend(intent())
        ledger.keep_scan("run-1", scan("a"))
        ledger.keep_plan(plan("plan-1", "a"))
    engine = connect(ledger_url)
    yield engine
    engine.dispose()


def _everything(connection: Connection) -> list[object]:
    tables = (METADATA.tables[name] for name in TABLES)
    return [connection.execute(select(table)).all() for table in tables]


def _refused(engine: Engine, statement: str) -> None:
    with engine.begin() as connection:
        before = _everything(connection)
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text(statement))
    with engine.begin() as connection:
        assert _everything(connection) == before


@pytest.mark.parametrize("table", TABLES)
def test_no_row_is_changed(engine: Engine, table: str) -> None:
    _refused(engine, f"UPDATE {table} SET {COLUMN[table]} = 'another'")


@pytest.mark.parametrize("table", TABLES)
def test_no_row_is_removed(engine: Engine, table: str) -> None:
    _refused(engine, f"DELETE FROM {table}")


@pytest.mark.parametrize("table", TABLES)
def test_no_row_is_replaced(engine: Engine, table: str) -> None:
    if engine.dialect.name == "sqlite":
        _refused(engine, f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
    else:
        same = f"INSERT INTO {table} SELECT * FROM {table} ON CONFLICT (id)"
        _refused(engine, f"{same} DO UPDATE SET {COLUMN[table]} = 'another'")


def test_no_row_is_replaced_under_another_id(engine: Engine) -> None:
    if engine.dialect.name == "postgresql":
        pytest.skip("only SQLite replaces by every unique constraint")
    columns = "at, type, resource, turn, body"
    _refused(engine, f"INSERT OR REPLACE INTO entry ({columns}) SELECT {columns} FROM entry")
    columns = "name, digest, made_at, body"
    _refused(engine, f"INSERT OR REPLACE INTO plan ({columns}) SELECT {columns} FROM plan")


@pytest.mark.parametrize("table", TABLES)
def test_no_table_is_emptied(engine: Engine, table: str) -> None:
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite has no TRUNCATE")
    _refused(engine, f"TRUNCATE {table}")


def test_a_second_intent_of_a_turn_is_refused_by_the_database(engine: Engine) -> None:
    copied = ("at", "type", "resource", "turn", "body")
    rows = select(*(ENTRY.c[name] for name in copied))
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(insert(ENTRY).from_select(copied, rows))


@pytest.mark.parametrize("missing", ["resource", "turn"])
def test_an_intent_without_resource_or_turn_is_refused(engine: Engine, missing: str) -> None:
    at = intent().at
    row = {"at": at, "type": "Intended", "resource": "r", "turn": 1, "body": "{}", missing: None}
    with pytest.raises(IntegrityError, match="entry_intent_has_turn"), engine.begin() as connection:
        connection.execute(insert(ENTRY), row)


def test_other_entries_share_a_resource(engine: Engine, ledger_url: str) -> None:
    with open_ledger(ledger_url) as ledger:
        ledger.append(posted("a"), posted("a"))
        assert len(ledger.history().entries) == 3
