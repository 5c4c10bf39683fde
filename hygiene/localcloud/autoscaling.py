"""Application Auto Scaling for SageMaker: scalable targets, policies, scheduled actions."""

from __future__ import annotations

import uuid

from hygiene.localcloud import paging
from hygiene.localcloud.state import Ask, AwsError, Doc, RegionState, ScalingKey

VARIANT_DIMENSION = "sagemaker:variant:DesiredInstanceCount"
COMPONENT_DIMENSION = "sagemaker:inference-component:DesiredCopyCount"


def _key(params: Doc) -> ScalingKey:
    return (params["ServiceNamespace"], params["ResourceId"], params["ScalableDimension"])


def register_scalable_target(ask: Ask) -> Doc:
    """Registers or changes a target. What it scales must exist."""
    key = _key(ask.params)
    if not _exists(ask.here, key):
        raise AwsError(
            "ValidationException",
            f"Resource {key[1]} with scalable dimension {key[2]} was not found for {key[0]}.",
        )
    old = ask.here.targets.get(key, {})
    capacity = {**old, **ask.params}
    low, high = capacity.get("MinCapacity"), capacity.get("MaxCapacity")
    if low is None or high is None:
        raise AwsError("ValidationException", "Minimum and maximum capacity must be specified.")
    if low > high:
        raise AwsError(
            "ValidationException", "Maximum capacity cannot be less than minimum capacity."
        )
    account = ask.caller.account
    linked = "AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint"
    suspended = {
        "DynamicScalingInSuspended": False,
        "DynamicScalingOutSuspended": False,
        "ScheduledScalingSuspended": False,
        **old.get("SuspendedState", {}),
        **ask.params.get("SuspendedState", {}),
    }
    arn = f"arn:aws:application-autoscaling:{ask.region}:{account}:scalable-target/{_mark(key)}"
    ask.here.targets[key] = {
        **_named(key),
        "MinCapacity": low,
        "MaxCapacity": high,
        "RoleARN": f"arn:aws:iam::{account}:role/aws-service-role/"
        f"sagemaker.application-autoscaling.amazonaws.com/{linked}",
        "CreationTime": old.get("CreationTime", ask.now),
        "SuspendedState": suspended,
        "ScalableTargetARN": arn,
    }
    return {"ScalableTargetARN": arn}


def _exists(here: RegionState, key: ScalingKey) -> bool:
    namespace, resource, dimension = key
    match (namespace, *resource.split("/")):
        case ("sagemaker", "endpoint", name, "variant", variant):
            record = here.endpoints.get(name.lower())
            variants = record.variants if record and record.status != "Deleting" else []
            return dimension == VARIANT_DIMENSION and any(
                one["VariantName"] == variant for one in variants
            )
        case ("sagemaker", "inference-component", name):
            return dimension == COMPONENT_DIMENSION and name in here.components
    return False


def _mark(key: ScalingKey) -> str:
    return uuid.uuid5(uuid.NAMESPACE_OID, "/".join(key)).hex


def _named(key: ScalingKey) -> Doc:
    return {"ServiceNamespace": key[0], "ResourceId": key[1], "ScalableDimension": key[2]}


def _registered(ask: Ask) -> ScalingKey:
    key = _key(ask.params)
    if key not in ask.here.targets:
        raise AwsError(
            "ObjectNotFoundException",
            f"No scalable target registered for service namespace: {key[0]}, "
            f"resource ID: {key[1]}, scalable dimension: {key[2]}",
        )
    return key


def deregister_scalable_target(ask: Ask) -> Doc:
    """Takes a target away, with all that hangs on it."""
    ask.here.drop_target(_registered(ask))
    return {}


def describe_scalable_targets(ask: Ask) -> Doc:
    """Targets of a service, or of some of its resources."""
    wanted = ask.params.get("ResourceIds", [])
    rows = [
        doc
        for doc in ask.here.targets.values()
        if _asked(ask, doc) and (not wanted or doc["ResourceId"] in wanted)
    ]
    return _page(ask, "ScalableTargets", rows)


