"""Application Auto Scaling as a client sees it."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

TARGET = {
    "ServiceNamespace": "sagemaker",
    "ResourceId": "endpoint/one/variant/AllTraffic",
    "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
}
TRACKING = {
    "PolicyType": "TargetTrackingScaling",
    "TargetTrackingScalingPolicyConfiguration": {
        "TargetValue": 70.0,
        "PredefinedMetricSpecification": {
            "PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"
        },
    },
}


@pytest.fixture
def scaling(client) -> Any:
    return client("application-autoscaling")


def _described(scaling) -> tuple[list[Any], list[Any], list[Any]]:
    asked = {"ServiceNamespace": "sagemaker"}
    return (
        scaling.describe_scalable_targets(**asked)["ScalableTargets"],
        scaling.describe_scaling_policies(**asked)["ScalingPolicies"],
        scaling.describe_scheduled_actions(**asked)["ScheduledActions"],
    )


def test_what_is_put_is_described_and_goes_with_its_target(seed, scaling) -> None:
    seed()
    scaling.register_scalable_target(**TARGET, MinCapacity=1, MaxCapacity=4)
    scaling.put_scaling_policy(**TARGET, PolicyName="p", **TRACKING)
    action = {"MinCapacity": 0, "MaxCapacity": 1}
    scaling.put_scheduled_action(
        **TARGET,
        ScheduledActionName="nights",
        Schedule="cron(0 20 * * ? *)",
        Timezone="Europe/Berlin",
        ScalableTargetAction=action,
    )
    (target,), (policy,), (schedule,) = _described(scaling)
    assert (target["MinCapacity"], target["MaxCapacity"]) == (1, 4)
    assert target["SuspendedState"]["ScheduledScalingSuspended"] is False
    assert {key: policy[key] for key in TRACKING} == TRACKING
    assert (schedule["ScalableTargetAction"], schedule["Timezone"]) == (action, "Europe/Berlin")
    scaling.deregister_scalable_target(**TARGET)
    assert _described(scaling) == ([], [], [])


def test_registering_again_changes_what_is_given(seed, scaling) -> None:
    seed()
    scaling.register_scalable_target(**TARGET, MinCapacity=1, MaxCapacity=4)
    scaling.register_scalable_target(
        **TARGET, MaxCapacity=9, SuspendedState={"DynamicScalingInSuspended": True}
    )
    (target,), _, _ = _described(scaling)
    assert (target["MinCapacity"], target["MaxCapacity"]) == (1, 9)
    assert target["SuspendedState"]["DynamicScalingInSuspended"] is True


@pytest.mark.parametrize(
    "change",
    [
        {"ResourceId": "endpoint/nobody/variant/AllTraffic"},
        {"ResourceId": "endpoint/one/variant/other"},
        {"ResourceId": "inference-component/nobody"},
        {"MinCapacity": 5},
        {"ScalableDimension": "sagemaker:inference-component:DesiredCopyCount"},
    ],
)
def test_refuses_what_does_not_exist_or_fit(seed, scaling, change) -> None:
    seed()
    with pytest.raises(ClientError, match="ValidationException"):
        scaling.register_scalable_target(**{**TARGET, "MinCapacity": 1, "MaxCapacity": 4, **change})


def test_needs_both_bounds_at_first(seed, scaling) -> None:
    seed()
    with pytest.raises(ClientError, match="ValidationException"):
        scaling.register_scalable_target(**TARGET, MinCapacity=1)


def test_without_a_target_there_is_nothing_to_put_or_take(seed, scaling) -> None:
    seed()
    for call in (
        lambda: scaling.put_scaling_policy(**TARGET, PolicyName="p", **TRACKING),
        lambda: scaling.put_scheduled_action(**TARGET, ScheduledActionName="s", Schedule="at(x)"),
        lambda: scaling.deregister_scalable_target(**TARGET),
        lambda: scaling.delete_scaling_policy(**TARGET, PolicyName="p"),
        lambda: scaling.delete_scheduled_action(**TARGET, ScheduledActionName="s"),
    ):
        with pytest.raises(ClientError, match="ObjectNotFoundException"):
            call()


def test_components_scale_too(seed, scaling) -> None:
    seed(hosting="components", components=[{"name": "llama"}])
    scaling.register_scalable_target(
        ServiceNamespace="sagemaker",
        ResourceId="inference-component/one-llama",
        ScalableDimension="sagemaker:inference-component:DesiredCopyCount",
        MinCapacity=0,
        MaxCapacity=2,
    )
    assert len(_described(scaling)[0]) == 1


def test_describes_fifty_a_page_and_by_resource(seed, scaling) -> None:
    seed("many", repeat=60, scaling={"min": 1, "max": 2, "target": 10})
    asked = {"ServiceNamespace": "sagemaker"}
    first = scaling.describe_scalable_targets(**asked)
    rest = scaling.describe_scalable_targets(**asked, NextToken=first["NextToken"])
    assert (len(first["ScalableTargets"]), len(rest["ScalableTargets"])) == (50, 10)
    wanted = "endpoint/many-0007/variant/AllTraffic"
    (one,) = scaling.describe_scalable_targets(**asked, ResourceIds=[wanted])["ScalableTargets"]
    assert one["ResourceId"] == wanted
    (policy,) = scaling.describe_scaling_policies(**asked, ResourceId=wanted)["ScalingPolicies"]
    assert policy["PolicyName"] == "many-0007-invocations"
