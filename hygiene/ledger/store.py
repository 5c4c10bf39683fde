"""The ledger over SQL: SQLite by default, PostgreSQL by its URL."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select
from sqlalchemy.exc import IntegrityError

from hygiene.ledger.codec import entry_from_json, from_json, to_json
from hygiene.ledger.database import connect, reading, writing
from hygiene.ledger.errors import NothingToSettle, PlanAltered
from hygiene.ledger.migrate import migrate
from hygiene.ledger.schema import ENTRY, PLAN, SCAN
from hygiene.model.entry import Busy, Entry, Intended, Settled
from hygiene.model.history import History
from hygiene.model.plan import Plan
from hygiene.model.resource import ResourceRef, Scan


def open_ledger(url: str) -> SqlLedger:
    """Opens a ledger, and creates or upgrades its tables first where that is needed.

    `url` is `sqlite:///path/to/file` (the folder is made), `sqlite://` (in memory: gone when
    closed) or `postgresql://user:password@host/database`. Raises `LedgerUnusable`.
    """
    engine = connect(url)
    try:
        migrate(engine)
    except BaseException:
        engine.dispose()
        raise
    return SqlLedger(engine)


class SqlLedger:
    """`hygiene.ports.Ledger`. Threads may share one; processes open their own.

    Every method raises `LedgerUnusable` where the database fails, or holds what a newer version
    wrote and this one cannot read.
    """

    def __init__(self, engine: Engine) -> None:
        """Over a migrated database: `open_ledger` makes one."""
        self._engine = engine

    def __enter__(self) -> SqlLedger:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends all connections."""
        self._engine.dispose()

    def append(self, *entries: Entry) -> None:
        """Adds entries, all or none. Raises `TypeError` for an `Intended` or a `Settled`."""
        for entry in entries:
            if isinstance(entry, Intended | Settled):
                raise TypeError(f"{type(entry).__name__} goes through intend() or settle()")
        if entries:
            with writing(self._engine) as connection:
                connection.execute(insert(ENTRY), [_row(entry) for entry in entries])

    def history(self) -> History:
        """Every entry, oldest first."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(ENTRY.c.type, ENTRY.c.body).order_by(ENTRY.c.id))
            return History(tuple(entry_from_json(kind, body) for kind, body in rows))

    def intend(self, intent: Intended) -> Intended | Busy:
        """Opens an intent and returns it with its turn; `Busy` where another one is open."""
        try:
            with writing(self._engine) as connection:
                turn = _turns_settled(connection, intent.ref) + 1
                opened = replace(intent, turn=turn)
                connection.execute(insert(ENTRY), _row(opened))
        except IntegrityError:
            with reading(self._engine) as connection:
                blocking = _body_at(connection, Intended, intent.ref, turn)
                if blocking is None:
                    raise
                return Busy(from_json(Intended, blocking))
        return opened

    def settle(self, settled: Settled) -> bool:
        """Closes an intent; False when it was closed already. Raises `NothingToSettle`."""
        try:
            with writing(self._engine) as connection:
                if _body_at(connection, Intended, settled.ref, settled.turn) is None:
                    raise NothingToSettle(settled.ref.id, settled.turn)
                connection.execute(insert(ENTRY), _row(settled))
        except IntegrityError:
            with reading(self._engine) as connection:
                first = _body_at(connection, Settled, settled.ref, settled.turn)
            if first is None:
                raise
            return False
        return True

    def keep_scan(self, run_id: str, scan: Scan) -> str:
        """Stores a scan under its run, place, kind and policy (again: the newest wins)."""
        with writing(self._engine) as connection:
            row_id = connection.scalar(
                insert(SCAN).returning(SCAN.c.id),
                {
                    "run_id": run_id,
                    "cloud": scan.place.cloud,
                    "account": scan.place.account,
                    "region": scan.place.region,
                    "kind": scan.kind,
                    "policy": scan.policy,
                    "body": to_json(scan),
                },
            )
        return str(row_id)

    def scans(self, run_id: str) -> tuple[Scan, ...]:
        """The newest scan of each place, kind and policy of a run, in that order."""
        what = (SCAN.c.cloud, SCAN.c.account, SCAN.c.region, SCAN.c.kind, SCAN.c.policy)
        newest = select(func.max(SCAN.c.id)).where(SCAN.c.run_id == run_id).group_by(*what)
        wanted = select(SCAN.c.body).where(SCAN.c.id.in_(newest)).order_by(*what)
        with reading(self._engine) as connection:
            return tuple(from_json(Scan, body) for body in connection.scalars(wanted))

    def keep_plan(self, plan: Plan) -> None:
        """Stores a plan under its id; once more is no matter. Raises `PlanAltered`."""
        row = {"name": plan.id, "digest": plan.digest, "made_at": plan.made_at}
        try:
            with writing(self._engine) as connection:
                connection.execute(insert(PLAN), {**row, "body": to_json(plan)})
        except IntegrityError:
            with reading(self._engine) as connection:
                kept = connection.scalar(select(PLAN.c.body).where(PLAN.c.name == plan.id))
                if kept is None:
                    raise
                if from_json(Plan, kept) != plan:
                    raise PlanAltered(plan.id) from None

    def plan(self, name: str) -> Plan | None:
        """The plan with this id, else the newest with this digest; for "" the newest of all."""
        newest = select(PLAN.c.body).order_by(PLAN.c.id.desc()).limit(1)
        wanted = newest.where((PLAN.c.name == name) | (PLAN.c.digest == name)) if name else newest
        with reading(self._engine) as connection:
            body = connection.scalar(wanted)
            return None if body is None else from_json(Plan, body)


def _row(entry: Entry) -> dict[str, Any]:
    if entry.at.tzinfo is None:
        raise ValueError(f"{type(entry).__name__} has a time without a time zone: {entry.at}")
    ref = getattr(entry, "ref", None)
    return {
        "at": entry.at.astimezone(UTC),
        "type": type(entry).__name__,
        "run_id": getattr(entry, "run_id", None),
        "change_id": getattr(entry, "change_id", None),
        "resource": _key(ref) if ref else None,
        "turn": getattr(entry, "turn", None),
        "body": to_json(entry),
    }


def _key(ref: ResourceRef) -> str:
    """One text for one resource; JSON, since no separator is safe from being part of an id."""
    return json.dumps([ref.cloud, ref.account, ref.region, ref.kind, ref.id])


def _turns_settled(connection: Connection, ref: ResourceRef) -> int:
    """How many intents of this resource are settled."""
    settled = (ENTRY.c.type == Settled.__name__) & (ENTRY.c.resource == _key(ref))
    return connection.execute(select(func.count()).where(settled)).scalar_one()


def _body_at(
    connection: Connection, kind: type[Intended | Settled], ref: ResourceRef, turn: int
) -> str | None:
    """The intent or settlement of this turn."""
    there = (ENTRY.c.type == kind.__name__) & (ENTRY.c.resource == _key(ref))
    return connection.scalar(select(ENTRY.c.body).where(there, ENTRY.c.turn == turn))
