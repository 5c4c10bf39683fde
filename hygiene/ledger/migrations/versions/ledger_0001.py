"""Entries, scans and plans; rows are only ever added."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_ROW_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_UNIQUE = {"entry": ("type", "resource", "turn"), "scan": (), "plan": ("name",)}
"""The tables, each with its unique columns besides the id."""


def upgrade() -> None:
    _create_entry()
    _create_scan()
    _create_plan()
    if op.get_context().dialect.name == "postgresql":
        _seal_postgresql()
    else:
        _seal_sqlite()


def downgrade() -> None:
    raise NotImplementedError("the ledger's memory is never removed: restore a backup instead")


def _create_entry() -> None:
    op.create_table(
        "entry",
        sa.Column("id", _ROW_ID, primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("type", sa.String, nullable=False),
        sa.Column("run_id", sa.String),
        sa.Column("change_id", sa.String),
        sa.Column("resource", sa.String),
        sa.Column("turn", sa.Integer),
        sa.Column("body", sa.Text, nullable=False),
        sa.UniqueConstraint("type", "resource", "turn", name="entry_one_per_turn"),
        sa.CheckConstraint(
            "type NOT IN ('Intended', 'Settled') OR (resource IS NOT NULL AND turn IS NOT NULL)",
            name="entry_intent_has_turn",
        ),
    )


def _create_scan() -> None:
    op.create_table(
        "scan",
        sa.Column("id", _ROW_ID, primary_key=True),
        sa.Column("run_id", sa.String, nullable=False),
        sa.Column("cloud", sa.String, nullable=False),
        sa.Column("account", sa.String, nullable=False),
        sa.Column("region", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("policy", sa.String, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_index("scan_by_run", "scan", ["run_id"])


def _create_plan() -> None:
    op.create_table(
        "plan",
        sa.Column("id", _ROW_ID, primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.UniqueConstraint("name", name="plan_one_per_name"),
    )
    op.create_index("plan_by_digest", "plan", ["digest"])


def _seal_postgresql() -> None:
    op.execute(
        """
        CREATE FUNCTION ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'the ledger is append-only: % on % is refused', TG_OP, TG_TABLE_NAME;
        END $$
        """
    )
    for table in _UNIQUE:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION ledger_append_only()"
        )


def _seal_sqlite() -> None:
    for table, unique in _UNIQUE.items():
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: {action} on {table} "
                "is refused'); END"
            )
        _refuse_replace(table, unique)


def _refuse_replace(table: str, unique: tuple[str, ...]) -> None:
    # INSERT OR REPLACE removes the row in its way, and fires no DELETE trigger for it.
    same = [f"{table}.id = NEW.id"]
    if unique:
        same.append(" AND ".join(f"{table}.{column} = NEW.{column}" for column in unique))
    clash = " OR ".join(f"({one})" for one in same)
    found = f"SELECT 1 FROM {table} WHERE {clash}"  # noqa: S608
    op.execute(
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS ({found}) "
        f"BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: {table} has this row'); END"
    )
