"""Every ledger test runs on SQLite and on a real PostgreSQL, each test in a database of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hygiene.ledger.store import SqlLedger, open_ledger


@pytest.fixture
def ledger(ledger_url: str) -> Iterator[SqlLedger]:
    """A fresh ledger."""
    with open_ledger(ledger_url) as opened:
        yield opened
