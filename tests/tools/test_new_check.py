"""The tool that starts a new check: what it writes is whole from the first minute on."""

from __future__ import annotations

import importlib
import json
import runpy
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import hygiene.checks
from hygiene.checks import check_ids, load_check
from hygiene.files import read
from hygiene.policy import load_policies

ROOT = Path(__file__).parents[2]


def load_tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("new_check", ROOT / "tools" / "new_check.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    return tool


NEW_CHECK = load_tool()


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A repository of its own, whose checks are found beside the real ones."""
    for folder in ("hygiene/checks", "tests/checks", "policies"):
        (tmp_path / folder).mkdir(parents=True)
    more = [*hygiene.checks.__path__, str(tmp_path / "hygiene" / "checks")]
    monkeypatch.setattr(hygiene.checks, "__path__", more)
    yield tmp_path
    sys.modules.pop("hygiene.checks.stale_endpoint", None)


def test_a_new_check_loads_runs_and_passes_its_own_test(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert NEW_CHECK.main(["stale_endpoint", "endpoint"], root) == 0
    assert capsys.readouterr().out.splitlines()[:3] == [
        "hygiene/checks/stale_endpoint.py",
        "tests/checks/test_stale_endpoint.py",
        "policies/stale_endpoint.yaml",
    ]
    importlib.invalidate_caches()
    assert "stale_endpoint" in check_ids()
    assert (load_check("stale_endpoint").kind, load_check("stale_endpoint").verb) == (
        "endpoint",
        "delete_endpoint",
    )
    (policy,) = load_policies(root / "policies")
    assert (policy.check, policy.mode) == ("stale_endpoint", "report")
    tests = runpy.run_path(str(root / "tests" / "checks" / "test_stale_endpoint.py"))
    ran = [run() for name, run in tests.items() if name.startswith("test_")]
    assert len(ran) == 2


def test_the_policy_of_a_new_check_names_every_setting(root: Path) -> None:
    NEW_CHECK.write("stale_endpoint", "endpoint", root)
    importlib.invalidate_caches()
    (policy,) = load_policies(root / "policies")
    assert policy.settings == load_check("stale_endpoint").settings()
    written = read(root / "policies" / "stale_endpoint.yaml").content["settings"]
    assert written == {"window_days": 7, "minimum_age_days": 7}


def test_the_schemas_know_a_new_check(root: Path) -> None:
    assert NEW_CHECK.main(["stale_endpoint", "endpoint"], root) == 0
    schema = json.loads((root / "policies" / "policy.schema.json").read_text())
    assert "stale_endpoint" in schema["properties"]["check"]["enum"]
    assert "description" in schema["$defs"]["stale_endpoint"]["properties"]["window_days"]


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]])
def test_a_new_check_passes_lint(command: list[str], root: Path) -> None:
    NEW_CHECK.write("stale_endpoint", "endpoint", root)
    shutil.copy(ROOT / "pyproject.toml", root)
    ours = 'lint.isort.known-first-party=["hygiene", "tests"]'
    ruff = [sys.executable, "-m", "ruff", *command, "--no-cache", "--config", ours, "."]
    ran = subprocess.run(ruff, cwd=root, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("zero_traffic_endpoint", "there is a check zero_traffic_endpoint already"),
        ("Stale-Endpoint", "'Stale-Endpoint' is no name for a check"),
        ("../stale", "'../stale' is no name for a check"),
    ],
)
def test_a_name_that_cannot_be_used_writes_nothing(
    name: str, complaint: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert NEW_CHECK.main([name, "endpoint"], root) == 2
    assert complaint in capsys.readouterr().err
    assert not [path for path in root.rglob("*") if path.is_file()]


def test_nothing_is_overwritten(root: Path) -> None:
    policy = root / "policies" / "stale_endpoint.yaml"
    policy.write_text("mine\n")
    assert NEW_CHECK.main(["stale_endpoint", "endpoint"], root) == 2
    assert policy.read_text() == "mine\n"
