"""Application Auto Scaling of an endpoint's variants: it vanishes with the endpoint."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from hygiene.clouds.aws.call import Answer, Failure, ask, ask_all

T = TypeVar("T")

NAMESPACE = "sagemaker"

_TARGET = ("ResourceId", "ScalableDimension", "MinCapacity", "MaxCapacity", "SuspendedState")
_POLICY = (
    "PolicyName",
    "ResourceId",
    "ScalableDimension",
    "PolicyType",
    "StepScalingPolicyConfiguration",
    "TargetTrackingScalingPolicyConfiguration",
    "PredictiveScalingPolicyConfiguration",
)
_SCHEDULED = (
    "ScheduledActionName",
    "ResourceId",
    "ScalableDimension",
    "Schedule",
    "Timezone",
    "StartTime",
    "EndTime",
    "ScalableTargetAction",
)


@dataclass(frozen=True, slots=True)
class Setting:
    """One request that brings a setting back. All of them may be sent again: they upsert."""

    method: str
    parameters: Answer

    def __str__(self) -> str:
        name = self.parameters.get("PolicyName") or self.parameters.get("ScheduledActionName")
        return f"{self.method} {self.parameters['ResourceId']}{f' {name}' if name else ''}"


def read(autoscaling: Any, endpoint: str, variants: Sequence[str]) -> tuple[Setting, ...] | Failure:
    """Every scaling setting of an endpoint's variants, in the order in which to bring them back."""
    targets = _listed(
        autoscaling,
        "describe_scalable_targets",
        "ScalableTargets",
        lambda row: Setting("register_scalable_target", _only(row, _TARGET)),
        ResourceIds=[f"endpoint/{endpoint}/variant/{variant}" for variant in variants],
    )
    if isinstance(targets, Failure):
        return targets
    found = list(targets)
    # Only a registered target has policies and scheduled actions.
    for resource in sorted({str(target.parameters["ResourceId"]) for target in targets}):
        further = _of_target(autoscaling, resource)
        if isinstance(further, Failure):
            return further
        found += further
    return tuple(found)


def _of_target(autoscaling: Any, resource: str) -> tuple[Setting, ...] | Failure:
    policies = _listed(
        autoscaling, "describe_scaling_policies", "ScalingPolicies", _policy, ResourceId=resource
    )
    if isinstance(policies, Failure):
        return policies
    for policy, alarms in policies:
        if alarms:
            return Failure(
                f"the alarms {', '.join(alarms)} call the step scaling policy "
                f"{policy.parameters['PolicyName']} by an id that it would not get again"
            )
    scheduled = _listed(
        autoscaling,
        "describe_scheduled_actions",
        "ScheduledActions",
        lambda row: Setting("put_scheduled_action", _only(row, _SCHEDULED)),
        ResourceId=resource,
    )
    if isinstance(scheduled, Failure):
        return scheduled
    return (*(policy for policy, _ in policies), *scheduled)


def put(autoscaling: Any, setting: Setting) -> Failure | None:
    """Brings one setting back."""
    return ask(
        autoscaling,
        setting.method,
        lambda _: None,
        ServiceNamespace=NAMESPACE,
        **setting.parameters,
    )


def _listed(
    autoscaling: Any, method: str, key: str, parse: Callable[[Answer], T], **parameters: Any
) -> tuple[T, ...] | Failure:
    listed = ask_all(autoscaling, method, key, parse, ServiceNamespace=NAMESPACE, **parameters)
    return listed.failure or listed.items


def _policy(row: Answer) -> tuple[Setting, tuple[str, ...]]:
    """A policy, and the alarms that somebody made to call it (target tracking makes its own)."""
    stepped = row["PolicyType"] == "StepScaling"
    alarms = tuple(str(alarm["AlarmName"]) for alarm in row.get("Alarms", []) if stepped)
    return Setting("put_scaling_policy", _only(row, _POLICY)), alarms


def _only(row: Answer, names: Sequence[str]) -> Answer:
    """The parameters that a request takes, out of what a description shows; times as text."""
    kept = {name: row[name] for name in names if name in row}
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in kept.items()
    }
