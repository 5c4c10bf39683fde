"""The stack of docker-compose.yaml: healthy, on loopback, and without a single default password."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[1]
FILE = ROOT / "docker-compose.yaml"
STACK: dict[str, Any] = YAML(typ="safe").load(FILE.read_text())
SERVICES: dict[str, dict[str, Any]] = STACK["services"]
AIRFLOW = {name for name in SERVICES if name.startswith("airflow-")}
SECRET = re.compile(r"PASSWORD|SECRET|KEY|TOKEN|AUTH$|CONN|URL$|BACKEND")
OPTIONAL = {"SLACK_BOT_TOKEN", "AIRFLOW_CONN_HYGIENE_READER", "AIRFLOW_CONN_HYGIENE_WRITER"}
REQUIRED = {
    "AIRFLOW_ADMIN_PASSWORD",
    "AIRFLOW_FERNET_KEY",
    "AIRFLOW_JWT_SECRET",
    "AIRFLOW_SECRET_KEY",
    "BROKER_PASSWORD",
    "LEDGER_PASSWORD",
    "POSTGRES_PASSWORD",
}


def environments() -> list[tuple[str, str, str]]:
    return [
        (service, key, str(value))
        for service, one in SERVICES.items()
        for key, value in one.get("environment", {}).items()
    ]


def test_the_stack_has_every_part_of_airflow() -> None:
    parts = {"init", "apiserver", "scheduler", "dag-processor", "worker", "triggerer"}
    assert {name.removeprefix("airflow-") for name in AIRFLOW} == parts
    assert {"postgres", "broker"} == set(SERVICES) - AIRFLOW


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"airflow-init"}))
def test_every_service_that_stays_has_a_health_check(name: str) -> None:
    health = SERVICES[name]["healthcheck"]
    assert health["test"][0] in ("CMD", "CMD-SHELL")
    assert {"interval", "timeout", "retries", "start_period"} <= set(health)


@pytest.mark.parametrize("name", sorted(AIRFLOW - {"airflow-init"}))
def test_airflow_starts_after_its_databases_are_ready(name: str) -> None:
    assert SERVICES[name]["depends_on"] == {
        "postgres": {"condition": "service_healthy"},
        "broker": {"condition": "service_healthy"},
        "airflow-init": {"condition": "service_completed_successfully"},
    }


def test_no_secret_is_written_down() -> None:
    secrets = [one for one in environments() if SECRET.search(one[1])]
    assert secrets
    for service, key, value in secrets:
        literal = re.sub(r"\$\{[^}]*\}", "", value)
        assert not re.search(r"://[^@]*\w[^@/]*:\w+@", literal), (service, key)
        if "${" not in value:
            assert re.fullmatch(r"https?://[\w.-]+(:\d+)?/.*", value), (service, key)


def test_every_secret_is_asked_for() -> None:
    text = FILE.read_text()
    asked = set(re.findall(r"\$\{(\w+):\?[^}]+\}", text))
    assert asked == REQUIRED
    assert set(re.findall(r"\$\{(\w+):-\}", text)) == OPTIONAL
    assert set(re.findall(r"\$\{(\w+)(?![\w:])", text)) == set()


def test_clouds_and_slack_are_known_to_the_worker_alone() -> None:
    held = {service for service, key, _ in environments() if key in OPTIONAL}
    assert held == {"airflow-worker"}


def test_ports_are_open_to_this_machine_only() -> None:
    ports = [port for one in SERVICES.values() for port in one.get("ports", ())]
    assert ports == ["127.0.0.1:8080:8080"]


def test_dags_and_policies_cannot_be_written_to() -> None:
    for name in AIRFLOW:
        folders = [one for one in SERVICES[name]["volumes"] if one.startswith("./")]
        assert {one.split(":")[0] for one in folders} == {"./dags", "./policies"}
        assert all(one.endswith(":ro") for one in folders)


def test_the_example_names_every_variable_and_fills_in_none() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    written = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert set(written) == REQUIRED | OPTIONAL
    assert set(written.values()) == {""}


@pytest.fixture
def compose() -> str:
    found = shutil.which("docker-compose")
    if found is None:
        pytest.skip("docker-compose is not installed")
    return found


def configured(compose: str, env_file: Path) -> subprocess.CompletedProcess[str]:
    command = [compose, "--file", FILE, "--env-file", env_file, "config"]
    plain = {"PATH": os.environ["PATH"], "HOME": str(env_file.parent)}
    return subprocess.run(command, cwd=ROOT, env=plain, capture_output=True, text=True, check=False)


def test_compose_takes_the_file_once_every_secret_is_set(compose: str, tmp_path: Path) -> None:
    env_file = tmp_path / "env"
    env_file.write_text("".join(f"{name}=0123abcd{name.lower()}\n" for name in REQUIRED))
    ran = configured(compose, env_file)
    assert ran.returncode == 0, ran.stderr
    services = YAML(typ="safe").load(ran.stdout)["services"]
    assert set(services) == set(SERVICES)
    ledger = services["airflow-worker"]["environment"]["HYGIENE_LEDGER_URL"]
    assert ledger == "postgresql://hygiene:0123abcdledger_password@postgres/hygiene"


@pytest.mark.parametrize("missing", sorted(REQUIRED))
def test_compose_says_which_secret_is_missing(compose: str, tmp_path: Path, missing: str) -> None:
    env_file = tmp_path / "env"
    env_file.write_text("".join(f"{name}=0123abcd\n" for name in REQUIRED - {missing}))
    ran = configured(compose, env_file)
    assert ran.returncode != 0
    assert missing in ran.stderr
    assert "set it in .env" in ran.stderr
