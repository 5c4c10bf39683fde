"""One Airflow for all tests here: its home is set before anything imports it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from hygiene.airflow import local
from hygiene.localcloud.cloud import LocalCloud, running

DAGS = Path(__file__).parents[2] / "dags"
HOME = TemporaryDirectory(prefix="hygiene-airflow-")
os.environ.update(local.environment(Path(HOME.name), DAGS))
os.environ["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS"] = "False"
with local.quiet(Path(HOME.name)):
    from airflow_runs import MINE, SPEC, Estate


@pytest.fixture(scope="session")
def database() -> None:
    """Airflow's own."""
    local.migrate(Path(HOME.name))


@pytest.fixture
def cloud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalCloud]:
    """The local cloud and Slack, and settings of the bot that lead there."""
    policies = tmp_path / "policies"
    policies.mkdir()
    (policies / "zero_traffic_endpoint.yaml").write_text(
        "mode: enforce\ngrace_days: 7\nbudget: {share: 1}\n"
    )
    monkeypatch.setenv("HYGIENE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HYGIENE_POLICIES", str(policies))
    with running(SPEC) as cloud:
        for name, value in cloud.env.items():
            monkeypatch.setenv(name, value)
        yield cloud


@pytest.fixture
def estate(cloud: LocalCloud) -> Estate:
    """Holds the caller's own account and one region until a test says otherwise."""
    written = Estate(Path(os.environ["HYGIENE_POLICIES"]) / "estate.yaml")
    written.of({"id": MINE, "regions": ["us-east-1"]})
    return written
