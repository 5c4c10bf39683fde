"""The DAG files: small, light, and refusing a form that makes no sense."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk import DAG
from airflow.sdk.exceptions import ParamValidationError

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "dags").glob("*.py"))
ROOM = sorted((ROOT / "hygiene" / "airflow").glob("*.py"))
HEAVY = {"boto3", "botocore", "pandas", "slack_sdk", "sqlalchemy", "matplotlib", "pydantic"}


@cache
def dags() -> dict[str, DAG]:
    bag = DagBag(ROOT / "dags")
    assert bag.import_errors == {}
    return bag.dags


def imported_on_top(file: Path) -> set[str]:
    """The modules that are imported whenever a file is."""
    found = set()
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module or ""} | {f"{node.module}.{name.name}" for name in node.names}
    return found


def test_there_are_three_dags_that_change_nothing_when_they_are_first_unpaused() -> None:
    assert set(dags()) == {"hygiene_nightly", "hygiene_apply", "hygiene_campaign"}
    for dag in dags().values():
        assert dag.catchup is False
        assert dag.max_active_runs == 1
        assert dag.params["dry_run"] is True
        assert dag.doc_md
        assert all(task.has_on_failure_callback for task in dag.tasks)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_dag_file_holds_no_logic(file: Path) -> None:
    source = file.read_text()
    assert len(source.splitlines()) < 60
    allowed = ("datetime", "airflow.sdk", "hygiene.airflow")
    assert [name for name in imported_on_top(file) if not name.startswith(allowed)] == []
    branches = ast.If | ast.For | ast.While | ast.Try | ast.With | ast.Lambda
    assert not any(isinstance(node, branches) for node in ast.walk(ast.parse(source)))
    for word in (".now(", "utcnow", "Variable", "environ", "open("):
        assert word not in source


def test_reading_dag_files_loads_neither_the_library_nor_what_it_needs() -> None:
    code = (
        "import sys, airflow.sdk\n"
        "before = set(sys.modules)\n"
        "from hygiene.airflow import tasks, forms, orders\n"
        "print(' '.join(sorted(set(sys.modules) - before)))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], env=os.environ, capture_output=True, text=True, check=True
    ).stdout.split()
    ours = {name for name in loaded if name.startswith("hygiene.")}
    assert "hygiene.airflow.tasks" in ours
    assert {name for name in ours if not name.startswith("hygiene.airflow")} == set()
    assert HEAVY & set(loaded) == set()


def test_writers_are_made_in_one_place_which_the_nightly_run_does_not_reach() -> None:
    makers = [
        function.name
        for file in ROOM
        for function in ast.walk(ast.parse(file.read_text()))
        if isinstance(function, ast.FunctionDef)
        and any(
            isinstance(node, ast.Attribute) and node.attr == "writers"
            for node in ast.walk(function)
        )
    ]
    assert makers == ["_apply"]
    assert {"apply", "apply_approved"} & set(dags()["hygiene_nightly"].task_dict) == set()


def test_the_air_rules_of_ruff_find_nothing() -> None:
    command = [sys.executable, "-m", "ruff", "check", "--preview", "--select", "AIR"]
    subprocess.run([*command, *FILES, *ROOM], check=True, cwd=ROOT)


@pytest.mark.parametrize(
    ("dag_id", "conf"),
    [
        ("hygiene_nightly", {"dry_run": "no"}),
        ("hygiene_nightly", {"dry_run": None}),
        ("hygiene_nightly", {"accounts": "111111111111"}),
        ("hygiene_nightly", {"policies": ["zero traffic"]}),
        ("hygiene_apply", {"digest": "sha256:12"}),
        ("hygiene_apply", {"plan": "the newest"}),
        ("hygiene_campaign", {"minimum_usd": -1}),
        ("hygiene_campaign", {"minimum_usd": "much"}),
        ("hygiene_campaign", {"tags": ["team"]}),
        ("hygiene_campaign", {"tags": {"team": "ranking"}}),
        ("hygiene_campaign", {"dry_run": 0}),
        ("hygiene_campaign", {"reason": "x" * 501}),
    ],
    ids=json.dumps,
)
def test_a_form_that_makes_no_sense_is_refused(dag_id: str, conf: dict[str, Any]) -> None:
    ((name, value),) = conf.items()
    param = dags()[dag_id].params.get_param(name)
    with pytest.raises(ParamValidationError):
        param.resolve(value=value)
