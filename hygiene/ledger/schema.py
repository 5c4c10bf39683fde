"""The tables. The triggers that keep them append-only are written out in the migrations."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

HEAD = "0001"
"""The newest revision in migrations/versions: a ledger that stores it needs no Alembic."""

VERSION_TABLE = "ledger_version"
"""Not Alembic's own default, so that the ledger may share a database with Airflow."""

METADATA = MetaData()

# SQLite numbers the rows by itself only where the key is a plain INTEGER.
_ROW_ID = BigInteger().with_variant(Integer, "sqlite")

ENTRY = Table(
    "entry",
    METADATA,
    Column("id", _ROW_ID, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("type", String, nullable=False),
    Column("run_id", String),
    Column("change_id", String),
    Column("resource", String),
    Column("turn", Integer),
    Column("body", Text, nullable=False),
    # One open intent a resource: a turn can be intended once and settled once.
    UniqueConstraint("type", "resource", "turn", name="entry_one_per_turn"),
    CheckConstraint(
        "type NOT IN ('Intended', 'Settled') OR (resource IS NOT NULL AND turn IS NOT NULL)",
        name="entry_intent_has_turn",
    ),
)

SCAN = Table(
    "scan",
    METADATA,
    Column("id", _ROW_ID, primary_key=True),
    Column("run_id", String, nullable=False),
    Column("cloud", String, nullable=False),
    Column("account", String, nullable=False),
    Column("region", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("policy", String, nullable=False),
    Column("body", Text, nullable=False),
    Index("scan_by_run", "run_id"),
)

PLAN = Table(
    "plan",
    METADATA,
    Column("id", _ROW_ID, primary_key=True),
    Column("name", String, nullable=False),
    Column("digest", String, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("body", Text, nullable=False),
    UniqueConstraint("name", name="plan_one_per_name"),
    Index("plan_by_digest", "digest"),
)
