"""Every request this room may send, with the permission it needs: nothing else passes the wire.

The allow-list of a session and the IAM policies are both made from these declarations.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Condition:
    """One IAM condition, such as `StringEquals` on a key with a value."""

    operator: str
    key: str
    value: str


@dataclass(frozen=True, slots=True)
class Permission:
    """An IAM action on resources (ARN patterns), as narrow as the action can be granted."""

    action: str
    resources: tuple[str, ...] = ("*",)
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """One API operation; `service` is spelt as in botocore's events.

    `needs` is every permission that AWS asks of the caller; empty where it asks for none.
    """

    service: str
    name: str
    needs: tuple[Permission, ...] = ()


_ENDPOINT = "arn:aws:sagemaker:*:*:endpoint/*"
_ENDPOINT_CONFIG = "arn:aws:sagemaker:*:*:endpoint-config/*"
_MODEL = "arn:aws:sagemaker:*:*:model/*"
_SCALABLE_TARGET = "arn:aws:application-autoscaling:*:*:scalable-target/*"
_TRACKING_ALARM = "arn:aws:cloudwatch:*:*:alarm:TargetTracking-endpoint/*"

KEEP_TAG = "aws:ResourceTag/keep"
"""The condition key of the tag that even a stolen writer session cannot delete past."""

_OF_SAGEMAKER = (
    Condition("StringEquals", "application-autoscaling:service-namespace", "sagemaker"),
)


def _sagemaker(name: str, *resources: str) -> Operation:
    return Operation("sagemaker", name, (Permission(f"sagemaker:{name}", resources or ("*",)),))


def _elsewhere(service: str, prefix: str, name: str) -> Operation:
    return Operation(service, name, (Permission(f"{prefix}:{name}"),))


READS: tuple[Operation, ...] = (
    Operation("sts", "GetCallerIdentity"),
    _sagemaker("ListEndpoints"),
    _sagemaker("ListInferenceComponents"),
    _sagemaker("DescribeEndpoint", _ENDPOINT),
    _sagemaker("DescribeEndpointConfig", _ENDPOINT_CONFIG),
    _sagemaker("DescribeModel", _MODEL),
    _sagemaker("ListTags", _ENDPOINT),
    _elsewhere("cloudwatch", "cloudwatch", "ListMetrics"),
    _elsewhere("cloudwatch", "cloudwatch", "GetMetricData"),
    _elsewhere("resource-groups-tagging-api", "tag", "GetResources"),
    _elsewhere("application-auto-scaling", "application-autoscaling", "DescribeScalableTargets"),
    _elsewhere("application-auto-scaling", "application-autoscaling", "DescribeScalingPolicies"),
    _elsewhere("application-auto-scaling", "application-autoscaling", "DescribeScheduledActions"),
)

WRITES: tuple[Operation, ...] = (
    Operation(
        "sagemaker",
        "DeleteEndpoint",
        (
            Permission(
                "sagemaker:DeleteEndpoint", (_ENDPOINT,), (Condition("Null", KEEP_TAG, "true"),)
            ),
        ),
    ),
    Operation(
        "sagemaker",
        "CreateEndpoint",
        (
            Permission("sagemaker:CreateEndpoint", (_ENDPOINT, _ENDPOINT_CONFIG)),
            # The tags of a new endpoint, and of nothing that is there already.
            Permission(
                "sagemaker:AddTags",
                (_ENDPOINT,),
                (Condition("StringEquals", "sagemaker:TaggingAction", "CreateEndpoint"),),
            ),
        ),
    ),
    Operation(
        "application-auto-scaling",
        "RegisterScalableTarget",
        (
            Permission(
                "application-autoscaling:RegisterScalableTarget", (_SCALABLE_TARGET,), _OF_SAGEMAKER
            ),
            # Whoever registers a variant must be allowed to do what the scaling will do to it.
            Permission("sagemaker:UpdateEndpointWeightsAndCapacities", (_ENDPOINT,)),
        ),
    ),
    Operation(
        "application-auto-scaling",
        "PutScalingPolicy",
        (
            Permission(
                "application-autoscaling:PutScalingPolicy", (_SCALABLE_TARGET,), _OF_SAGEMAKER
            ),
            # Target tracking creates its own alarms, in the name of the caller.
            Permission("cloudwatch:DescribeAlarms"),
            Permission("cloudwatch:PutMetricAlarm", (_TRACKING_ALARM,)),
        ),
    ),
    Operation(
        "application-auto-scaling",
        "PutScheduledAction",
        (
            Permission(
                "application-autoscaling:PutScheduledAction", (_SCALABLE_TARGET,), _OF_SAGEMAKER
            ),
        ),
    ),
)
