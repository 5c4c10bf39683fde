"""Brings a ledger's database to the revision that this code was written for."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, String, column, inspect, select, table, text

from hygiene.ledger.database import reading, where, writing
from hygiene.ledger.errors import LedgerUnusable
from hygiene.ledger.schema import HEAD, VERSION_TABLE

_LOCK = 7_236_459_162_004_511
"""Any number that nothing else in the database takes an advisory lock on."""


def migrate(engine: Engine) -> None:
    """Creates or upgrades the tables; does next to nothing where they are up to date.

    Processes that do this at the same time wait for each other. Raises `LedgerUnusable`.
    """
    with reading(engine) as connection:
        if _stored_revision(connection) == HEAD:
            return
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        _upgrade(connection)


def _stored_revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    stored = select(column("version_num", String)).select_from(table(VERSION_TABLE))
    return connection.execute(stored).scalar_one_or_none()


def _upgrade(connection: Connection) -> None:
    # Importing Alembic takes longer than opening a ledger that is up to date.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", "hygiene.ledger:migrations")
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    stored = _stored_revision(connection)
    if stored is not None and stored not in known:
        raise LedgerUnusable(
            where(connection.engine.url),
            f"it has revision {stored}, and this version knows none newer than {HEAD}",
            "Use the version of cloud-hygiene that wrote it, or a newer one.",
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
