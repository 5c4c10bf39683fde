"""The tables are what the code expects, and a ledger of another time is told apart."""

from __future__ import annotations

import subprocess
import sys

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import insert, inspect, text

from hygiene.ledger.database import connect
from hygiene.ledger.errors import LedgerUnusable
from hygiene.ledger.schema import ENTRY, HEAD, METADATA, VERSION_TABLE
from hygiene.ledger.store import open_ledger
from tests.ledger.samples import NOW, posted


def test_the_migrations_make_the_tables_of_the_schema(ledger_url: str) -> None:
    open_ledger(ledger_url).close()
    engine = connect(ledger_url)
    with engine.connect() as connection:
        options = {"version_table": VERSION_TABLE, "compare_type": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, METADATA) == []
        (check,) = inspect(connection).get_check_constraints("entry")
        assert check["name"] == "entry_intent_has_turn"
    engine.dispose()


def test_the_schema_names_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", "hygiene.ledger:migrations")
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_a_ledger_of_a_newer_version_is_left_alone(ledger_url: str) -> None:
    with open_ledger(ledger_url) as ledger:
        ledger.append(posted("a"))
    _set_revision(ledger_url, "9999")
    with pytest.raises(LedgerUnusable, match=r"revision 9999.*Use the version"):
        open_ledger(ledger_url)
    _set_revision(ledger_url, HEAD)
    with open_ledger(ledger_url) as ledger:
        assert ledger.history().entries == (posted("a"),)


def test_an_entry_of_a_newer_version_is_not_passed_over(ledger_url: str) -> None:
    engine = connect(ledger_url)
    with open_ledger(ledger_url) as ledger:
        with engine.begin() as connection:
            row = {"at": NOW, "type": "Praised", "body": "{}"}
            connection.execute(insert(ENTRY), row)
        with pytest.raises(LedgerUnusable, match=r"unknown type Praised\. Use the version"):
            ledger.history()
    engine.dispose()


def _set_revision(url: str, revision: str) -> None:
    engine = connect(url)
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '{revision}'"))
    engine.dispose()


def test_a_migration_that_fails_leaves_nothing_behind(ledger_url: str) -> None:
    engine = connect(ledger_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE plan (somebody_elses INTEGER)"))
    with pytest.raises(LedgerUnusable, match="plan"):
        open_ledger(ledger_url)
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["plan"]
    engine.dispose()


def test_a_ledger_that_is_up_to_date_opens_without_alembic(ledger_url: str) -> None:
    open_ledger(ledger_url).close()
    script = (
        "import sys; from hygiene.ledger.store import open_ledger; "
        "open_ledger(sys.argv[1]).close(); print('alembic' in sys.modules)"
    )
    path = {"PYTHONPATH": ":".join(sys.path)}
    command = [sys.executable, "-c", script, ledger_url]
    done = subprocess.run(command, env=path, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