def _asked(ask: Ask, doc: Doc) -> bool:
    return doc["ServiceNamespace"] == ask.params["ServiceNamespace"] and (
        ask.params.get("ScalableDimension") in (None, doc["ScalableDimension"])
    )


def _page(ask: Ask, key: str, rows: list[Doc]) -> Doc:
    size = paging.limit(ask.params, "MaxResults", 50, 50)
    token = ask.params.get("NextToken")
    shown, following = paging.page(rows, token, size, "InvalidNextTokenException")
    return {key: shown, **({"NextToken": following} if following else {})}


def put_scaling_policy(ask: Ask) -> Doc:
    """Sets a policy of a registered target. No alarms are made."""
    key = _registered(ask)
    name = ask.params["PolicyName"]
    old = ask.here.policies.get((key, name), {})
    bodies = ("TargetTrackingScalingPolicyConfiguration", "StepScalingPolicyConfiguration")
    arn = (
        f"arn:aws:autoscaling:{ask.region}:{ask.caller.account}:scalingPolicy:{_mark(key)}:"
        f"resource/{key[0]}/{key[1]}:policyName/{name}"
    )
    ask.here.policies[key, name] = {
        **_named(key),
        "PolicyARN": arn,
        "PolicyName": name,
        "PolicyType": ask.params.get("PolicyType", old.get("PolicyType", "StepScaling")),
        **{body: old[body] for body in bodies if body in old},
        **{body: ask.params[body] for body in bodies if body in ask.params},
        "Alarms": [],
        "CreationTime": old.get("CreationTime", ask.now),
    }
    return {"PolicyARN": arn, "Alarms": []}


def describe_scaling_policies(ask: Ask) -> Doc:
    """Policies of a service, or of one resource."""
    wanted = ask.params.get("PolicyNames", [])
    rows = [
        doc
        for doc in ask.here.policies.values()
        if _asked(ask, doc)
        and ask.params.get("ResourceId") in (None, doc["ResourceId"])
        and (not wanted or doc["PolicyName"] in wanted)
    ]
    return _page(ask, "ScalingPolicies", rows)


def delete_scaling_policy(ask: Ask) -> Doc:
    """Takes one policy away."""
    return _remove(ask, ask.here.policies, "PolicyName", "scaling policy")


def put_scheduled_action(ask: Ask) -> Doc:
    """Sets a scheduled action of a registered target; it never fires."""
    key = _registered(ask)
    name = ask.params["ScheduledActionName"]
    old = ask.here.schedules.get((key, name), {})
    asked = ("Schedule", "Timezone", "StartTime", "EndTime", "ScalableTargetAction")
    ask.here.schedules[key, name] = {
        "CreationTime": ask.now,
        **old,
        **_named(key),
        "ScheduledActionName": name,
        "ScheduledActionARN": f"arn:aws:autoscaling:{ask.region}:{ask.caller.account}:"
        f"scheduledAction:{_mark(key)}:resource/{key[0]}/{key[1]}:scheduledActionName/{name}",
        **{one: ask.params[one] for one in asked if one in ask.params},
    }
    return {}


def describe_scheduled_actions(ask: Ask) -> Doc:
    """Scheduled actions of a service, or of one resource."""
    wanted = ask.params.get("ScheduledActionNames", [])
    rows = [
        doc
        for doc in ask.here.schedules.values()
        if _asked(ask, doc)
        and ask.params.get("ResourceId") in (None, doc["ResourceId"])
        and (not wanted or doc["ScheduledActionName"] in wanted)
    ]
    return _page(ask, "ScheduledActions", rows)


def delete_scheduled_action(ask: Ask) -> Doc:
    """Takes one scheduled action away."""
    return _remove(ask, ask.here.schedules, "ScheduledActionName", "scheduled action")


def _remove(ask: Ask, docs: dict[tuple[ScalingKey, str], Doc], name_key: str, what: str) -> Doc:
    key = (_key(ask.params), ask.params[name_key])
    if key not in docs:
        raise AwsError("ObjectNotFoundException", f"No {what} found for: {key[1]}")
    del docs[key]
    return {}
