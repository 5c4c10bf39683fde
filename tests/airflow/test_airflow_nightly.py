"""The nightly run on the local cloud, and the apply run that its asset starts."""

from __future__ import annotations

import json

import pytest
from airflow.providers.amazon.aws.hooks.base_aws import AwsBaseHook
from airflow_runs import (
    IDLE,
    MINE,
    THEIRS,
    Estate,
    a_night,
    announced,
    history,
    newest_plan,
    run,
    run_on_event,
)

from hygiene.localcloud.cloud import LocalCloud
from hygiene.model.resource import Place

pytestmark = pytest.mark.usefixtures("database")


def test_a_dry_run_plans_around_its_gaps_and_changes_nothing(
    cloud: LocalCloud, estate: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = {"id": THEIRS, "regions": ["us-east-1"], "reader_connection": "their_reader"}
    # The estate lets scheduled runs write: a run by hand asks its own form.
    estate.of({"id": MINE, "regions": ["us-east-1", "eu-central-1"]}, theirs, nightly_writes=True)
    announced(cloud)
    cloud.log.clear()
    cloud.faults.add("ListEndpoints", "denied", None, region="eu-central-1")
    monkeypatch.setenv("AIRFLOW_CONN_THEIR_READER", "aws://key:swordfish@")

    def killed(hook: AwsBaseHook) -> None:
        raise MemoryError("out of memory, and swordfish was in it")

    monkeypatch.setattr(AwsBaseHook, "get_session", killed)

    ran = run("hygiene_nightly")

    assert {label: state for (task, label), state in ran.tasks.items() if task == "scan"} == {
        f"aws {MINE} us-east-1": "success",
        f"aws {MINE} eu-central-1": "success",
        f"aws {THEIRS} us-east-1": "failed",
    }
    plan = newest_plan()
    assert [plan.status(change) for change in plan.changes] == ["due"]
    assert [change.ref.name for change in plan.changes] == [IDLE]
    dark = {gap.place for gap in plan.gaps}
    assert dark == {Place("aws", MINE, "eu-central-1"), Place("aws", THEIRS, "us-east-1")}

    # What travels through Airflow are ids and counts.
    assert ran.events == [{"plan_id": plan.id, "digest": plan.digest, "writes": False}]
    places = ran.xcom.pop(("places", "return_value"))
    assert sorted(places) == sorted(label for task, label in ran.tasks if task == "scan")
    assert ran.xcom.pop(("plan", "return_value")) == plan.id
    assert all(isinstance(value, int) for value in ran.xcom.values()), ran.xcom

    posted = json.dumps([message.blocks for message in cloud.slack.messages])
    assert "The cloud hygiene bot failed" in posted
    assert f"task scan [aws {THEIRS} us-east-1]" in posted
    assert "swordfish" not in posted
    assert plan.digest[:19] in posted

    applied = run_on_event(ran.event_ids[0], monkeypatch)
    assert set(applied.tasks.values()) == {"skipped"}
    assert cloud.log.mutating() == ()
    assert IDLE in cloud.names()


def test_a_run_that_asks_to_write_deletes_what_was_announced_once(
    cloud: LocalCloud, estate: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    announced(cloud)
    ran = run("hygiene_nightly", dry_run=False)
    assert cloud.log.mutating() == (), "the run that scans has no Writer"

    first = run_on_event(ran.event_ids[0], monkeypatch)
    again = run_on_event(ran.event_ids[0], monkeypatch)

    assert [one.resource for one in cloud.log.mutating()] == [IDLE]
    assert set(first.tasks.values()) == set(again.tasks.values()) == {"success"}
    assert (first.xcom["apply", "return_value"], again.xcom["apply", "return_value"]) == (1, 0)
    done = [intent for intent, _ in history().done()]
    assert [intent.run_id for intent in done] == [f"hygiene_apply:{first.run_id}"]


def test_nothing_is_deleted_within_the_grace_period(cloud: LocalCloud, estate: Estate) -> None:
    plan = a_night()
    assert [plan.status(change) for change in plan.changes] == ["waiting"]

    ran = run("hygiene_apply", plan=plan.id, digest=plan.digest, dry_run=False)

    assert set(ran.tasks.values()) == {"success"}
    assert cloud.log.mutating() == ()


def test_a_change_that_fails_fails_its_task_and_is_reported_all_the_same(
    cloud: LocalCloud, estate: Estate
) -> None:
    announced(cloud)
    plan = a_night()
    cloud.faults.add("DeleteEndpoint", "denied", None)

    ran = run("hygiene_apply", plan=plan.id, digest=plan.digest, dry_run=False)

    assert (ran.task("apply"), ran.task("verify"), ran.task("report")) == (
        "failed",
        "success",
        "success",
    )
    assert len(cloud.log.of("DeleteEndpoint")) == 1, "a refused write is not repeated at once"
    posted = json.dumps([message.blocks for message in cloud.slack.messages])
    assert "1 of 1 changes failed" in posted


def test_without_its_writer_connection_nothing_is_changed_with_the_workers_own_rights(
    cloud: LocalCloud, estate: Estate
) -> None:
    announced(cloud)
    plan = a_night()
    estate.of({"id": MINE, "regions": ["us-east-1"], "writer_connection": "hygiene_writer"})

    ran = run("hygiene_apply", plan=plan.id, digest=plan.digest, dry_run=False)

    assert ran.xcom["apply", "return_value"] == 0
    assert cloud.log.mutating() == ()
