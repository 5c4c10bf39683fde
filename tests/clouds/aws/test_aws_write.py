"""Deletion and its undo, on the wire."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from hygiene.clouds.aws import endpoint
from hygiene.clouds.aws.preimage import Before
from hygiene.clouds.aws.session import assumed
from hygiene.localcloud.spec import EndpointSpec
from hygiene.model.plan import Preimage, Refused, Unanswered, Written
from hygiene.model.resource import Endpoint, Gap, Gone, ResourceRef

Spec = Callable[..., EndpointSpec]
DELETE = "delete_endpoint"


@pytest.fixture
def idle(here: Any, spec: Spec) -> ResourceRef:
    """An idle endpoint with tags, a scaling policy and a scheduled action."""
    here.seed(spec("Idle", scaling={"min": 1, "max": 4, "target": 50}))
    here.session.client("application-autoscaling").put_scheduled_action(
        ServiceNamespace="sagemaker",
        ScheduledActionName="evenings",
        ResourceId="endpoint/Idle/variant/AllTraffic",
        ScalableDimension="sagemaker:variant:DesiredInstanceCount",
        Schedule="cron(0 20 * * ? *)",
        StartTime="2031-01-01T00:00:00+00:00",
        ScalableTargetAction={"MinCapacity": 1, "MaxCapacity": 1},
    )
    here.cloud.aws.looks_in_progress = 0
    here.cloud.log.clear()
    return here.ref("Idle")


def sent(here: Any) -> list[str]:
    return [one.operation for one in here.cloud.log.mutating()]


def test_a_deletion_is_one_request(here: Any, idle: ResourceRef) -> None:
    assert here.writer().write(DELETE, idle) == Written()
    assert sent(here) == ["DeleteEndpoint"]
    assert here.look("Idle") == Gone(idle)


@pytest.mark.parametrize(
    ("kind", "result"),
    [
        ("throttle", Refused),
        ("denied", Refused),
        ("500", Unanswered),
        ("timeout", Unanswered),
        ("timeout_after", Unanswered),
        ("reset", Unanswered),
        ("reset_after", Unanswered),
    ],
)
def test_a_deletion_is_never_repeated(
    here: Any, idle: ResourceRef, kind: str, result: type, patience: Any
) -> None:
    here.cloud.faults.add("DeleteEndpoint", kind, None)
    outcome = here.writer(patience=patience).write(DELETE, idle)
    assert isinstance(outcome, result)
    assert outcome.reason
    assert sent(here) == ["DeleteEndpoint"]


def test_a_deletion_that_sagemaker_refuses(here: Any, spec: Spec) -> None:
    here.seed(spec("shared", hosting="components", components=[{"name": "a"}]))
    outcome = here.writer().write(DELETE, here.ref("shared"))
    assert isinstance(outcome, Refused)
    assert isinstance(here.look("shared"), Endpoint)


def test_credentials_of_another_account_delete_nothing(here: Any, idle: ResourceRef) -> None:
    here.seed(EndpointSpec(name="Idle", account="222222222222"))
    theirs = assumed(here.session, "arn:aws:iam::222222222222:role/hygiene-writer", "test")
    outcome = here.writer(theirs).write(DELETE, idle)
    assert isinstance(outcome, Refused)
    assert "222222222222" in outcome.reason
    assert sent(here) == []


def test_nobody_writes_who_does_not_know_where(here: Any, idle: ResourceRef) -> None:
    here.cloud.faults.add("GetCallerIdentity", "reset", None)
    assert isinstance(here.writer().write(DELETE, idle), Refused)
    assert sent(here) == []


def test_the_wiring_gets_a_writer(here: Any, idle: ResourceRef) -> None:
    writer = endpoint.writer(here.session, idle.place, here.cloud.clock)
    assert writer.write(DELETE, idle) == Written()


def test_only_its_own_verb_and_place(here: Any, idle: ResourceRef) -> None:
    writer = here.writer()
    assert isinstance(writer.write("stop_notebook", idle), Refused)
    assert isinstance(writer.undo("stop_notebook", Preimage(idle, "{}")), Refused)
    assert isinstance(writer.write(DELETE, replace(idle, region="eu-west-1")), Refused)
    assert here.cloud.log.count() == 0


def test_undo_brings_back_config_tags_and_scaling(here: Any, idle: ResourceRef) -> None:
    before, preimage = here.look("Idle"), here.reader().preimage(idle)
    assert isinstance(preimage, Preimage)
    writer = here.writer()
    assert writer.write(DELETE, idle) == Written()
    assert here.cloud.aws.region(idle.account, idle.region).targets == {}
    assert writer.undo(DELETE, preimage) == Written()
    after = here.look("Idle")
    assert (after.hosting, after.labels) == (before.hosting, before.labels)
    assert here.reader().preimage(idle) == preimage
    assert sent(here) == [
        "DeleteEndpoint",
        "CreateEndpoint",
        "RegisterScalableTarget",
        "PutScalingPolicy",
        "PutScheduledAction",
    ]


def test_undo_may_be_repeated(here: Any, idle: ResourceRef) -> None:
    preimage = here.reader().preimage(idle)
    writer = here.writer()
    assert writer.undo(DELETE, preimage) == Written()
    assert "CreateEndpoint" not in sent(here)
    assert here.reader().preimage(idle) == preimage


def test_undo_waits_for_service(here: Any, idle: ResourceRef) -> None:
    preimage = here.reader().preimage(idle)
    writer = here.writer()
    writer.write(DELETE, idle)
    here.cloud.aws.looks_in_progress = 3
    assert writer.undo(DELETE, preimage) == Written()
    assert here.look("Idle").state == "serving"


def test_undo_says_what_is_left(here: Any, idle: ResourceRef) -> None:
    preimage = here.reader().preimage(idle)
    writer = here.writer()
    writer.write(DELETE, idle)
    here.cloud.faults.add("PutScalingPolicy", "denied", 1)
    outcome = writer.undo(DELETE, preimage)
    assert isinstance(outcome, Unanswered)
    assert "put_scaling_policy endpoint/Idle/variant/AllTraffic Idle-invocations" in outcome.reason
    assert "put_scheduled_action" in outcome.reason
    assert writer.undo(DELETE, preimage) == Written()
    assert here.reader().preimage(idle) == preimage


def test_undo_that_never_serves(here: Any, idle: ResourceRef) -> None:
    preimage = here.reader().preimage(idle)
    writer = here.writer()
    writer.write(DELETE, idle)
    here.cloud.aws.looks_in_progress = 99
    outcome = writer.undo(DELETE, preimage)
    assert isinstance(outcome, Unanswered)
    assert "does not serve yet" in outcome.reason


@pytest.mark.parametrize(("kind", "result"), [("denied", Refused), ("timeout", Unanswered)])
def test_undo_that_is_not_created(
    here: Any, idle: ResourceRef, kind: str, result: type, patience: Any
) -> None:
    preimage = here.reader().preimage(idle)
    writer = here.writer(patience=patience)
    writer.write(DELETE, idle)
    here.cloud.faults.add("CreateEndpoint", kind, None)
    assert isinstance(writer.undo(DELETE, preimage), result)
    assert sent(here) == ["DeleteEndpoint", "CreateEndpoint"]


def test_undo_that_cannot_look_creates_nothing(here: Any, idle: ResourceRef) -> None:
    preimage = here.reader().preimage(idle)
    here.cloud.faults.add("DescribeEndpoint", "500", None)
    assert isinstance(here.writer().undo(DELETE, preimage), Refused)
    assert sent(here) == []


def test_undo_leaves_somebody_elses_endpoint_alone(here: Any, idle: ResourceRef) -> None:
    preimage = here.reader().preimage(idle)
    before = replace(Before.from_json(preimage.body), config="another-config")
    other = Preimage(idle, before.to_json())
    outcome = here.writer().undo(DELETE, other)
    assert isinstance(outcome, Refused)
    assert "somebody else" in outcome.reason
    assert sent(here) == []


@pytest.mark.parametrize("status", ["Deleting", "Failed"])
def test_undo_over_something_that_is_not_usable(here: Any, idle: ResourceRef, status: str) -> None:
    preimage = here.reader().preimage(idle)
    here.cloud.set_status("Idle", status)
    outcome = here.writer().undo(DELETE, preimage)
    assert isinstance(outcome, Refused)
    assert status in outcome.reason
    assert sent(here) == []


def test_tags_that_aws_gives_itself_are_not_given_again(here: Any, idle: ResourceRef) -> None:
    here.session.client("sagemaker").add_tags(
        ResourceArn=idle.id, Tags=[{"Key": "aws:cloudformation:stack-name", "Value": "s"}]
    )
    preimage = here.reader().preimage(idle)
    writer = here.writer()
    writer.write(DELETE, idle)
    assert writer.undo(DELETE, preimage) == Written()
    assert here.look("Idle").labels == (("owner", "ada@example.com"),)


def test_what_alarms_call_by_its_id_cannot_be_undone(here: Any, idle: ResourceRef) -> None:
    """A step scaling policy gets another id when it is made again; the alarms know the old one."""
    here.session.client("application-autoscaling").put_scaling_policy(
        ServiceNamespace="sagemaker",
        PolicyName="steps",
        PolicyType="StepScaling",
        ResourceId="endpoint/Idle/variant/AllTraffic",
        ScalableDimension="sagemaker:variant:DesiredInstanceCount",
        StepScalingPolicyConfiguration={
            "AdjustmentType": "ChangeInCapacity",
            "StepAdjustments": [{"MetricIntervalLowerBound": 0, "ScalingAdjustment": 1}],
        },
    )
    assert isinstance(here.reader().preimage(idle), Preimage)
    policies = here.cloud.aws.region(idle.account, idle.region).policies.values()
    for policy in policies:
        policy["Alarms"] = [{"AlarmName": "queue-grows", "AlarmARN": "arn:aws:cloudwatch:x"}]
    gap = here.reader().preimage(idle)
    assert isinstance(gap, Gap)
    assert "queue-grows call the step scaling policy steps" in gap.reason


def test_nothing_in_flux_has_a_preimage(here: Any, idle: ResourceRef) -> None:
    here.cloud.set_status("Idle", "Updating")
    assert here.reader().preimage(idle).reason == "cannot be undone: it is Updating"


@pytest.mark.parametrize("body", ["", "{}", "[]", '{"version": 2}', "null"])
def test_undo_of_what_is_no_preimage(here: Any, idle: ResourceRef, body: str) -> None:
    assert isinstance(here.writer().undo(DELETE, Preimage(idle, body)), Refused)
    assert sent(here) == []
