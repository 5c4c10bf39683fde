"""A campaign waits for a person, and does what that person saw."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from airflow.models.hitl import HITLDetail
from airflow.models.taskinstance import TaskInstance
from airflow.models.xcom import XComModel
from airflow.utils.session import create_session
from airflow_runs import IDLE, announced, answering, history, newest_plan, run
from sqlalchemy import select, update

from hygiene import settings, wiring
from hygiene.localcloud.cloud import LocalCloud
from hygiene.model.entry import Approved

pytestmark = pytest.mark.usefixtures("database", "estate")


def approvals() -> list[Approved]:
    return [entry for entry in history().entries if isinstance(entry, Approved)]


def question(run_id: str) -> HITLDetail:
    """What the person is shown."""
    asked = select(HITLDetail).join(TaskInstance).where(TaskInstance.run_id == run_id)
    with create_session() as session:
        return session.scalars(asked).one()


def test_an_approved_campaign_is_applied_under_the_name_of_whoever_approved(
    cloud: LocalCloud,
) -> None:
    announced(cloud)
    shown: list[HITLDetail] = []
    form = {"dry_run": False, "reason": "spring `\n- **Changes:** 0", "tags": ["team=ranking"]}
    with answering("Approve", meanwhile=lambda run_id: shown.append(question(run_id))):
        ran = run("hygiene_campaign", **form)

    plan = newest_plan()
    assert shown[0].subject == f"Approve {plan.id}?"
    assert shown[0].body.splitlines() == [
        "- **Changes:** 1; 1 are due now, 0 are in their grace period",
        "- **Saves:** 83.95 USD a month; 0 have no price",
        "- **Held, and no part of this:** 0",
        f"- **Digest:** `{plan.digest}`",
        "",
        f"- delete_endpoint `{plan.changes[0].ref.id}`",
        "",
        "Reason: `spring ' - **Changes:** 0`",
    ]
    assert set(ran.tasks.values()) == {"success"}
    assert [one.resource for one in cloud.log.mutating()] == [IDLE]
    (approved,) = approvals()
    assert (approved.by, approved.digest) == ("grace", plan.digest)
    assert approved.until == approved.at + timedelta(hours=24)


def test_a_rejected_campaign_changes_nothing(cloud: LocalCloud) -> None:
    announced(cloud)
    with answering("Reject"):
        ran = run("hygiene_campaign", dry_run=False)

    assert ran.state == "success"
    assert ran.task("approve") == "success"
    assert ran.task("apply_approved") == ran.task("report") == "skipped"
    assert (approvals(), cloud.log.mutating()) == ([], ())


def test_another_plan_than_the_one_shown_is_not_applied(cloud: LocalCloud) -> None:
    announced(cloud)

    def swap_plan(run_id: str) -> None:
        shown = newest_plan()
        (change,) = shown.changes
        other = replace(shown, id="plan-other", changes=(replace(change, mode="report"),))
        with wiring.opened(settings.read()) as opened:
            opened.ledger.keep_plan(other)
        of_plan = (XComModel.run_id == run_id) & (XComModel.task_id == "plan")
        with create_session() as session:
            session.execute(update(XComModel).where(of_plan).values(value="plan-other"))

    with answering("Approve", meanwhile=swap_plan):
        ran = run("hygiene_campaign", dry_run=False)

    assert ran.xcom["plan", "return_value"] == "plan-other"
    assert ran.xcom["apply_approved", "return_value"] == 0
    assert cloud.log.mutating() == ()


def test_nobody_is_asked_about_a_dry_run(cloud: LocalCloud) -> None:
    ran = run("hygiene_campaign", minimum_usd=10)

    assert ran.task("decide") == ran.task("approve") == ran.task("apply_approved") == "skipped"
    assert len(newest_plan().changes) == 1
    assert (approvals(), cloud.log.mutating()) == ([], ())
