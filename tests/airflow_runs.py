"""Runs DAGs, and reads from Airflow's database what became of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from airflow.api_fastapi.app import create_app, get_auth_manager
from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser
from airflow.models import dagrun as dagruns
from airflow.models.asset import AssetEvent
from airflow.models.dagrun import DagRun
from airflow.models.xcom import XComModel
from airflow.utils.session import create_session
from fastapi.testclient import TestClient
from sqlalchemy import select

from hygiene import night, settings, wiring
from hygiene.airflow import local
from hygiene.localcloud.cloud import LocalCloud
from hygiene.localcloud.spec import EndpointSpec, EstateSpec, PersonSpec
from hygiene.model.history import History
from hygiene.model.plan import Plan

MINE, THEIRS = "111111111111", "222222222222"
IDLE, DARK, THEIR_OWN = "idle-ranker", "idle-in-the-dark", "idle-next-door"
TAGS = {"owner": "ada@example.com", "team": "ranking"}

SPEC = EstateSpec(
    name="airflow",
    people=(PersonSpec(email="ada@example.com", name="Ada"),),
    channels=("cloud-hygiene",),
    endpoints=(
        EndpointSpec(name=IDLE, account=MINE, tags=TAGS),
        EndpointSpec(name=DARK, account=MINE, region="eu-central-1", tags=TAGS),
        EndpointSpec(name=THEIR_OWN, account=THEIRS, tags=TAGS),
    ),
)


@dataclass(frozen=True, slots=True)
class Estate:
    """Writes the estate file."""

    file: Path

    def of(self, *accounts: dict[str, Any], **more: Any) -> None:
        # JSON is YAML too.
        roomy = {"share": 1}
        written = [{"writable": True, "budget": roomy, **one} for one in accounts]
        self.file.write_text(json.dumps({"accounts": written, "budget": roomy, **more}))


class Ran:
    """What Airflow remembers of the newest run of a DAG."""

    def __init__(self, dag_id: str) -> None:
        with create_session() as session:
            newest = select(DagRun).where(DagRun.dag_id == dag_id).order_by(DagRun.id.desc())
            run = session.scalars(newest.limit(1)).one()
            self.run_id = run.run_id
            self.state = str(run.state)
            self.tasks = {
                (one.task_id, one.rendered_map_index): str(one.state)
                for one in run.get_task_instances(session=session)
            }
            rows = select(XComModel).where(XComModel.run_id == run.run_id)
            self.xcom = {(one.task_id, one.key): one.value for one in session.scalars(rows)}
            events = select(AssetEvent).where(AssetEvent.source_run_id == run.run_id)
            found = session.scalars(events).all()
            self.events = [one.extra for one in found]
            self.event_ids = [one.id for one in found]

    def task(self, task_id: str) -> str:
        """The state of a task that is not mapped."""
        return self.tasks[task_id, None]


def run(dag_id: str, **conf: Any) -> Ran:
    """Runs a DAG to its end."""
    local.run_dag(dag_id, conf)
    return Ran(dag_id)


def run_on_event(event_id: int, monkeypatch: pytest.MonkeyPatch) -> Ran:
    """Runs the DAG that applies as the scheduler would have started it: by an asset's event."""
    create = dagruns.get_or_create_dagrun

    def create_with_event(**given: Any) -> DagRun:
        made = create(**given)
        made.consumed_asset_events.append(given["session"].get(AssetEvent, event_id))
        given["session"].commit()
        return made

    with monkeypatch.context() as patch:
        patch.setattr(dagruns, "get_or_create_dagrun", create_with_event)
        return run("hygiene_apply")


def history() -> History:
    """The ledger's entries."""
    with wiring.opened(settings.read()) as opened:
        return opened.ledger.history()


def newest_plan() -> Plan:
    """The newest plan of the ledger."""
    with wiring.opened(settings.read()) as opened:
        plan = opened.ledger.plan("")
    assert plan is not None
    return plan


def a_night() -> Plan:
    """What a night does before anything is applied, without Airflow."""
    with wiring.opened(settings.read()) as opened:
        for place in night.places(opened.rules):
            night.scan_place(opened, place)
        plan = night.make_plan(opened)
        night.tell_owners(opened, plan)
        return plan


def announced(cloud: LocalCloud) -> None:
    """Owners were told, and their grace period of 7 days has passed."""
    a_night()
    cloud.clock.move(timedelta(days=8))


@contextmanager
def answering(choice: str, meanwhile: Callable[[str], object] = str) -> Iterator[None]:
    """While the block runs, a thread waits for the approval and answers it as grace, over HTTP.

    `meanwhile` is called first, with the id of the run that waits.
    """
    with ThreadPoolExecutor(1) as thread:
        answered = thread.submit(_answer, choice, meanwhile)
        yield
    assert answered.result(0) == 200


def _answer(choice: str, meanwhile: Callable[[str], object]) -> int:
    client = TestClient(create_app(apps="core"))
    grace = SimpleAuthManagerUser(username="grace", role="admin")
    client.headers["Authorization"] = f"Bearer {get_auth_manager().generate_jwt(grace)}"
    path = "/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/taskInstances/{task_id}/-1/hitlDetails"
    while True:
        open_ones = client.get(
            "/api/v2/dags/~/dagRuns/~/hitlDetails", params={"response_received": False}
        ).json()["hitl_details"]
        waiting = [one["task_instance"] for one in open_ones]
        parked = [one for one in waiting if one["state"] == "awaiting_input"]
        if parked:
            meanwhile(parked[0]["dag_run_id"])
            body = {"chosen_options": [choice], "params_input": {}}
            return client.patch(path.format(**parked[0]), json=body).status_code
