"""Airflow inside one process, for a demonstration and for tests: SQLite, no login, no server.

Nothing here imports Airflow before `prepare` has set its environment.
"""

# ruff: noqa: PLC0415 - Airflow reads its environment when it is imported

from __future__ import annotations

import os
import secrets
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path
from typing import Any, TextIO

from pluggy import HookimplMarker

Finished = Callable[[str, str], object]
"""Is called with the label of a task that ended, and its state: success, failed or skipped."""

LOG = "airflow.log"

_heard = HookimplMarker("airflow")


def prepare(home: Path, dags: Path) -> None:
    """Makes `home` an AIRFLOW_HOME whose DAGs are in `dags`, and creates its database.

    Sets this process's environment for good. Airflow's own words go to `home`/airflow.log. Raises
    `RuntimeError` where Airflow has been imported already, with whatever environment there was.
    """
    if "airflow" in sys.modules:
        raise RuntimeError("Airflow is imported already: prepare its home first, once a process")
    home.mkdir(parents=True, exist_ok=True)
    os.environ.update(environment(home.absolute(), dags.absolute()))
    migrate(home)


def environment(home: Path, dags: Path) -> dict[str, str]:
    """The environment of an Airflow in one process; both paths are absolute."""
    return {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API_AUTH__JWT_SECRET": secrets.token_hex(32),
        "AIRFLOW__CORE__AUTH_MANAGER": (
            "airflow.api_fastapi.auth.managers.simple.simple_auth_manager.SimpleAuthManager"
        ),
        "AIRFLOW__CORE__DAGS_FOLDER": str(dags),
        # A task that fails here is tried again at once.
        "AIRFLOW__CORE__DEFAULT_TASK_RETRY_DELAY": "0",
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home}/airflow.db",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": f"{home}/logs",
    }


def migrate(home: Path) -> None:
    """Creates Airflow's database."""
    with quiet(home):
        from airflow.utils.db import upgradedb

        upgradedb()


def run_dag(dag_id: str, conf: dict[str, Any], finished: Finished | None = None) -> str:
    """Runs a DAG of the prepared home to its end, in this process; returns the run's state.

    `conf` is what a person would fill into the form. Raises `LookupError` where no DAG file that
    can be read has this id.
    """
    ears = _Ears(finished, sys.stdout, sys.stderr) if finished else None
    with quiet(Path(os.environ["AIRFLOW_HOME"])):
        from airflow.dag_processing.dagbag import DagBag
        from airflow.sdk.listener import get_listener_manager

        bag = DagBag(os.environ["AIRFLOW__CORE__DAGS_FOLDER"])
        dag = bag.dags.get(dag_id)
        if dag is None:
            raise LookupError(f"there is no DAG {dag_id}; errors: {bag.import_errors or 'none'}")
        listeners: Any = get_listener_manager()
        if ears:
            listeners.add_listener(ears)
        try:
            return str(dag.test(run_conf=conf).state.value)
        finally:
            if ears:
                listeners.pm.unregister(ears)


class _Ears:
    """An Airflow listener that passes on the end of every task, with the terminal given back."""

    def __init__(self, finished: Finished, out: TextIO, err: TextIO) -> None:
        self._finished = finished
        self._out = out
        self._err = err

    @_heard
    def on_task_instance_success(self, task_instance: Any) -> None:
        self._tell(task_instance)

    @_heard
    def on_task_instance_skipped(self, task_instance: Any) -> None:
        self._tell(task_instance)

    @_heard
    def on_task_instance_failed(self, task_instance: Any) -> None:
        self._tell(task_instance)

    def _tell(self, task: Any) -> None:
        which = f" [{task.rendered_map_index or task.map_index}]" if task.map_index >= 0 else ""
        with redirect_stdout(self._out), redirect_stderr(self._err):
            self._finished(f"{task.task_id}{which}", str(task.state.value))


@contextmanager
def quiet(home: Path) -> Iterator[None]:
    """While the block runs, what this process says goes to airflow.log of a home.

    Airflow's loggers hold on to the stream they were born with, so the file stays open.
    """
    with redirect_stdout(_log(home)), redirect_stderr(_log(home)), warnings.catch_warnings():
        yield


@cache
def _log(home: Path) -> TextIO:
    return (home / LOG).open("a", encoding="utf-8", buffering=1)
